"""The text kernels against their twin: any texts, of any length, null, cut out of a longer column."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.columns.buffers import buffers_of
from calc.columns.contract import DEPOSITS
from calc.columns.parsed import Parsed
from calc.columns.parsers import PARSERS
from calc.columns.texts import blank, word_codes
from calc.errors import Reason
from calc.kernels import text_views as kernels
from tests.reference import text_views as twin

WORDS = ("gas", "twelve bytes", "thirteen byte", "electric", "é", "construction_advance")
NEAR = [
    "ga",
    "gas ",
    "Gas",
    "twelve bytez",
    "thirteen bytE",
    "constructionXadvance",
    "",
    " ",
    "\t\n",
    "\u00a0",
    "\x00",
    "\x1c",
    "\u2003",
]
TEXTS = st.lists(st.none() | st.sampled_from([*WORDS, *NEAR]) | st.text(max_size=15), max_size=30)


@settings(deadline=None)
@given(TEXTS, st.integers(0, 3), st.integers(0, 3))
def test_words_and_blanks_are_those_of_the_twin(texts: list[str | None], before: int, after: int) -> None:
    column = pl.Series([*["gas"] * before, *texts, *[None] * after], dtype=pl.String).slice(before, len(texts))
    assert word_codes(column, WORDS).tolist() == twin.word_codes(texts, WORDS)
    assert blank(column).tolist() == twin.blank(texts)


@settings(deadline=None)
@given(TEXTS)
def test_every_text_that_could_be_blank_is_suspected(texts: list[str | None]) -> None:
    suspects = np.empty(len(texts), dtype=np.bool_)
    kernels.blank_suspects(*buffers_of(pl.Series(texts, dtype=pl.String)), suspects)
    assert suspects.tolist() == twin.may_be_blank(texts)


@settings(deadline=None)
@given(TEXTS)
def test_every_text_that_could_have_a_blank_at_an_edge_is_suspected(texts: list[str | None]) -> None:
    suspects = np.empty(len(texts), dtype=np.bool_)
    kernels.edge_suspects(*buffers_of(pl.Series(texts, dtype=pl.String)), suspects)
    assert suspects.tolist() == twin.may_have_edge_blanks(texts, kernels.INLINE_BYTES)


def test_short_words_are_settled_by_their_views() -> None:
    texts = ["electric", None, "gas", "gas works", "twelve bytes"]
    codes = np.empty(len(texts), dtype=np.int8)
    words = buffers_of(pl.Series(["gas", "electric", "twelve bytes"])).values
    kernels.word_codes(*buffers_of(pl.Series(texts)), words, codes)
    assert codes.tolist() == [1, kernels.UNSETTLED, 0, kernels.UNSETTLED, 2]


def test_texts_of_another_form_are_refused() -> None:
    with pytest.raises(TypeError, match="double"):
        buffers_of(pl.Series([1.0, 2.0]))


PLAIN = st.from_regex(r"-?[0-9]{1,13}(\.[0-9]{0,4})?", fullmatch=True) | st.sampled_from(
    [
        "-0",
        "-0.00",
        "007",
        ".5",
        "5.",
        "1e3",
        "+1",
        "--1",
        "-",
        ".",
        "1.2.3",
        "1-2",
        " 1",
        "1 ",
        "0.001",
        "",
        "٣",
        "NaN",
    ]
)
NUMBERS = st.lists(st.none() | PLAIN | st.text(max_size=15), max_size=30)
DATES = st.lists(
    st.none()
    | st.dates().map(str)
    | st.from_regex(r"(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]", fullmatch=True)
    | st.sampled_from(["2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "2024-2-1", "2024/02/01", "2024-04-31"])
    | st.text(max_size=12),
    max_size=30,
)
LEAST, MOST = -5_000, 10**12
FIRST, LAST = date(1955, 1, 1), date(2100, 12, 31)
MISSING = -1


def read_number(text: str | None, decimals: int, *, nullable: bool) -> int | None:
    """A plain number within bounds, as Decimal has it; None where the kernel must leave it open."""
    if text is None:
        return MISSING if nullable else None
    found = re.fullmatch(r"-?[0-9]+(?:\.([0-9]+))?", text, re.ASCII)
    if found is None or len(text) > kernels.INLINE_BYTES or len(found[1] or "") > decimals:
        return None
    number = int(Decimal(text).scaleb(decimals))
    return number if LEAST <= number <= MOST else None


def read_date(text: str | None, *, nullable: bool) -> int | None:
    """The epoch day of a date within bounds, as datetime has it; None where the kernel must leave it open."""
    if text is None:
        return MISSING if nullable else None
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return (day - date(1970, 1, 1)).days if FIRST <= day <= LAST else None


@settings(deadline=None)
@given(NUMBERS, st.sampled_from([0, 2]), st.booleans(), st.integers(0, 3))
def test_plain_numbers_are_read_and_all_others_left_open(
    texts: list[str | None], decimals: int, nullable: bool, before: int
) -> None:
    column = pl.Series(["1"] * before + texts, dtype=pl.String).slice(before)
    numbers, open_rows = np.empty(len(texts), dtype=np.int64), np.empty(len(texts), dtype=np.bool_)
    views = buffers_of(column)
    kernels.plain_numbers(*views, decimals, LEAST, MOST, MISSING, nullable, numbers, open_rows)
    expected = [read_number(text, decimals, nullable=nullable) for text in texts]
    assert open_rows.tolist() == [number is None for number in expected]
    assert numbers.tolist() == [MISSING if number is None else number for number in expected]


@settings(deadline=None)
@given(DATES, st.booleans(), st.integers(0, 3))
def test_dates_are_read_and_all_others_left_open(texts: list[str | None], nullable: bool, before: int) -> None:
    column = pl.Series(["2024-01-01"] * before + texts, dtype=pl.String).slice(before)
    days, open_rows = np.empty(len(texts), dtype=np.int32), np.empty(len(texts), dtype=np.bool_)
    bounds = ((day - date(1970, 1, 1)).days for day in (FIRST, LAST))
    kernels.plain_dates(*buffers_of(column), *bounds, MISSING, nullable, days, open_rows)
    expected = [read_date(text, nullable=nullable) for text in texts]
    assert open_rows.tolist() == [day is None for day in expected]
    assert days.tolist() == [MISSING if day is None else day for day in expected]


def test_every_date_of_the_calendar() -> None:
    every = [FIRST + timedelta(days) for days in range((LAST - FIRST).days + 1)]
    days, open_rows = np.empty(len(every), dtype=np.int32), np.empty(len(every), dtype=np.bool_)
    first, last = ((day - date(1970, 1, 1)).days for day in (FIRST, LAST))
    column = pl.Series(list(map(str, every)))
    kernels.plain_dates(*buffers_of(column), first, last, MISSING, False, days, open_rows)
    assert not open_rows.any()
    assert days.tolist() == list(range(first, last + 1))


def all_open(*arguments: Any) -> None:  # noqa: ANN401 - as a kernel is called
    """A kernel that settles no row."""
    arguments[-1][:] = True


def by_reason(parsed: Parsed) -> dict[Reason, list[int]]:
    found: dict[Reason, list[int]] = {}
    for reason, places in parsed.refused:
        found.setdefault(reason, []).extend(places.tolist())
    return {reason: sorted(places) for reason, places in found.items() if places}


FLAGS = ["true", "TRUE", "False", "false", "tRuE", "", " ", "yes", "t", None]


@settings(deadline=None)
@given(st.lists(st.sampled_from(FLAGS), max_size=20))
def test_flags_are_read_whatever_their_case(texts: list[str | None]) -> None:
    column = DEPOSITS.column("efforts_made")
    found = PARSERS[column.holds](pl.Series("efforts_made", texts, dtype=pl.String), column)
    words = [(text or "").strip().lower() for text in texts]
    assert [bool(value) for value in found.values] == [word != "false" for word in words]  # by default true
    wrong = [place for place, word in enumerate(words) if word not in {"true", "false", ""}]
    assert by_reason(found) == ({Reason.unknown_value: wrong} if wrong else {})


@pytest.mark.parametrize("name", ["principal", "principal_cents", "received_date", "paid_date", "posted"])
@settings(deadline=None, max_examples=30)
@given(texts=st.one_of(NUMBERS, DATES))
def test_a_column_is_parsed_alike_with_and_without_the_kernels(name: str, texts: list[str | None]) -> None:
    """Row by row as text of any form, whose reasons were tested before there were kernels for plain ones."""
    frame = pl.DataFrame({name: texts}, schema={name: pl.String})
    (column,) = (each for each in DEPOSITS.columns if name in each.names)
    found = PARSERS[column.holds](frame[name], column)
    with pytest.MonkeyPatch.context() as patch:
        for kernel in ("plain_numbers", "plain_dates"):
            patch.setattr(kernels, kernel, all_open)
        expected = PARSERS[column.holds](frame[name], column)
    assert found.values.tolist() == expected.values.tolist()
    if not column.nullable:
        assert found.blank.tolist() == expected.blank.tolist()
    assert by_reason(found) == by_reason(expected)
