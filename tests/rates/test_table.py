from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from calc.errors import InputError, RatesMissingError
from calc.rates.computing import table
from calc.rates.computing.table import RateRow, RateTable, load_rate_table
from calc.rates.register.published import PublishedRate
from calc.units import FIRST_DAY, LAST_DAY, to_day
from tests.rates.by_hand import RULE, check_rows, series_of


def row(day: date, rate_ppm: int) -> RateRow:
    return RateRow(day, rate_ppm, "given", day, "by hand")


def letter(day: date, rate_ppm: int, known_on: date | None = None) -> PublishedRate:
    return PublishedRate(day, rate_ppm, known_on or day, "the Commission", "a letter", "the rate is ...")


def in_percent(rate_ppm: int) -> str:
    return f"{rate_ppm // 10_000}.{rate_ppm % 10_000 // 100:02d}"


@pytest.mark.parametrize("switches", [{}, {"published_override": False}])
def test_shipped_table_holds_every_year_of_the_reference(switches: dict[str, bool]) -> None:
    rows = load_rate_table(replace(RULE, **switches)).rows  # type: ignore[arg-type]  # the one switch is a bool
    assert [(str(row.effective_from), in_percent(row.rate_ppm)) for row in rows] == [
        (f"{check['calendar_year']}-01-01", check["rate_percent"]) for check in check_rows()
    ]
    assert len(rows) == 38


def test_sources_of_the_shipped_table() -> None:
    shipped = load_rate_table(RULE)
    sources = {row.effective_from.year: row.source for row in shipped.rows}
    assert [year for year, source in sources.items() if source == "published"] == [2011, 2012, 2013, 2014, 2023, 2024]
    assert [year for year, source in sources.items() if source == "provisional"] == [2027]
    assert shipped.provisional_from_day == to_day(date(2027, 1, 1))
    assert (shipped.first_day, shipped.end_day) == (to_day(date(1990, 1, 1)), to_day(date(2028, 1, 1)))
    assert all(not row.note for row in shipped.rows)
    assert "GS1" in shipped.rows[0].provenance
    assert "For calendar year 2024, the rate will be 4.93%." in shipped.rows[34].provenance


@pytest.mark.parametrize(
    ("known_on", "last_year", "rate_ppm", "source"),
    [
        (date(2023, 9, 30), 2023, 16900, "published"),
        (date(2023, 10, 1), 2024, 49300, "computed"),
        (date(2024, 1, 1), 2024, 49300, "published"),
        (date(2022, 12, 31), 2023, 16900, "computed"),
        (date(1989, 10, 1), 1990, 87100, "computed"),
        (date(2026, 10, 1), 2027, 37800, "provisional"),
    ],
)
def test_known_on_takes_what_was_known_then(known_on: date, last_year: int, rate_ppm: int, source: str) -> None:
    last = load_rate_table(RULE, known_on=known_on).rows[-1]
    assert (last.effective_from, last.rate_ppm, last.source) == (date(last_year, 1, 1), rate_ppm, source)


def test_before_the_first_window_closed_nothing_was_known() -> None:
    with pytest.raises(RatesMissingError, match="1989-09-30"):
        load_rate_table(RULE, known_on=date(1989, 9, 30))


def test_published_rate_replaces_the_computed_one_and_both_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "shipped_published", lambda: (letter(date(2001, 1, 1), 42000),))
    rows = load_rate_table(RULE, series=series_of(2000, 4800, 6000, 6000)).rows
    assert [(row.rate_ppm, row.source) for row in rows] == [
        (40000, "computed"),
        (42000, "published"),
        (50000, "computed"),
    ]
    assert "4.20" in rows[1].note
    assert "5.00" in rows[1].note
    off = load_rate_table(replace(RULE, published_override=False), series=series_of(2000, 4800, 6000)).rows
    assert (off[1].rate_ppm, off[1].source) == (50000, "computed")
    assert "4.20" in off[1].note


def test_alternative_date_is_a_row_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "shipped_published", lambda: (letter(date(2000, 3, 1), 41000),))
    found = load_rate_table(RULE, series=series_of(2000, 4800, 4800))
    assert [(row.effective_from, row.rate_ppm) for row in found.rows] == [
        (date(2000, 1, 1), 40000),
        (date(2000, 3, 1), 41000),
        (date(2001, 1, 1), 41000),
    ]
    assert found.end_date == date(2002, 1, 1)


def test_letter_for_the_year_behind_the_last_window_extends_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "shipped_published", lambda: (letter(date(2001, 1, 1), 41000, date(2000, 12, 1)),))
    assert load_rate_table(RULE, series=series_of(2000, 4800)).end_date == date(2002, 1, 1)
    assert load_rate_table(RULE, series=series_of(2000, 4800), known_on=date(2000, 11, 30)).end_date == date(2001, 1, 1)


