"""The twin of a participant's year against months worked out by hand.

The participant: electric heat, 6 % of 20,000.00 is 1,200.00 a year; a full annual bill of 1,800.00 leaves a credit of
600.00: each month 150.00 less 50.00. Bill 1 is dated 15 January 2026, bill 12 15 December.
"""

from datetime import date
from random import Random
from typing import Any

import pytest

from tests.reference.fixed_credit import NoRuleBand, OutOfRange, ShareOutsideBand, fixed_credit
from tests.reference.participant_year import KINDS, RepeatedEvent, participant_year

TARIFF: dict[str, Any] = {
    "share_ppm": {
        "electric_heat": 60_000,
        "electric_heat_with_gas": 50_000,
        "electric_other_heat": 30_000,
        "gas_heat": 30_000,
        "gas_electric_heat": 10_000,
    },
    "minimum_monthly_payment_cents": {"electric_heat": 10_00, "electric_other_heat": 5_00, "gas": 0},
    "leap_offset": True,
    "arrearage_months": 12,
    "copayment_ppm": 0,
}
END = date(2026, 12, 31)
NO_GUIDELINES: dict[str, Any] = {"fpl": {}, "ami": {}, "leap": {}}


def _row(**columns: object) -> dict[str, Any]:
    return {
        "participant_id": "P",
        "service": "electric",
        "primary_heating": "electric",
        "regulated_gas": False,
        "household_income_cents": 20_000_00,
        "household_size": 1,
        "full_annual_bill_cents": 1_800_00,
        "first_bill_date": date(2026, 1, 15),
        **columns,
    }


def _event(day: str, kind: str, amount: int | None = None, word: str | None = None) -> dict[str, Any]:
    return {"date": date.fromisoformat(day), "kind": kind, "amount_cents": amount, "word": word}


def _year(
    *events: dict[str, Any],
    tariff: dict[str, Any] = TARIFF,
    as_of: date = END,
    timing: str = "remaining",
    **row: object,
) -> list[dict[str, Any]]:
    return participant_year(_row(**row), list(events), tariff, as_of, grant_timing=timing)


def _column(months: list[dict[str, Any]], name: str) -> list[Any]:
    return [month[f"{name}_cents"] for month in months]


def test_a_year_without_events() -> None:
    # 60.00 of arrearage over 12 months.
    months = _year(arrearage_cents=60_00)
    assert [month["bill_date"] for month in months] == [date(2026, n, 15) for n in range(1, 13)]
    for n, month in enumerate(months, start=1):
        assert month == {
            "participant_id": "P",
            "service": "electric",
            "month": n,
            "bill_date": date(2026, n, 15),
            "in_program": True,
            "basis_bill_cents": 1_800_00,
            "share_ppm": 60_000,
            "expected_bill_cents": 150_00,
            "fixed_credit_cents": 50_00,
            "leap_to_unaffordable_cents": 0,
            "program_credit_cents": 50_00,
            "leap_to_arrearage_cents": 0,
            "leap_to_account_cents": 0,
            "credit_to_recover_cents": 0,
            "arrearage_credit_cents": 5_00,
            "copayment_cents": 0,
            "planned_payment_cents": 100_00,
            "arrearage_outstanding_cents": 60_00 - 5_00 * n,
            "causes": [],
            "due_on_exit_cents": 0,
        }


def test_bills_at_the_end_of_a_month() -> None:
    months = _year(first_bill_date=date(2025, 10, 31), as_of=date(2025, 11, 30))
    assert [str(month["bill_date"]) for month in months[:5]] == [
        "2025-10-31",
        "2025-11-30",
        "2025-12-31",
        "2026-01-31",
        "2026-02-28",
    ]


def test_extra_cents_come_first_in_bills_and_credits() -> None:
    months = _year(full_annual_bill_cents=1_800_05)
    assert _column(months, "expected_bill") == [150_01] * 5 + [150_00] * 7
    assert _column(months, "fixed_credit") == [50_01] * 5 + [50_00] * 7
    assert _column(months, "planned_payment") == [100_00] * 12


