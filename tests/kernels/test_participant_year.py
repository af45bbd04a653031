"""A participant's year: worked cases, random years against the twin, and sums that must come out even."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calc.columns.participant_year import Year, evaluate
from calc.errors import Reason
from calc.kernels.calendar import month_place, month_starts
from calc.kernels.participant_events import CAUSES, KINDS
from calc.kernels.year_figures import with_cause
from calc.rules.resolve import Rules, load_rules
from calc.units import FIRST_DATE, LAST_DATE, to_date, to_day
from tests.portfolio import PARTICIPANT_SCHEMA
from tests.reference import participant_year as twin
from tests.reference.calendar import add_months
from tests.reference.fixed_credit import NoRuleBand, OutOfRange, ShareOutsideBand

Row = dict[str, Any]
SCHEMA = {**PARTICIPANT_SCHEMA, "first_bill_date": pl.Date, "arrearage_elapsed_months": pl.Int64}
EVENT_SCHEMA = {
    "participant_id": pl.String, "service": pl.String, "date": pl.Date, "kind": pl.String, "amount_cents": pl.Int64,
    "word": pl.String,
}  # fmt: skip
HOUSEHOLD: Row = {
    "account_id": "A", "service": "electric", "primary_heating": "electric", "regulated_gas": False,
    "household_income_cents": 1_800_000, "household_size": 3, "county_fips": None, "leap_qualified": False,
    "full_annual_bill_cents": 180_000, "first_bill_date": date(2026, 1, 15),
}  # fmt: skip
"""6 % of 18,000.00 is 1,080.00; 720.00 of the bill is not affordable: 60.00 a month."""
END = date(2026, 12, 31)


def years(rows: list[Row], events: list[list[Row]], rules: Rules, as_of: date) -> tuple[Year, list[list[Row]]]:
    """The evaluation of participants with their events, and the months of each."""
    ids = [f"P{number}" for number in range(len(rows))]
    frame = [dict.fromkeys(SCHEMA) | {**row, "participant_id": each} for each, row in zip(ids, rows, strict=True)]
    given_events = [
        {**event, "participant_id": each, "service": row["service"]}
        for each, row, own in zip(ids, rows, events, strict=True)
        for event in own
    ]
    found = evaluate(
        pl.DataFrame(frame, schema=SCHEMA, orient="row"),
        pl.DataFrame(given_events[::-1], schema=EVENT_SCHEMA, orient="row"),
        rules=rules, as_of=as_of,
    )  # fmt: skip
    months = {each: list[Row]() for each in ids}
    for month in found.months.rows(named=True):
        months[month["participant_id"]].append(month)
    return found, list(months.values())


def event(day: date | str, kind: str, amount: int | None = None, word: str | None = None) -> Row:
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return {"date": day, "kind": kind, "amount_cents": amount, "word": word}


def year(*events: Row, switches: dict[str, str] | None = None, tariff: str = "default", **row: object) -> list[Row]:
    rules = load_rules(END, switches=switches, tariff=tariff)
    found, (months,) = years([{**HOUSEHOLD, **row}], [list(events)], rules, END)
    assert not found.participants.reasons.any()
    assert not found.event_reasons.any()
    return months


def column(months: list[Row], name: str) -> list[int]:
    return [month[f"{name}_cents"] for month in months]


def test_sixty_dollars_a_month() -> None:
    months = year()
    assert column(months, "fixed_credit") == column(months, "program_credit") == [60_00] * 12
    assert column(months, "planned_payment") == [90_00] * 12
    assert [month["bill_date"] for month in months] == [date(2026, n, 15) for n in range(1, 13)]


def test_a_grant_with_six_months_left() -> None:
    """Six times 60.00: a grant of 360.00 leaves no program credit, one of 500.00 also pays 140.00 of the arrearage."""
    months = year(event("2026-06-20", "leap_grant", 360_00), arrearage_cents=500_00)
    assert column(months, "program_credit") == [60_00] * 6 + [0] * 6
    assert column(months, "leap_to_arrearage") == [0] * 12
    months = year(event("2026-06-20", "leap_grant", 500_00), arrearage_cents=500_00)
    assert column(months, "program_credit") == [60_00] * 6 + [0] * 6
    assert column(months, "leap_to_arrearage") == [0] * 6 + [140_00] + [0] * 5
    assert column(months, "leap_to_account") == [0] * 12


def test_a_grant_against_the_whole_year() -> None:
    """360.00 were given in six months: under annual the 140.00 are the program's to recover, none the arrearage's."""
    months = year(
        event("2026-06-20", "leap_grant", 500_00), arrearage_cents=500_00, switches={"grant_timing": "annual"}
    )
    assert column(months, "credit_to_recover") == [0] * 6 + [140_00] + [0] * 5
    assert column(months, "leap_to_arrearage") == [0] * 12


@pytest.mark.parametrize("months", [None, 12])
def test_no_arrearage_has_an_empty_schedule_however_many_months_have_elapsed(months: int | None) -> None:
    """Section by section: no arrearage, nothing to spread; 12 months of 12 have gone by, and nothing is refused."""
    found = year(arrearage_cents=0, arrearage_months=12, arrearage_elapsed_months=months)
    assert column(found, "arrearage_credit") == column(found, "arrearage_outstanding") == [0] * 12
    assert column(found, "planned_payment") == [90_00] * 12


def test_a_missed_payment_where_credits_are_conditional() -> None:
    """The example tariff: 12 months of 120.00, half a percent of income, 90.00, as copayments: 2.50 and 7.50 a month.

    Bill 3 has no credit; of 120.00 - 3 x 7.50 - 2 x 2.50 = 92.50, 67.50 are copayments, and 25.00 over 9 months 2.78.
    """
    months = year(event("2026-02-20", "missed_payment"), arrearage_cents=120_00, tariff="example")
    assert column(months, "copayment") == [7_50] * 12
    assert column(months, "arrearage_credit") == [2_50, 2_50, 0] + [2_78] * 7 + [2_77] * 2
    assert column(year(arrearage_cents=120_00, tariff="example"), "arrearage_credit") == [2_50] * 12


def test_what_an_account_cannot_be_billed_for_is_refused() -> None:
    gas = {**HOUSEHOLD, "service": "gas", "primary_heating": "gas"}
    other_heat = [event("2026-04-01", "heating", word="other")]
    too_much = [event("2026-04-01", "leap_grant", 10**12), event("2026-04-02", "leap_grant", 1)]
    found, months = years([gas, HOUSEHOLD, gas], [other_heat, too_much, []], load_rules(END), END)
    assert found.participants.reasons.tolist() == [Reason.no_rule_band, Reason.out_of_range, 0]
    assert [len(each) for each in months] == [0, 0, 12]


def test_causes_keep_their_order_and_each_stands_once() -> None:
    packed = 0
    for cause in [*reversed(range(len(CAUSES))), 3, 0]:
        packed = with_cause(packed, cause)
    assert packed < 2**63
    assert [(packed >> 4 * place & 15) - 1 for place in range(len(CAUSES))] == [*reversed(range(len(CAUSES)))]
    assert packed >> 4 * len(CAUSES) == 0


def test_the_month_of_every_day() -> None:
    starts = month_starts(0)
    assert [to_date(starts[0]), to_date(starts[-1])] == [FIRST_DATE, date(2100, 12, 1)]
    starts = month_starts(1)
    for day in range(to_day(FIRST_DATE), to_day(LAST_DATE) + 1):
        found = to_date(starts[month_place(day, starts)])
        assert (found.year, found.month, found.day) == (to_date(day).year, to_date(day).month, 1)


TARIFFS = ("default", "example", "example-by-fuel")
AMOUNTS = st.one_of(st.integers(0, 300_000), st.integers(0, 30_000), st.sampled_from((0, 1, 10**9)))


@st.composite
def a_row(draw: st.DrawFn) -> Row:
    """Both fuels and all heats, incomes of zero, arrears, bases a quarter away, first bills at ends of months."""
    bill = draw(st.integers(0, 400_000))
    months = draw(st.sampled_from((None, 1, 7, 12, 24)))
    first_bill = draw(st.dates(date(2023, 1, 1), date(2027, 12, 31)))
    if draw(st.booleans()):
        first_bill = (first_bill.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    income = draw(st.sampled_from((0, 900_000, 1_800_000, 2_345_678, 6_000_000)))
    return {
        **HOUSEHOLD,
        "service": draw(st.sampled_from(("electric", "gas"))),
        "primary_heating": draw(st.sampled_from(("electric", "electric", "gas", "gas", "other"))),
        "regulated_gas": draw(st.booleans()),
        "household_income_cents": income,
        "full_annual_bill_cents": bill,
        "first_bill_date": first_bill,
        "share_ppm": draw(st.sampled_from((None, None, None, 30_000, 25_000))),
        "basis_bill_cents": draw(st.sampled_from((None, None, bill, bill * 4 // 5, bill * 3 // 2))),
        "months_remaining": draw(st.sampled_from((None, 0, 1, 5, 12))),
        "leap_grant_cents": draw(st.sampled_from((None, None, 0, 12_345, 90_000))),
        "arrearage_cents": draw(st.one_of(st.none(), st.integers(0, 100_000))),
        "arrearage_months": months,
        "arrearage_elapsed_months": draw(st.sampled_from((None, 0, 5))),
        "arrearage_copay_cents": draw(st.sampled_from((None, 0, income // 100, income // 250))),
    }


@st.composite
def an_event(draw: st.DrawFn, first_bill: date) -> Row:
    """An event around the year, a fifth on bill days and the days beside them, or ends of months and years."""
    day = first_bill + timedelta(days=draw(st.integers(-40, 400)))
    if draw(st.integers(0, 4)) == 0:
        day = add_months(first_bill, draw(st.integers(0, 12))) + timedelta(days=draw(st.sampled_from((-1, 0, 0, 1))))
        day = draw(st.sampled_from((day, date(day.year, 12, 31), day.replace(day=1) - timedelta(days=1))))
    kind = draw(st.sampled_from((*KINDS[:10], *KINDS[:6], *KINDS)))
    word = {
        "move": st.sampled_from((None, None, "electric", "gas", "other")),
        "heating": st.sampled_from(("electric", "gas", "other")),
        "regulated_gas": st.sampled_from(("true", "false", "on", "off")),
        "budget_billing": st.sampled_from(("on", "on", "off")),
    }.get(kind, st.none())
    return event(day, kind, draw(AMOUNTS), draw(word))


@st.composite
def a_year(draw: st.DrawFn) -> tuple[Row, list[Row]]:
    row = draw(a_row())
    events = draw(st.lists(an_event(row["first_bill_date"]), max_size=12))
    kept: dict[tuple[object, ...], Row] = {}
    for place, each in enumerate(events):
        key = (each["date"], each["kind"], place if each["kind"] in twin.ADD_UP else 0)
        kept.setdefault(key, each)
    return row, list(kept.values())


def tariff_of(rules: Rules) -> Row:
    classes = {name: getattr(rules.tariff, name) for name in ("share_ppm", "minimum_monthly_payment_cents")}
    return {fuel: classes | asdict(rules.tariff.terms(fuel)) for fuel in ("electric", "gas")}


REFUSED = {
    NoRuleBand: Reason.no_rule_band,
    ShareOutsideBand: Reason.share_outside_band,
    OutOfRange: Reason.out_of_range,
}


def twins(row: Row, events: list[Row], rules: Rules, on: date, timing: str) -> list[Row] | Reason:
    """The twin's months, or the reason for which it refuses the row."""
    try:
        return twin.participant_year(row, events, tariff_of(rules), on, grant_timing=timing)
    except tuple(REFUSED) as error:
        return REFUSED[type(error)]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(a_year(), min_size=1, max_size=12),
    st.sampled_from(TARIFFS),
    st.sampled_from(("remaining", "annual")),
    st.dates(date(2023, 6, 1), date(2029, 6, 30)),
)
def test_random_years_are_the_twins(
    given_years: list[tuple[Row, list[Row]]], tariff: str, timing: str, on: date
) -> None:
    rules = load_rules(on, tariff=tariff, switches={"grant_timing": timing})
    rows, events = [row for row, _ in given_years], [own for _, own in given_years]
    found, months = years(rows, events, rules, on)
    assert not found.event_reasons.any()
    for row, own, reasons, found_months in zip(rows, events, found.participants.reasons, months, strict=True):
        expected = twins(row, own, rules, on, timing)
        if expected is Reason.out_of_range and not row["arrearage_cents"]:
            continue  # the twin also refuses months that have elapsed where no arrearage is left
        if isinstance(expected, Reason):
            assert reasons & expected
            assert found_months == []
            continue
        assert not reasons
        assert [dict(each, participant_id=None) for each in found_months] == expected
        adds_up(row, own, found_months, on)


