"""Workings of unclaimed monies: the two dates, both kinds of interest, every reading, the remittance."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from calc.errors import PuccalcError
from calc.rates.computing.table import RateTable
from calc.report.explaining import unclaimed as report
from tests.report.one import Worked, law_on, shipped, unclaimed_of

EXAMPLE: dict[str, Any] = {
    "principal_cents": 200_00,
    "received_date": date(2022, 3, 1),
    "service_ended_date": date(2024, 3, 15),
}
AS_OF = date(2026, 9, 30)
FLAT = RateTable.flat(36_500)  # 3.65 %: a cent a day on 100.00 in a common year


def test_the_example_of_the_rules() -> None:
    worked = unclaimed_of(EXAMPLE, AS_OF)
    assert worked.step("trigger").figures["trigger_date"] == date(2024, 3, 15)
    assert worked.step("deemed unclaimed").formula == "2024-03-15 + 24 months = 2026-03-15; + 1 day = 2026-03-16"
    assert worked.step("surcharge from").formula == "2026-03-16 + 4 months = 2026-07-16; + 1 day = 2026-07-17"
    assert worked.step("status").figures["status"] == "overdue"
    # 0.08 % for 306 days of 2022, 1.69 and twice 4.93 % for whole years, 4.08 % for 272 days of 2026; 75 days at 6 %.
    base = Fraction(16 * 306, 365) + 338 + 986 + 986 + Fraction(816 * 272, 365)
    surcharge = Fraction(1200 * 75, 365)
    assert [line.exact_cents for line in worked.parts("interest")] == [
        Fraction(16 * 306, 365),
        338,
        986,
        986,
        Fraction(816 * 272, 365),
    ]
    (line,) = worked.parts("surcharge")
    assert (line.exact_cents, line.formula) == (surcharge, "200.00 x 6.00 % x 75/365")
    assert (line.figures["first_date"], line.figures["last_date"]) == (date(2026, 7, 17), date(2026, 9, 29))
    assert worked.step("base interest").exact_cents == base
    assert worked.step("base interest").figures == {"base_interest_cents": 2932}
    assert worked.step("interest in all").exact_cents == base + surcharge
    assert worked.step("interest in all").figures == {"interest_cents": 3178}
    assert worked.step("surcharge interest").figures == {"surcharge_interest_cents": 246}
    assert worked.step("remittance").figures == {"remittance_cents": 231_78}
    assert worked.step("remittance").formula == "200.00 + 31.78 - 0.00 posted - 0.00 owed, at least 0"


@pytest.mark.parametrize(
    ("switches", "deemed", "surcharge_from"),
    [
        ({}, date(2026, 3, 16), date(2026, 7, 17)),
        ({"more_than": "anniversary"}, date(2026, 3, 15), date(2026, 7, 16)),
        ({"surcharge_start": "last_day_of_period"}, date(2026, 3, 16), date(2026, 7, 16)),
        # 2026-03-15 is a Sunday: Monday 16, then the day after; 2026-07-17 is a Friday.
        ({"weekend_extension": "statute"}, date(2026, 3, 17), date(2026, 7, 18)),
        # The four months alone: they end on Thursday 2026-07-16.
        ({"weekend_extension": "payment"}, date(2026, 3, 16), date(2026, 7, 17)),
    ],
)
def test_readings_of_the_dates(switches: dict[str, str], deemed: date, surcharge_from: date) -> None:
    worked = unclaimed_of(EXAMPLE, AS_OF, switches)
    assert worked.step("deemed unclaimed").figures == {"deemed_unclaimed_date": deemed}
    assert worked.step("surcharge from").figures == {"surcharge_from_date": surcharge_from}
    assert ("2026-03-15, Sunday, extended to 2026-03-16" in worked.step("deemed unclaimed").formula) == (
        switches.get("weekend_extension") == "statute"
    )


@pytest.mark.parametrize(
    ("ended", "as_of", "formula"),
    [
        # Deemed 2026-03-03. 4 July 2026 is a Saturday, kept on Friday the 3rd; the next Monday is the 6th.
        (
            date(2024, 3, 2),
            date(2026, 9, 30),
            "2026-03-03 + 4 months = 2026-07-03, Independence Day (federal){}2026-07-06{}2026-07-07",
        ),
        # Deemed 2026-06-05. The first Monday of October is a holiday of the state alone.
        (
            date(2024, 6, 4),
            date(2026, 12, 31),
            "2026-06-05 + 4 months = 2026-10-05, Frances Xavier Cabrini Day (Colorado){}2026-10-06{}2026-10-07",
        ),
    ],
)
def test_the_day_that_was_extended_and_why(ended: date, as_of: date, formula: str) -> None:
    row = {**SIMPLE, "service_ended_date": ended}
    worked = unclaimed_of(row, as_of, {"weekend_extension": "payment"}, rates=FLAT)
    assert worked.step("surcharge from").formula == formula.format(
        ", extended to ", ", the next business day; + 1 day = "
    )


# 100.00 from 2021-01-01, service ended the same day: deemed 2023-01-02, surcharge from 2023-05-03; to 2024-01-01, 1095
# days at a cent each, of which the last 243 bear the surcharge.
SIMPLE: dict[str, Any] = {
    "principal_cents": 100_00,
    "received_date": date(2021, 1, 1),
    "service_ended_date": date(2021, 1, 1),
    "amounts_owed_cents": 40_00,
}


@pytest.mark.parametrize(
    ("switches", "surcharged", "surcharge"),
    [
        ({}, 100_00, Fraction(600 * 243, 365)),
        ({"surcharge_principal": "net_of_owed"}, 60_00, Fraction(360 * 243, 365)),
        # 852 days at a cent: 8.52 accrued.
        ({"surcharge_base": "principal_plus_accrued"}, 108_52, Fraction(10852 * 6 * 243, 36500)),
        (
            {"surcharge_base": "principal_plus_accrued", "surcharge_principal": "net_of_owed"},
            68_52,
            Fraction(6852 * 6 * 243, 36500),
        ),
        ({"surcharge_mode": "multiplicative"}, 100_00, Fraction(243 * 6, 100)),
    ],
)
def test_readings_of_the_surcharge(switches: dict[str, str], surcharged: int, surcharge: Fraction) -> None:
    worked = unclaimed_of(SIMPLE, date(2024, 1, 1), switches, rates=FLAT)
    assert worked.step("amount that bears the surcharge").figures == {"surcharged_cents": surcharged}
    assert worked.step("base interest").exact_cents == 1095
    assert sum(line.exact_cents or 0 for line in worked.parts("surcharge")) == surcharge
    assert worked.step("interest in all").exact_cents == 1095 + surcharge
    remittance = 100_00 + worked.result["interest_cents"] - 40_00
    assert worked.step("remittance").figures == {"remittance_cents": remittance}


@pytest.mark.parametrize("principal_reading", ["gross", "net_of_owed"])
def test_debts_applied_when_service_ends(principal_reading: str) -> None:
    switches = {"owed_applied": "service_ended", "surcharge_principal": principal_reading}
    worked = unclaimed_of(SIMPLE, date(2024, 1, 1), switches, rates=FLAT)
    step = worked.step("debts applied to the deposit")
    assert (step.figures, step.formula) == (
        {"applied_cents": 40_00},
        "the lesser of 40.00 owed and 100.00, on 2021-01-01",
    )
    assert [(each.name, each.set_by, each.citation.rule) for each in step.parameters] == [
        ("owed_applied", "switch", "4 CCR 723-3-3403(n)")
    ]
    assert "due or past due after service is terminated" in step.passages[0].quote
    assert worked.step("deposit left").figures == {"deposit_left_cents": 60_00}
    # Six tenths of a cent a day for 1095 days, and six percent of 60.00 for 243.
    assert worked.step("base interest").exact_cents == 657
    assert worked.step("amount that bears the surcharge").figures == {"surcharged_cents": 60_00}
    assert worked.step("interest in all").exact_cents == 657 + Fraction(360 * 243, 365)
    remittance = 100_00 + worked.result["interest_cents"] - 40_00  # the debt is off once
    assert worked.step("remittance").figures == {"remittance_cents": remittance}


def test_service_that_ends_while_the_surcharge_runs() -> None:
    row = {**SIMPLE, "order_payable_date": SIMPLE["service_ended_date"], "service_ended_date": date(2023, 7, 1)}
    worked = unclaimed_of(row, date(2024, 1, 1), {"owed_applied": "service_ended"}, rates=FLAT)
    # 911 days at a cent and 184 at six tenths; six percent for 59 days (3 May to 30 June) on 100.00, for 184 on 60.00.
    assert worked.step("base interest").exact_cents == 911 + Fraction(184 * 6, 10)
    assert worked.step("amount that bears the surcharge").figures == {"surcharged_cents": 100_00}
    assert worked.step("amount that bears the surcharge from 2023-07-01 on").figures == {"surcharged_cents": 60_00}
    surcharge = sum(line.exact_cents or 0 for line in worked.parts("surcharge"))
    assert surcharge == Fraction(600 * 59 + 360 * 184, 365)


@pytest.mark.parametrize(
    "changed",
    [{"kind": "construction_advance"}, {"paid_date": date(2021, 1, 1)}, {"service_ended_date": date(2024, 1, 2)}],
)
def test_no_debt_is_applied_to_what_is_no_deposit_or_was_not_held(changed: dict[str, Any]) -> None:
    worked = unclaimed_of({**SIMPLE, **changed}, date(2024, 1, 1), {"owed_applied": "service_ended"}, rates=FLAT)
    assert worked.step("debts applied to the deposit").figures == {"applied_cents": 0}
    assert worked.step("deposit left").figures == {"deposit_left_cents": 100_00}


def test_rounding_by_year_shows_each_year() -> None:
    worked = unclaimed_of(EXAMPLE, AS_OF, {"rounding_point": "year"})
    years = {year: worked.step(f"base interest of {year}").figures["year_cents"] for year in range(2022, 2027)}
    assert years == {2022: 13, 2023: 338, 2024: 986, 2025: 986, 2026: 608}
    assert worked.step("base interest").figures["base_interest_cents"] == 13 + 338 + 986 + 986 + 608
    # 608.09 + 246.58 = 854.66 in 2026.
    assert worked.step("interest in all of 2026").figures["year_cents"] == 855
    assert worked.step("interest in all").figures["interest_cents"] == 13 + 338 + 986 + 986 + 855


@pytest.mark.parametrize("kind", ["overcharge_refund", "cost_adjustment_credit"])
def test_what_is_no_unclaimed_money(kind: str) -> None:
    (step,) = unclaimed_of({**EXAMPLE, "kind": kind}, AS_OF).steps
    assert (step.label, step.figures["status"]) == ("status", "excluded")


def test_not_received_yet() -> None:
    (step,) = unclaimed_of({**EXAMPLE, "service_ended_date": None}, date(2022, 2, 28)).steps
    assert step.figures["status"] == "not_received"


def test_an_advance_without_interest_bears_the_surcharge_and_the_rate_from_then_on() -> None:
    row = {**SIMPLE, "kind": "construction_advance", "interest_payable": False}
    worked = unclaimed_of(row, date(2024, 1, 1), rates=FLAT)
    assert worked.step("interest on an advance").figures == {"interest_payable": False}
    assert worked.step("base interest").exact_cents == 243
    assert worked.step("interest in all").exact_cents == 243 + Fraction(600 * 243, 365)
    assert worked.step("days that earn").figures["accrued_days"] == 1095
    before = unclaimed_of(row, date(2023, 1, 2), rates=FLAT)
    assert before.result["interest_cents"] == 0
    assert before.step("base interest").formula == "sum of 0 lines"
    payable = unclaimed_of({**row, "interest_payable": True}, date(2024, 1, 1), rates=FLAT)
    assert payable.step("base interest").exact_cents == 1095


@pytest.mark.parametrize(
    ("columns", "scope", "trigger"),
    [
        ({"order_payable_date": date(2023, 1, 1)}, "order", date(2023, 1, 1)),
        ({"order_payable_date": date(2023, 1, 1), "efforts_made": False}, "order", date(2024, 3, 15)),
        ({"efforts_made": False}, "both", None),
        ({"service_ended_date": None}, "order", None),
        ({"service_ended_date": date(2026, 10, 1)}, "order", None),
    ],
)
def test_triggers(columns: dict[str, Any], scope: str, trigger: date | None) -> None:
    worked = unclaimed_of({**EXAMPLE, **columns}, AS_OF, {"efforts_scope": scope})
    assert worked.step("trigger").figures["trigger_date"] == trigger
    assert ("deemed unclaimed" in [step.label for step in worked.steps]) == (trigger is not None)


@pytest.mark.parametrize(
    ("columns", "status", "words"),
    [
        ({}, "overdue", "on or after 2026-07-17"),
        ({"paid_date": date(2026, 5, 1)}, "returned", "paid back 2026-05-01"),
        ({"remitted_date": date(2026, 5, 1)}, "remitted", "remitted 2026-05-01"),
        ({"service_ended_date": date(2024, 9, 1)}, "unclaimed", "on or after 2026-09-02"),
        ({"service_ended_date": date(2026, 9, 1)}, "waiting", "before 2028-09-02"),
        ({"service_ended_date": None}, "active", "no trigger"),
    ],
)
def test_statuses_say_why(columns: dict[str, Any], status: str, words: str) -> None:
    step = unclaimed_of({**EXAMPLE, **columns}, AS_OF).step("status")
    assert step.figures["status"] == status
    assert words in step.formula


def test_too_much_posted_leaves_a_negative_amount_due() -> None:
    worked = unclaimed_of({**EXAMPLE, "posted_cents": 50_00, "amounts_owed_cents": 500_00}, AS_OF)
    assert worked.step("interest due").figures == {"interest_due_cents": 3178 - 5000}
    assert worked.step("remittance").figures == {"remittance_cents": 0}


FIGURES = (
    "accrued_days", "base_interest_cents", "surcharge_interest_cents", "interest_cents", "interest_due_cents",
    "remittance_cents",
)  # fmt: skip


@pytest.mark.parametrize("figure", FIGURES)
def test_a_result_one_off_is_not_explained(figure: str) -> None:
    _refuse(unclaimed_of(EXAMPLE, AS_OF), {figure: unclaimed_of(EXAMPLE, AS_OF).result[figure] + 1})


@pytest.mark.parametrize("figure", ["deemed_unclaimed_date", "surcharge_from_date"])
def test_a_date_one_off_is_not_explained(figure: str) -> None:
    _refuse(unclaimed_of(EXAMPLE, AS_OF), {figure: date(2026, 1, 1)})


def _refuse(worked: Worked, wrong: dict[str, Any]) -> None:
    with pytest.raises(PuccalcError, match="differ"):
        report.steps(worked.row, {**worked.result, **wrong}, law=law_on(AS_OF), rates=shipped(), as_of=AS_OF)