@pytest.mark.parametrize(
    ("event", "month", "basis", "share", "bill", "credit", "causes"),
    [
        # Move: 2,400.00 less 1,200.00, 200.00 and 100.00 a month; with another heat 3 %, 2,400.00 less 600.00.
        (("move", 2_400_00, None), 7, 2_400_00, 60_000, 200_00, 100_00, ["move"]),
        (("move", 2_400_00, "gas"), 7, 2_400_00, 30_000, 200_00, 150_00, ["move"]),
        (("heating", None, "other"), 7, 1_800_00, 30_000, 150_00, 100_00, ["heating"]),
        # Gas service too: 5 %, 1,800.00 less 1,000.00 is 800.00, 66.66 and eight extra cents.
        (("regulated_gas", None, "true"), 7, 1_800_00, 50_000, 150_00, 66_67, ["regulated_gas"]),
        (("income", 30_000_00, None), 7, 1_800_00, 60_000, 150_00, 0, ["income"]),
        # No income: twelve minimum payments of 10.00, 1,680.00.
        (("income", 0, None), 7, 1_800_00, 60_000, 150_00, 140_00, ["income"]),
        (("rate_change", 2_250_00, None), 7, 2_250_00, 60_000, 187_50, 87_50, ["rate_change"]),
        (("rate_change", 1_350_00, None), 7, 1_350_00, 60_000, 112_50, 12_50, ["rate_change"]),
        (("rate_change", 2_249_99, None), 7, 1_800_00, 60_000, 150_00, 50_00, ["not_due"]),
        (("partial_payment", 10_00, None), 7, 1_800_00, 60_000, 150_00, 50_00, ["partial_payment"]),
        (("payment", 10_00, None), 7, 1_800_00, 60_000, 150_00, 50_00, ["payment"]),
        (("missed_payment", None, None), 7, 1_800_00, 60_000, 150_00, 50_00, ["missed_payment"]),
    ],
)
def test_new_figures_act_from_the_next_bill_on(
    event: tuple[str, int | None, str | None],
    month: int,
    basis: int,
    share: int,
    bill: int,
    credit: int,
    causes: list[str],
) -> None:
    kind, amount, word = event
    # An event on the day of bill 6 and one on the day before bill 7 both act on bill 7.
    for day in ("2026-06-15", "2026-07-14"):
        months = _year(_event(day, kind, amount, word))
        assert _column(months, "fixed_credit") == [50_00] * (month - 1) + [credit] * (13 - month)
        assert _column(months, "expected_bill") == [150_00] * (month - 1) + [bill] * (13 - month)
        assert (months[6]["basis_bill_cents"], months[6]["share_ppm"]) == (basis, share)
        assert [each["causes"] for each in months] == [[]] * (month - 1) + [causes] + [[]] * (12 - month)


def test_the_first_entries_of_the_new_spread() -> None:
    # 2,400.05 less 1,200.00: 100.01 five times, then 100.00; from bill 10 on three of them.
    months = _year(_event("2026-09-20", "move", 2_400_05))
    assert _column(months, "fixed_credit")[8:] == [50_00] + [100_01] * 3
    assert _column(months, "expected_bill")[8:] == [150_00] + [200_01] * 3


def test_a_quarter_is_measured_from_the_basis_in_force() -> None:
    # 2,250.00 is due; 2,800.00 is less than a quarter above it; 2,812.50 is a quarter.
    first = _event("2026-02-01", "rate_change", 2_250_00)
    assert _year(first, _event("2026-03-01", "rate_change", 2_800_00))[11]["basis_bill_cents"] == 2_250_00
    assert _year(first, _event("2026-03-01", "rate_change", 2_812_50))[11]["basis_bill_cents"] == 2_812_50
    # On one day the move comes first, and the change of rates is measured from the bill there.
    move, change = _event("2026-03-01", "move", 2_250_00), _event("2026-03-01", "rate_change", 2_800_00)
    assert _year(change, move)[2]["causes"] == ["move", "not_due"]
    assert _year(change, move)[11]["basis_bill_cents"] == 2_250_00


def test_what_is_dated_later_has_not_happened() -> None:
    event = _event("2026-07-14", "income", 30_000_00)
    assert _column(_year(event, as_of=date(2026, 7, 13)), "fixed_credit") == [50_00] * 12
    assert _column(_year(event, as_of=date(2026, 7, 14)), "fixed_credit") == [50_00] * 6 + [0] * 6