def adds_up(row: Row, events: list[Row], months: list[Row], on: date) -> None:
    """Every cent of the arrearage and of the grants goes somewhere, and to one place."""
    arrearage = row["arrearage_cents"] or 0
    to_arrearage = sum(column(months, "leap_to_arrearage"))
    forgiven = sum(column(months, "arrearage_credit")) + sum(column(months, "copayment"))
    left = months[-1]["arrearage_outstanding_cents"]
    assert forgiven + to_arrearage + sum(column(months, "due_on_exit")) + left == arrearage
    last_bill = months[-1]["bill_date"]
    left_on = min((e["date"] for e in events if e["kind"] in twin.LEAVING and e["date"] <= on), default=date.max)
    grants = [
        e["amount_cents"] for e in events
        if e["kind"] == "leap_grant" and e["date"] < last_bill and e["date"] <= min(on, left_on)
    ]  # fmt: skip
    parts = ("leap_to_unaffordable", "leap_to_arrearage", "leap_to_account", "credit_to_recover")
    assert sum(sum(column(months, name)) for name in parts) == sum(grants) + (row["leap_grant_cents"] or 0)
    for month in months:
        assert month["fixed_credit_cents"] == month["program_credit_cents"] + month["leap_to_unaffordable_cents"]
        assert min(value for name, value in month.items() if name.endswith("_cents")) >= 0
    if not events:
        assert all(
            month["planned_payment_cents"] + month["fixed_credit_cents"] - month["copayment_cents"]
            == month["expected_bill_cents"]
            for month in months
        )


@pytest.mark.parametrize("kinds", [("exit", "move_out")])
def test_an_exit_after_the_last_bill(kinds: tuple[str, ...]) -> None:
    """60.00 over 24 months: 2.50 a month; after bill 12 30.00 fall due."""
    for kind in kinds:
        months = year(event("2026-12-15", kind), arrearage_cents=60_00)
        assert column(months, "due_on_exit") == [0] * 11 + [30_00]
        assert (months[11]["arrearage_outstanding_cents"], months[11]["causes"]) == (0, [kind])
        assert months[11]["in_program"]
