"""Books of a program year: by hand, against the twin, and by the command."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.program.books import keep_books
from calc.program.fees import allocated, proposed_fees
from calc.program.program_file import CustomerClass, Fuel
from calc.report.explaining.step import Law
from calc.rules.resolve import load_rules
from tests.cases.command import puccalc
from tests.reference import books as twin

LAW = Law(load_rules(date(2026, 10, 31)), "electric")
EXAMPLE = Path(__file__).with_name("example.toml")
CENTS = st.one_of(st.integers(0, 300), st.integers(0, 10**8), st.integers(0, 10**11))
CUSTOMERS = st.lists(st.integers(0, 10**6), min_size=12, max_size=12).filter(sum).map(tuple)
FEES = st.lists(st.integers(0, 150), min_size=12, max_size=12).map(tuple)
CLASSES = st.lists(st.tuples(st.integers(0, 10**10), CUSTOMERS, FEES), min_size=1, max_size=5).filter(
    lambda classes: sum(each[0] for each in classes) > 0
)


@st.composite
def fuels(draw: st.DrawFn) -> Fuel:
    classes = draw(CLASSES)
    names = draw(st.permutations(["residential", *(f"class {place}" for place in range(1, len(classes)))]))
    return Fuel(
        usage_credits_cents=draw(CENTS),
        arrearage_credits_cents=draw(CENTS),
        administrative_cents=draw(CENTS),
        offsets=tuple(draw(st.lists(st.tuples(st.just("expense"), st.integers(-(10**8), 10**8)), max_size=3))),
        other_programs_cents=draw(st.sampled_from([0, 0, 40, 100, 120])),
        recovery_cents=draw(st.none() | CENTS),
        projected_cost_cents=draw(st.none() | CENTS),
        usage=None,
        classes=tuple(CustomerClass(name, *each) for name, each in zip(names, classes, strict=True)),
    )


@settings(max_examples=200, deadline=None)
@given(fuels())
def test_books_are_the_twins(fuel: Fuel) -> None:
    found = keep_books(fuel.usage_credits_cents or 0, fuel.arrearage_credits_cents or 0, fuel, LAW)
    rows = [
        {"customers": number, "fee_cents": fee}
        for each in fuel.classes
        for number, fee in zip(each.customers, each.fee_cents, strict=True)
    ]
    residential = next(each for each in fuel.classes if each.name == "residential")
    recovery = twin.recovery_by_fees(rows) if fuel.recovery_cents is None else fuel.recovery_cents
    expected = twin.books(
        usage_credits_cents=found.usage_credits_cents,
        arrearage_credits_cents=found.arrearage_credits_cents,
        administrative_cents=fuel.administrative_cents,
        customer_months=sum(row["customers"] for row in rows),
        recovery_cents=recovery,
        offsets_cents=[cents for _, cents in fuel.offsets],
        residential_fee_cents=residential.fee_cents[-1],
        other_programs_cents=fuel.other_programs_cents,
    )
    assert {name: getattr(found, name) for name in expected} == expected
    classes = [
        {
            "name": each.name,
            "revenue_requirement_cents": each.revenue_requirement_cents,
            "customer_months": each.customer_months,
        }
        for each in fuel.classes
    ]
    projected = expected["cost_to_recover_cents"] if fuel.projected_cost_cents is None else fuel.projected_cost_cents
    fees = twin.proposed_fees(classes, expected["net_cents"], projected, other_programs_cents=fuel.other_programs_cents)
    assert {each.name: each._asdict() for each in found.fees} == {
        name: {"name": name, **figures} for name, figures in fees.items()
    }
    assert sum(each.allocated_cents for each in found.fees) == found.to_recover_next_cents


def test_largest_remainder_by_hand() -> None:
    """Of 101 in thirds, two are left over; of 100 by 1:2:3, 16.67, 33.33 and 50."""
    assert allocated(101, [1, 1, 1]) == [34, 34, 33]
    assert allocated(100, [1, 2, 3]) == [17, 33, 50]


def test_the_ceiling_cuts_off_and_moves_nothing() -> None:
    """1,200.00 over 1,200 customer-months is 1.00; 0.60 of it leaves 480.00."""
    (fee,) = proposed_fees([CustomerClass("residential", 1, (100,) * 12, (0,) * 12)], 1_200_00, 60)
    assert (fee.fee_cents, fee.cut_off_cents) == (60, 480_00)


def books_of(tmp_path: Path, *words: str) -> dict[str, Any]:
    out = tmp_path / "books"
    done = puccalc(["program", "books", "--program", str(EXAMPLE), "--year", "2026", "-o", str(out), *words])
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads((out / "books.json").read_text("utf-8"))
    return found


def test_the_worked_books(tmp_path: Path) -> None:
    """The figures of docs/validation.md, worked out there by hand."""
    found = books_of(tmp_path)
    assert (found["first_date"], found["last_date"], found["report_due_date"]) == (
        "2025-11-01", "2026-10-31", "2026-12-31",
    )  # fmt: skip
    electric, gas = found["services"]["electric"], found["services"]["gas"]
    assert (electric["administrative_counted_cents"], electric["set_aside_cents"]) == (20_000_00, 1_716_00)
    assert (electric["program_cost_cents"], electric["cost_to_recover_cents"]) == (221_716_00, 222_716_00)
    assert (electric["recovery_cents"], electric["net_cents"]) == (84_000_00, -138_716_00)
    assert electric["out_of_balance"]
    assert electric["filing_due"]
    assert found["filing_due"]
    assert electric["to_recover_next_cents"] == 361_432_00
    assert electric["fees"] == {
        "residential": {"allocated_cents": 240_954_67, "fee_cents": 20, "cut_off_cents": 0},
        "commercial": {"allocated_cents": 120_477_33, "fee_cents": 1_00, "cut_off_cents": 0},
    }
    assert (gas["program_cost_cents"], gas["net_cents"]) == (44_248_00, 22_152_00)
    assert (gas["highest_residential_fee_cents"], gas["filing_due"]) == (60, True)
    assert gas["fees"]["residential"] == {"allocated_cents": 22_096_00, "fee_cents": 2, "cut_off_cents": 0}
    assert found["combined"]["net_cents"] == -116_564_00
    assert electric["high_use"] == {"above": 10_000, "unit": "kwh", "households": 2}


def test_every_line_is_cited_and_files_are_the_same_again(tmp_path: Path) -> None:
    books_of(tmp_path)
    files = {path.name: path.read_bytes() for path in (tmp_path / "books").iterdir()}
    assert set(files) == {"books.csv", "books.json", "statement.html", "high_use_electric.csv"}
    rows = list(csv.DictReader(files["books.csv"].decode().splitlines()))
    uncited = {row["line"] for row in rows if not row["citation"]}
    assert uncited == set()
    assert files["high_use_electric.csv"].decode().splitlines()[1:] == [
        "P2,B. Made-Up,2 Second St,10000.5",
        "P3,C. Made-Up,3 Third St,12345",
    ]
    assert "-138716.00" in files["statement.html"].decode()
    books_of(tmp_path)
    assert {path.name: path.read_bytes() for path in (tmp_path / "books").iterdir()} == files


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('administrative = "25000.00"\n', "", "electric.administrative: missing; expected an amount in dollars"),
        ('"25000.00"', '"25,000"', "electric.administrative: is not a plain decimal number of dollars"),
        ('"3000.00"', '"-1"', "gas.administrative: is below zero"),
        ("customers = 80_000", "customers = [1, 2]", "has 2 entries; expected 12, November first"),
        ("customers = 80_000", "customers = 0", "expected a class with customers"),
        ('name = "commercial"', 'name = "residential"', "expected each once"),
        ("[gas]", "[gas]\nfees = 1", "gas.fees: unknown; expected usage_credits"),
        ('usage_credits = "150000.00"\n', "", "the credits of electric are not known: give --results"),
        ('usage = "example_use.csv"', 'usage = "gone.csv"', "gone.csv: cannot be read"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = EXAMPLE.read_text("utf-8")
    assert old in text
    path = tmp_path / "program.toml"
    path.write_text(text.replace(old, new), "utf-8")
    (tmp_path / "example_use.csv").write_bytes(EXAMPLE.with_name("example_use.csv").read_bytes())
    done = puccalc(["program", "books", "--program", str(path), "--year", "2026", "-o", str(tmp_path / "o")])
    assert done.code in {2, 3}
    assert told in done.err
    assert not (tmp_path / "o" / "books.json").exists()