def test_before_the_first_bill_and_after_the_last() -> None:
    assert _column(_year(_event("2025-12-01", "income", 30_000_00)), "fixed_credit") == [0] * 12
    months = _year(_event("2026-12-15", "income", 30_000_00))
    assert _column(months, "fixed_credit") == [50_00] * 12
    assert months[11]["causes"] == []


# Grants that act on bill 4: nine months, gross credits of 450.00; 45.00 of an arrearage of 60.00 are left.


def test_a_grant_covers_the_months_left() -> None:
    # 450.00 less 240.00 is 210.00: 23.33 a month and three extra cents; the grant's part 26.66 and 26.67.
    months = _year(_event("2026-03-15", "leap_grant", 240_00), arrearage_cents=60_00)
    assert _column(months, "program_credit") == [50_00] * 3 + [23_34] * 3 + [23_33] * 6
    assert _column(months, "leap_to_unaffordable") == [0] * 3 + [26_66] * 3 + [26_67] * 6
    assert _column(months, "fixed_credit") == [50_00] * 12
    assert _column(months, "planned_payment") == [100_00] * 12
    assert _column(months, "arrearage_credit") == [5_00] * 12


@pytest.mark.parametrize(
    ("timing", "grant", "to_arrearage", "to_account", "recovered"),
    [
        ("remaining", 450_00, 0, 0, 0),
        ("remaining", 460_00, 10_00, 0, 0),
        ("remaining", 500_00, 45_00, 5_00, 0),
        # The year's 600.00: 150.00 were given in the first three months and come back to the program.
        ("annual", 450_00, 0, 0, 0),
        ("annual", 500_00, 0, 0, 50_00),
        ("annual", 600_00, 0, 0, 150_00),
        ("annual", 700_00, 45_00, 55_00, 150_00),
    ],
)
def test_what_exceeds_a_grant_s_cover(
    timing: str, grant: int, to_arrearage: int, to_account: int, recovered: int
) -> None:
    months = _year(_event("2026-04-01", "leap_grant", grant), timing=timing, arrearage_cents=60_00)
    assert _column(months, "program_credit") == [50_00] * 3 + [0] * 9
    assert _column(months, "leap_to_arrearage") == [0] * 3 + [to_arrearage] + [0] * 8
    assert _column(months, "leap_to_account") == [0] * 3 + [to_account] + [0] * 8
    assert _column(months, "credit_to_recover") == [0] * 3 + [recovered] + [0] * 8
    left = 45_00 - to_arrearage
    assert sum(_column(months, "arrearage_credit")[3:]) == left
    assert months[11]["arrearage_outstanding_cents"] == 0


def test_two_grants() -> None:
    # Bill 4: 90.00 of 450.00, program 40.00 a month. Bill 10: 30.00 of it are left and 120.00 come: all 150.00 covered.
    months = _year(_event("2026-04-01", "leap_grant", 90_00), _event("2026-10-01", "leap_grant", 120_00))
    assert _column(months, "program_credit") == [50_00] * 3 + [40_00] * 6 + [0] * 3
    # On one day they add up: 450.00 less 210.00 is 240.00, 26.66 and six extra cents.
    both = _year(_event("2026-04-01", "leap_grant", 90_00), _event("2026-04-01", "leap_grant", 120_00))
    assert _column(both, "program_credit") == [50_00] * 3 + [26_67] * 6 + [26_66] * 3


def test_a_grant_at_the_start_is_that_of_the_yearly_figures() -> None:
    row = _row(leap_grant_cents=630_00, arrearage_cents=60_00, arrearage_copay_cents=36_00, county_fips=None)
    yearly = fixed_credit(row, TARIFF, NO_GUIDELINES, END)
    months = participant_year(row, [], TARIFF, END)
    # 600.00 covered, 30.00 to the arrearage; copayments of 36.00 are cut to the 30.00 left.
    assert _column(months, "program_credit") == yearly["monthly_credit_cents"] == [0] * 12
    assert _column(months, "leap_to_arrearage") == [yearly["leap_to_arrearage_cents"]] + [0] * 11 == [30_00] + [0] * 11
    assert _column(months, "arrearage_credit") == yearly["arrearage_credit_cents"] == [0] * 12
    assert _column(months, "copayment") == [2_50] * 12


