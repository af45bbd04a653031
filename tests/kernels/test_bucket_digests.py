"""The bucket kernels against their twin: cells, digests, sums and flows of any deposits."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.kernels import bucket_digests as kernels
from calc.kernels.unclaimed import STATUSES
from calc.units import CENTS_MAX, NO_DAY
from tests.reference import bucket_digests as twin

BITS = 3
AS_OF = 20_000
SERVICES = ("electric", "gas")
DAYS = st.integers(AS_OF - 2, AS_OF + 2) | st.just(NO_DAY)
CENTS = st.integers(0, 3) | st.integers(0, CENTS_MAX)
ROW = st.fixed_dictionaries(
    {
        "hash": st.integers(0, 2**64 - 1) | st.integers(0, 5), "good": st.booleans() | st.just(value=True),
        "service": st.sampled_from(SERVICES), "status": st.sampled_from(STATUSES), "kind": st.integers(0, 3),
        "efforts": st.booleans(), "payable_interest": st.booleans(), "received": DAYS, "paid": DAYS, "remitted": DAYS,
        "ended": DAYS, "payable": DAYS, "principal": CENTS, "owed": CENTS, "base": CENTS, "surcharge": CENTS,
        "posted": CENTS,
    }
)  # fmt: skip
TYPES = {
    "hash": np.uint64, "good": np.bool_, "service": np.int8, "status": np.int8, "kind": np.int8, "efforts": np.bool_,
    "payable_interest": np.bool_, "received": np.int32, "paid": np.int32, "remitted": np.int32, "ended": np.int32,
    "payable": np.int32,
}  # fmt: skip
CODES = {"service": SERVICES, "status": STATUSES}
SUMS = {
    "known": kernels.KNOWN, "rows": kernels.ROWS, "principal": kernels.PRINCIPAL, "base": kernels.BASE,
    "surcharge": kernels.SURCHARGE, "posted": kernels.POSTED,
}  # fmt: skip
MONEY = ("principal", "base", "surcharge", "posted")
FIGURES = {
    "rows": "rows", "principal_cents": "principal", "base_interest_cents": "base",
    "surcharge_interest_cents": "surcharge", "posted_cents": "posted",
}  # fmt: skip


def columns(rows: list[dict[str, Any]], *names: str) -> list[np.ndarray]:
    def coded(name: str, value: Any) -> Any:  # noqa: ANN401 - columns of any type
        return CODES[name].index(value) if name in CODES else value

    return [np.array([coded(name, row[name]) for row in rows], dtype=TYPES.get(name, np.int64)) for name in names]


def cells_of(rows: list[dict[str, Any]], as_of: int = AS_OF) -> tuple[np.ndarray, np.ndarray]:
    cell, digest = np.empty(len(rows), dtype=np.int32), np.empty(len(rows), dtype=np.int64)
    given_ = columns(
        rows, "hash", "good", "service", "status", "kind", "efforts", "payable_interest", "received", "paid",
        "remitted", "ended", "payable", "principal", "owed",
    )  # fmt: skip
    kernels.bucket_cells(*given_[:2], kernels.KnownColumns(*given_[2:]), as_of, BITS, cell, digest)
    return cell, digest


@settings(deadline=None)
@given(st.lists(ROW, min_size=1, max_size=30))
def test_a_row_counts_in_its_cell(rows: list[dict[str, Any]]) -> None:
    cell, digest = cells_of(rows)
    behind = kernels.BLOCKS << BITS
    assert [None if place == behind else place for place in cell.tolist()] == [twin.cell(row, BITS) for row in rows]
    assert ((digest >= 0) & (digest < 2**kernels.DIGEST_BITS)).all()
    uncounted = [not row["good"] or row["status"] == "not_received" for row in rows]
    assert (digest[uncounted] == 0).all()


@settings(deadline=None, max_examples=300)
@given(ROW, ROW, st.data())
def test_digests_tell_apart_what_is_known_and_nothing_else(
    first: dict[str, Any], other: dict[str, Any], data: st.DataObject
) -> None:
    changed = data.draw(st.lists(st.sampled_from([*first]), max_size=3))
    first = {**first, "good": True, "status": "active"}
    second = {**first, **{name: other[name] for name in changed if name not in {"good", "status"}}}
    alike = twin.known(first, AS_OF) == twin.known(second, AS_OF)
    digests = [cells_of([row])[1].tolist() for row in (first, second)]
    assert (digests[0] == digests[1]) == alike


def test_a_date_swapped_with_another_is_seen() -> None:
    row = {**dict.fromkeys(TYPES, 0), "good": True, "service": "gas", "status": "active", "owed": 0, "principal": 5}
    dates = ("received", "paid", "remitted", "ended", "payable")
    given_ = [{**row, **dict.fromkeys(dates, NO_DAY), one: 9} for one in dates]
    digests = {int(cells_of([each])[1][0]) for each in given_}
    assert len(digests) == 5
    assert cells_of([{**row, "principal": 7, "owed": 0}])[1] != cells_of([{**row, "principal": 0, "owed": 7}])[1]


@settings(deadline=None)
@given(st.lists(ROW, min_size=1, max_size=30))
def test_sums_of_cells_are_those_of_the_twin(rows: list[dict[str, Any]]) -> None:
    cell, digest = cells_of(rows)
    sums = np.zeros(((kernels.BLOCKS << BITS) + 1, kernels.CELL_SUMS), dtype=np.int64)
    figures = kernels.DayFigures(*columns(rows, "status", *MONEY))
    kernels.bucket_sums(cell, digest, *columns(rows, "good"), figures, sums)
    expected = twin.sums(rows, BITS)
    for place in range(kernels.BLOCKS << BITS):
        assert {name: int(sums[place, at]) for name, at in SUMS.items()} == {
            name: expected[place][name] for name in SUMS
        }
        assert sums[place, kernels.DIGEST] == digest[cell == place].sum()


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(ROW, ROW), min_size=1, max_size=20))
def test_flows_are_those_of_the_twin_and_lead_from_one_day_to_the_other(
    pairs: list[tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    before = [{**first, "good": last["good"], "service": last["service"]} for first, last in pairs]
    # A calculator gives no amounts to what is not received, nor are there any on what is settled but at its end.
    for row in before:
        if row["status"] == "not_received":
            row.update(base=0, surcharge=0)
    after = [last for _, last in pairs]
    sums = np.zeros((2, len(kernels.FLOWS)), dtype=np.int64)
    figures = (kernels.DayFigures(*columns(day, "status", *MONEY)) for day in (before, after))
    kernels.bucket_flows(*columns(after, "good", "service"), *figures, sums)
    found: Counter[tuple[str, str, str]] = Counter()
    for service, amounts in zip(SERVICES, sums.tolist(), strict=True):
        for (figure, cause), amount in zip(kernels.FLOWS, amounts, strict=True):
            found[service, FIGURES[figure], cause] += amount
    expected = twin.flows(zip(before, after, strict=True))
    assert {key: amount for key, amount in found.items() if amount} == {
        key: amount for key, amount in expected.items() if amount
    }


def way(before: str, after: str, **changes: tuple[int, int]) -> dict[tuple[str, str], int]:
    """What a deposit of 200.00 with 3.00 of interest does; `changes` are amounts before and after."""
    amounts = {"principal": (20000, 20000), "base": (300, 300), "surcharge": (0, 0), "posted": (0, 0), **changes}
    sums = np.zeros((2, len(kernels.FLOWS)), dtype=np.int64)
    one, code = np.ones(1, dtype=np.bool_), np.zeros(1, dtype=np.int8)
    first, last = ([np.array([pair[place]], dtype=np.int64) for pair in amounts.values()] for place in (0, 1))
    states = [np.array([STATUSES.index(word)], dtype=np.int8) for word in (before, after)]
    kernels.bucket_flows(one, code, kernels.DayFigures(states[0], *first), kernels.DayFigures(states[1], *last), sums)
    return {key: amount for key, amount in zip(kernels.FLOWS, sums[0].tolist(), strict=True) if amount}


@pytest.mark.parametrize(
    ("before", "after", "changes", "expected"),
    [
        ("active", "waiting", {"base": (300, 382)}, {("base_interest_cents", "accrual"): 82}),
        (
            "not_received", "active", {"base": (0, 82)},
            {("rows", "new"): 1, ("principal_cents", "new"): 20000, ("base_interest_cents", "accrual"): 82},
        ),
        (
            "overdue", "remitted", {"base": (300, 310), "surcharge": (7, 9), "posted": (5, 5)},
            {
                ("base_interest_cents", "accrual"): 10, ("surcharge_interest_cents", "accrual"): 2, ("rows", "paid"): 1,
                ("principal_cents", "paid"): 20000, ("base_interest_cents", "paid"): 310,
                ("surcharge_interest_cents", "paid"): 9, ("posted_cents", "paid"): 5,
            },
        ),
        ("active", "active", {"principal": (20000, 25000)}, {("principal_cents", "new"): 5000}),
        ("active", "active", {"principal": (20000, 5000)}, {("principal_cents", "paid"): 15000}),
        ("active", "active", {"posted": (0, 300)}, {("posted_cents", "posted"): 300}),
        (
            "not_received", "returned", {"base": (0, 4)},
            {
                ("rows", "new"): 1, ("principal_cents", "new"): 20000, ("base_interest_cents", "accrual"): 4,
                ("rows", "paid"): 1, ("principal_cents", "paid"): 20000, ("base_interest_cents", "paid"): 4,
            },
        ),
        (
            "returned", "active", {"principal": (20000, 9000), "base": (300, 301)},
            {
                ("rows", "new"): 1, ("principal_cents", "new"): 9000, ("base_interest_cents", "new"): 300,
                ("base_interest_cents", "accrual"): 1,
            },
        ),
        ("returned", "returned", {}, {}),
        ("excluded", "excluded", {}, {}),
    ],
)  # fmt: skip
def test_flows_by_hand(
    before: str, after: str, changes: dict[str, tuple[int, int]], expected: dict[tuple[str, str], int]
) -> None:
    assert way(before, after, **changes) == expected