def test_year_without_a_rate_between_two_others_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "shipped_published", lambda: (letter(date(2002, 1, 1), 41000),))
    with pytest.raises(RatesMissingError, match="no rate for 2001") as raised:
        load_rate_table(RULE, series=series_of(2000, 4800))
    assert raised.value.missing_months[0] == "1999-10"


def test_rate_by_day_and_segments() -> None:
    rates = RateTable((row(date(2000, 1, 1), 40000), row(date(2000, 1, 4), 50000)), date(2000, 1, 6))
    start = to_day(date(2000, 1, 1))
    assert rates.rate_ppm_by_day(start - 2, start + 6).tolist() == [0, 0, 40000, 40000, 40000, 50000, 50000, 0, 0]
    assert rates.rate_ppm_by_day(start + 3, start + 3).tolist() == [50000]
    assert rates.segments(start + 1, start + 5) == [
        (start + 1, start + 3, rates.rows[0]),
        (start + 3, start + 5, rates.rows[1]),
    ]
    assert rates.segments(start + 3, start + 4) == [(start + 3, start + 4, rates.rows[1])]
    assert rates.segments(start - 9, start) == []
    assert rates.segments(start + 5, start + 9) == []
    assert rates.segments(start + 2, start + 2) == []


def test_flat_rate_covers_every_day() -> None:
    flat = RateTable.flat(60000)
    assert (flat.first_day, flat.end_day) == (FIRST_DAY, LAST_DAY + 1)
    assert set(flat.rate_ppm_by_day(FIRST_DAY, LAST_DAY).tolist()) == {60000}
    assert (flat.rows[0].source, flat.provisional_from_day) == ("given", None)


def test_checksum_follows_dates_rates_and_end() -> None:
    first = RateTable((row(date(2000, 1, 1), 40000),), date(2001, 1, 1))
    assert first.checksum == RateTable((row(date(2000, 1, 1), 40000),), date(2001, 1, 1)).checksum
    others = [
        RateTable((row(date(2000, 1, 2), 40000),), date(2001, 1, 1)),
        RateTable((row(date(2000, 1, 1), 40001),), date(2001, 1, 1)),
        RateTable((row(date(2000, 1, 1), 40000),), date(2002, 1, 1)),
    ]
    assert len({first.checksum, *(other.checksum for other in others)}) == 4


@pytest.mark.parametrize(
    ("rows", "end_date"),
    [
        ((row(date(2000, 1, 2), 1), row(date(2000, 1, 1), 1)), date(2001, 1, 1)),
        ((row(date(2000, 1, 1), 1), row(date(2000, 1, 1), 2)), date(2001, 1, 1)),
        ((row(date(2000, 1, 1), 1),), date(2000, 1, 1)),
    ],
)
def test_table_out_of_order_is_refused(rows: tuple[RateRow, ...], end_date: date) -> None:
    with pytest.raises(ValueError, match="ascending"):
        RateTable(rows, end_date)


def test_a_table_without_rows_has_no_rate_on_any_day() -> None:
    """For what rests on no rate, where a jurisdiction has no rate rule."""
    nothing = RateTable((), date(2001, 1, 1))
    assert nothing.segments(FIRST_DAY, LAST_DAY) == []
    assert not nothing.rate_ppm_by_day(FIRST_DAY, FIRST_DAY + 9).any()


def test_rates_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    path.write_text("effective_from,rate_percent\n2024-01-01,4.93\n2024-07-01,5.125\n", "utf-8")
    rates = RateTable.from_csv(path)
    assert [(row.effective_from, row.rate_ppm, row.source) for row in rates.rows] == [
        (date(2024, 1, 1), 49300, "given"),
        (date(2024, 7, 1), 51250, "given"),
    ]
    assert rates.end_date == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("effective_from\n2024-01-01\n", "line 1: expected a header"),
        ("effective_from,rate_percent\n", "at least one rate"),
        ("effective_from,rate_percent\n2024-02-30,4.93\n", "line 2: effective_from '2024-02-30' is not a day"),
        ("effective_from,rate_percent\n2024-01-01,4.93%\n", "line 2: rate_percent '4.93%' is not a plain decimal"),
        ("effective_from,rate_percent\n2024-01-01,100.0001\n", "line 2: expected a rate_percent from 0 to 100"),
        ("effective_from,rate_percent\n2024-01-01,-1\n", "line 2: expected a rate_percent from 0 to 100"),
        ("effective_from,rate_percent\n2024-01-01,1\n2024-01-01,2\n", "line 3: expected an effective_from after"),
    ],
)
def test_wrong_file_of_rates_is_named_by_line(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "rates.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as raised:
        RateTable.from_csv(path)
    assert str(path) in str(raised.value)
    assert expected in str(raised.value)