def test_without_an_offset_a_grant_goes_to_the_account() -> None:
    tariff = TARIFF | {"leap_offset": False}
    for timing in ("remaining", "annual"):
        event = _event("2026-04-01", "leap_grant", 500_00)
        months = _year(event, tariff=tariff, timing=timing, arrearage_cents=60_00)
        assert _column(months, "program_credit") == [50_00] * 12
        assert _column(months, "leap_to_account") == [0] * 3 + [500_00] + [0] * 8
        assert _column(months, "leap_to_arrearage") == _column(months, "leap_to_unaffordable") == [0] * 12


def test_a_smaller_credit_after_a_grant() -> None:
    # 240.00 from bill 4; bills 4-6 use 3 x 26.66: 160.02 left. A bill of 1,260.00 leaves 60.00 a year, 30.00 to cover;
    # 130.02 over: 30.00 to the arrearage (six months of 5.00 are left), 100.02 to the account.
    events = [_event("2026-04-01", "leap_grant", 240_00), _event("2026-07-01", "move", 1_260_00)]
    months = _year(*events, arrearage_cents=60_00)
    assert _column(months, "fixed_credit") == [50_00] * 6 + [5_00] * 6
    assert _column(months, "program_credit")[6:] == [0] * 6
    assert _column(months, "leap_to_unaffordable")[6:] == [5_00] * 6
    assert (months[6]["leap_to_arrearage_cents"], months[6]["leap_to_account_cents"]) == (30_00, 100_02)
    # A larger one: 1,200.00 a year, 600.00 for six months less 160.02: 73.33 = 439.98 / 6.
    larger = _year(events[0], _event("2026-07-01", "move", 2_400_00))
    assert _column(larger, "program_credit")[6:] == [73_33] * 6
    assert _column(larger, "leap_to_unaffordable")[6:] == [26_67] * 6


def test_events_between_two_bills_act_together() -> None:
    # A move that leaves no credit and a raise of the bill before the next bill: the grant covers what holds at bill 4.
    events = [
        _event("2026-03-20", "leap_grant", 240_00),
        _event("2026-03-25", "move", 1_000_00),
        _event("2026-03-30", "move", 1_800_00),
    ]
    months = _year(*events, arrearage_cents=60_00)
    assert _column(months, "program_credit")[3:] == [23_34] * 3 + [23_33] * 6
    assert months[3]["causes"] == ["leap_grant", "move"]


def test_exit() -> None:
    # At bill 5: four credits of 5.00 gone, 40.00 fall due.
    for kind in ("exit", "move_out"):
        months = _year(_event("2026-04-15", kind), arrearage_cents=60_00)
        assert [month["in_program"] for month in months] == [True] * 4 + [False] * 8
        assert _column(months, "due_on_exit") == [0] * 4 + [40_00] + [0] * 7
        assert _column(months, "arrearage_outstanding") == [55_00, 50_00, 45_00, 40_00] + [0] * 8
        assert months[4]["causes"] == [kind]
        for name in ("fixed_credit", "program_credit", "arrearage_credit", "planned_payment", "expected_bill"):
            assert _column(months, name)[4:] == [0] * 8


def test_what_is_left_of_a_grant_on_exit() -> None:
    # 240.00 less the 26.66 of bill 4: 213.34; 40.00 to the arrearage, 173.34 to the account.
    events = [_event("2026-04-01", "leap_grant", 240_00), _event("2026-04-20", "exit")]
    month = _year(*events, arrearage_cents=60_00)[4]
    figures = [month[f"{name}_cents"] for name in ("leap_to_arrearage", "leap_to_account", "due_on_exit")]
    assert figures == [40_00, 173_34, 0]
    # A grant between bill 4 and the exit, of 10.00 in all: 40.00 less 10.00 fall due. One after the exit is not ours.
    late = [_event("2026-04-16", "leap_grant", 10_00), _event("2026-04-20", "exit")]
    month = _year(*late, _event("2026-04-21", "leap_grant", 5_00), arrearage_cents=60_00)[4]
    assert (month["leap_to_arrearage_cents"], month["due_on_exit_cents"]) == (10_00, 30_00)
    assert month["causes"] == ["leap_grant", "exit"]


def test_an_exit_after_the_last_bill() -> None:
    months = _year(_event("2026-12-15", "exit"), arrearage_cents=60_00, arrearage_months=24)
    assert months[11]["in_program"]
    assert months[11]["arrearage_credit_cents"] == 2_50
    assert months[11]["due_on_exit_cents"] == 30_00
    assert (months[11]["arrearage_outstanding_cents"], months[11]["causes"]) == (0, ["exit"])


def test_arrearage_over_years_with_copayments() -> None:
    # 120.00 left, 12 of 24 months gone: copayments of 24.00, 2.00 a month, credits of 8.00.
    months = _year(
        arrearage_cents=120_00, arrearage_months=24, arrearage_elapsed_months=12, arrearage_copay_cents=24_00
    )
    assert _column(months, "copayment") == [2_00] * 12
    assert _column(months, "arrearage_credit") == [8_00] * 12
    assert _column(months, "planned_payment") == [102_00] * 12
    # Nineteen of 24 gone: five months.
    months = _year(arrearage_cents=10_02, arrearage_months=24, arrearage_elapsed_months=19)
    assert _column(months, "arrearage_credit") == [2_01, 2_01, 2_00, 2_00, 2_00] + [0] * 7


def test_a_grant_cuts_copayments_to_what_is_left() -> None:
    # At bill 4 copayments of 27.00 and credits of 18.00 are left; a grant leaves 9.00: copayments of 1.00, no credit.
    months = _year(_event("2026-04-01", "leap_grant", 486_00), arrearage_cents=60_00, arrearage_copay_cents=36_00)
    assert months[3]["leap_to_arrearage_cents"] == 36_00
    assert _column(months, "copayment") == [3_00] * 3 + [1_00] * 9
    assert _column(months, "arrearage_credit") == [2_00] * 3 + [0] * 9


def test_a_missed_payment_withholds_a_credit_where_the_tariff_says_so() -> None:
    missed = _event("2026-02-20", "missed_payment")
    assert _column(_year(missed, arrearage_cents=60_00), "arrearage_credit") == [5_00] * 12
    # Bill 3: nothing; 50.00 over nine months is 5.55 and five extra cents.
    tariff = TARIFF | {"arrearage_condition": "payment"}
    months = _year(missed, tariff=tariff, arrearage_cents=60_00)
    assert _column(months, "arrearage_credit") == [5_00] * 2 + [0] + [5_56] * 5 + [5_55] * 4
    assert _column(months, "fixed_credit") == [50_00] * 12
    partial = _event("2026-02-20", "partial_payment", 1_00)
    assert _column(_year(partial, tariff=tariff, arrearage_cents=60_00), "arrearage_credit") == [5_00] * 12
    # No month remains after the last one.
    last = _year(_event("2026-11-20", "missed_payment"), tariff=tariff, arrearage_cents=60_00)
    assert _column(last, "arrearage_credit") == [5_00] * 12


def test_budget_billing_moves_payments_and_not_credits() -> None:
    # A bill of 1,000.07, all of it affordable: 83.34 eleven times and 83.33. A twelfth rounded down is 83.33.
    bill = 1_000_07
    on = _event("2026-01-01", "budget_billing", word="on")
    months = _year(on, full_annual_bill_cents=bill)
    assert _column(months, "planned_payment") == [83_33] * 11 + [83_44]
    # From bill 7: 500.03 over six months is 83.33; the settlement 83.38.
    later = _event("2026-07-01", "budget_billing", word="on")
    months = _year(later, full_annual_bill_cents=bill)
    assert _column(months, "planned_payment") == [83_34] * 6 + [83_33] * 5 + [83_38]
    # Off at bill 10: three cents are carried.
    off = _event("2026-10-01", "budget_billing", word="off")
    months = _year(later, off, full_annual_bill_cents=bill)
    assert _column(months, "planned_payment") == [83_34] * 6 + [83_33] * 3 + [83_37, 83_34, 83_33]
    assert _column(months, "fixed_credit") == [0] * 12
    # A new bill in the middle: 6 x 83.34 less 6 x 83.33 leaves 0.06, and 600.06 over six months is 100.01.
    months = _year(on, _event("2026-07-01", "move", 1_200_00), full_annual_bill_cents=bill)
    assert _column(months, "planned_payment") == [83_33] * 6 + [100_01] * 6


def test_the_row_s_own_basis() -> None:
    # The yearly figures' schedule: 1,800.00 is the basis, 2,400.00 new, four months remaining.
    columns: dict[str, Any] = {"basis_bill_cents": 1_800_00, "full_annual_bill_cents": 2_400_00}
    months = _year(**columns, months_remaining=4)
    yearly = fixed_credit(_row(**columns, months_remaining=4, county_fips=None), TARIFF, NO_GUIDELINES, END)
    assert _column(months, "fixed_credit") == yearly["monthly_credit_cents"] == [50_00] * 8 + [100_00] * 4
    assert months[8]["causes"] == ["rate_change"]
    assert _column(_year(**columns), "fixed_credit") == [100_00] * 12
    assert _column(_year(**columns, months_remaining=0), "fixed_credit") == [50_00] * 12
    below: dict[str, Any] = {"basis_bill_cents": 1_800_00, "full_annual_bill_cents": 2_000_00}
    assert _column(_year(**below), "fixed_credit") == [50_00] * 12


def test_a_share_of_the_row_stays_while_its_band_holds_it() -> None:
    # 4 % holds with gas service too (3-5 %); with another heat (2-3 %) the tariff's share does.
    events = [_event("2026-04-01", "regulated_gas", word="true"), _event("2026-07-01", "heating", word="other")]
    months = _year(*events, share_ppm=40_000)
    assert [month["share_ppm"] for month in months] == [40_000] * 6 + [30_000] * 6


def test_refusals() -> None:
    with pytest.raises(RepeatedEvent):
        _year(_event("2026-04-01", "income", 1), _event("2026-04-01", "income", 2))
    with pytest.raises(ShareOutsideBand):
        _year(share_ppm=20_000)
    with pytest.raises(NoRuleBand):
        _year(_event("2026-04-01", "heating", word="other"), service="gas", primary_heating="gas")
    refused: list[dict[str, Any]] = [
        {"arrearage_months": 12, "arrearage_elapsed_months": 12},
        {"arrearage_months": 25},
        {"arrearage_cents": 1, "arrearage_copay_cents": 200_01},
        {"months_remaining": 13},
    ]
    for columns in refused:
        with pytest.raises(OutOfRange):
            _year(**columns)
    with pytest.raises(KeyError):
        _year(timing="other")


def _random_event(random: Random) -> dict[str, Any]:
    kind = random.choice(KINDS[:-2])
    word = {
        "move": random.choice((None, "gas")),
        "heating": random.choice(("electric", "other")),
        "regulated_gas": random.choice(("true", "false")),
        "budget_billing": random.choice(("on", "off")),
    }.get(kind)
    day = date.fromordinal(date(2025, 12, 20).toordinal() + random.randrange(360))
    return {"date": day, "kind": kind, "amount_cents": random.randrange(300_000), "word": word}


@pytest.mark.parametrize("timing", ["remaining", "annual"])
def test_no_cent_is_lost(timing: str) -> None:
    random = Random(timing)  # noqa: S311 - test data
    tariff = TARIFF | {"arrearage_condition": "payment"}
    for _ in range(300):
        events = [_random_event(random) for _ in range(random.randrange(6))]
        if random.random() < 0.3:
            events.append(_random_event(random) | {"kind": "exit"})
        arrearage = random.randrange(50_000)
        row: dict[str, Any] = {"arrearage_cents": arrearage, "arrearage_copay_cents": random.randrange(200_00)}
        months = _year(*events, tariff=tariff, timing=timing, arrearage_months=random.choice((1, 7, 12)), **row)
        paid = ("arrearage_credit", "copayment", "leap_to_arrearage", "due_on_exit")
        assert sum(sum(_column(months, name)) for name in paid) == arrearage
        left_at = min((e["date"] for e in events if e["kind"] == "exit"), default=date(2026, 12, 14))
        grants = [e for e in events if e["kind"] == "leap_grant" and e["date"] <= min(left_at, date(2026, 12, 14))]
        used = ("leap_to_unaffordable", "leap_to_arrearage", "leap_to_account", "credit_to_recover")
        assert sum(sum(_column(months, name)) for name in used) == sum(e["amount_cents"] for e in grants)
        for month in months:
            assert month["fixed_credit_cents"] == month["program_credit_cents"] + month["leap_to_unaffordable_cents"]
            assert min(value for name, value in month.items() if name.endswith("_cents")) >= 0
