"""Deposits with transactions: amounts worked out by hand, equality with plain rows, what is refused.

Random rows are compared with the twin in tests/columns/against_twins.py.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from calc.columns import transactions, unclaimed
from calc.columns.evaluation import Evaluation
from calc.columns.transactions import Settled
from calc.errors import InputError, Reason
from calc.kernels.arrays import Int64
from calc.kernels.calendar import DAY_ENDS
from calc.rates.computing.table import RateTable, load_rate_table
from calc.rules.resolve import Rules, load_rules
from tests import portfolio
from tests.columns.against_twins import random_switches

TEN_PERCENT = RateTable.flat(100_000)  # 3,650.00 earns a dollar a day in a year of 365 days, and 60 cents of points
NOTHING = RateTable.flat(0)
TOP = 3_650_00
AS_OF = date(2026, 10, 31)

Event = tuple[str, str, int]
"""Kind, ISO date, cents."""


def row(number: int = 0, /, **columns: Any) -> portfolio.Row:  # noqa: ANN401 - a column of any type
    """A plain deposit whose own principal and date must not count beside principal events."""
    given: portfolio.Row = dict.fromkeys(portfolio.DEPOSIT_SCHEMA) | {
        "deposit_id": f"D{number}",
        "account_id": "A",
        "service": "electric",
        "principal_cents": 77_77,
        "received_date": date(2001, 2, 3),
    }
    dates = {name: date.fromisoformat(value) for name, value in columns.items() if name.endswith("_date")}
    return given | columns | dates


def events(of: str, *given: Event) -> list[portfolio.Row]:
    return [
        {"deposit_id": of, "date": date.fromisoformat(day), "kind": kind, "amount_cents": cents}
        for kind, day, cents in given
    ]


def principal(*changes: tuple[str, int]) -> list[Event]:
    return [("principal", day, cents) for day, cents in changes]


def settle(
    rows: Iterable[portfolio.Row],
    moves: Iterable[portfolio.Row],
    as_of: date = AS_OF,
    rules: Rules | None = None,
    rates: RateTable = TEN_PERCENT,
    **options: int | Int64,
) -> Settled:
    given: dict[str, Any] = {"rules": rules or load_rules(as_of), "rates": rates, "as_of": as_of, **options}
    return transactions.evaluate(portfolio.deposits(rows), portfolio.transactions(moves), **given)


def one(
    given: portfolio.Row, moves: Iterable[Event], as_of: str, rates: RateTable = TEN_PERCENT, /, **switches: str
) -> dict[str, Any]:
    """Results of a good row, with the principal that the evaluation says."""
    day = date.fromisoformat(as_of)
    found, _ = settle([given], events("D0", *moves), day, load_rules(day, switches=switches), rates)
    assert found.reasons.tolist() == [0]
    return found.results.row(0, named=True) | {"principal_cents": int(found.inputs["principal_cents"][0])}


def picked(found: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(found[name] for name in names)


def codes(masks: Int64) -> list[Reason]:
    return [Reason(int(mask)) for mask in masks]


@pytest.mark.parametrize(
    ("changes", "cents", "held"),
    [
        # 200.00 over 2023 at 1.69 %, then half of it over 2024 at 4.93 %.
        ([("2023-01-01", 200_00), ("2024-01-01", -100_00)], 3_38 + 4_93, 100_00),
        # 100.00 over both years, another 100.00 over 2024.
        ([("2023-01-01", 100_00), ("2024-01-01", 100_00)], 1_69 + 2 * 4_93, 200_00),
        # 33.33 + 33.33 + 33.34 in three receipts: 100.00 over 2024, rounded once.
        ([("2024-01-01", 33_33), ("2024-01-01", 33_33), ("2024-01-01", 33_34)], 4_93, 100_00),
        # Out and in on one day: 150.00 less 50.00.
        ([("2024-01-01", -50_00), ("2024-01-01", 150_00)], 4_93, 100_00),
        # Received on the as-of date: held, nothing earned; and what comes later has not happened.
        ([("2024-01-01", 100_00), ("2025-01-01", 50_00), ("2025-01-02", -20_00)], 4_93, 150_00),
    ],
)
def test_published_rates_on_the_balance(changes: list[tuple[str, int]], cents: int, held: int) -> None:
    rates = load_rate_table(load_rules(AS_OF).electric.annual_rate)
    for order in (changes, changes[::-1]):
        found = one(row(), principal(*order), "2025-01-01", rates)
        assert picked(found, "status", "interest_cents", "principal_cents") == ("active", cents, held)
        assert found["accrued_days"] == (366 if changes[0][0].startswith("2024") else 731)


def test_the_worked_example_in_two_installments() -> None:
    """RULES: 200.00 received 2022-03-01, service ended 2024-03-15, remitted 2026-09-30: 29.32 + 2.46."""
    found = one(
        row(service_ended_date="2024-03-15", remitted_date="2026-09-30"),
        principal(("2022-03-01", 120_00), ("2022-03-01", 80_00)),
        "2026-09-30",
        load_rate_table(load_rules(AS_OF).electric.annual_rate),
    )
    amounts = ("status", "base_interest_cents", "surcharge_interest_cents", "interest_cents", "remittance_cents")
    assert picked(found, *amounts) == ("remitted", 29_32, 2_46, 31_78, 231_78)


# An advance owed 7,300.00 from 2026-07-07; points from 2026-07-17; half of it refunded on the 24th. By the 31st: 10 + 7
# days at 2.00 and 7 at 1.00, points of 1.20 on 7 days and of 0.60 on 7.
OWED_LATE: dict[str, Any] = {"kind": "construction_advance", "service_ended_date": "2024-03-15"}
HALVED = principal(("2026-07-24", -TOP), ("2026-07-07", 2 * TOP))


@pytest.mark.parametrize(
    ("owed", "switches", "points"),
    [
        (0, {}, 7 * 1_20 + 7 * 60),
        (0, {"surcharge_mode": "multiplicative"}, 7 * 12 + 7 * 6),
        (TOP, {}, 7 * 1_20 + 7 * 60),
        (TOP, {"surcharge_principal": "net_of_owed"}, 7 * 60 + 0),
        (TOP // 2, {"surcharge_principal": "net_of_owed"}, 7 * 90 + 7 * 30),
        (3 * TOP, {"surcharge_principal": "net_of_owed"}, 0),
        # 20.00 earned by the 17th; 6 % a year of it for 14 days is 4.6 cents.
        (0, {"surcharge_base": "principal_plus_accrued"}, 7 * 1_20 + 7 * 60 + 5),
        (3 * TOP, {"surcharge_base": "principal_plus_accrued", "surcharge_principal": "net_of_owed"}, 5),
    ],
)
def test_points_on_the_balance(owed: int, switches: dict[str, str], points: int) -> None:
    given = row(**OWED_LATE, amounts_owed_cents=owed)
    found = one(given, HALVED, "2026-07-31", **switches)
    assert picked(found, "status", "base_interest_cents", "surcharge_interest_cents") == ("overdue", 41_00, points)
    assert found["remittance_cents"] == max(0, TOP + 41_00 + points - owed)


def test_an_advance_without_interest_earns_from_the_surcharge_on() -> None:
    given = row(**OWED_LATE, interest_payable=False)
    found = one(given, HALVED, "2026-07-31")
    assert picked(found, "accrued_days", "base_interest_cents", "surcharge_interest_cents") == (24, 21_00, 12_60)


def test_each_year_rounded() -> None:
    """Half a cent a day for each 18.25. 2023: 0.5 + 1.0; 2025: 1.0 + 0.5 (over 365 days as 2023 is)."""
    moves = principal(("2025-12-30", 18_25), ("2025-12-31", 18_25), ("2026-01-02", -18_25))
    assert one(row(), moves, "2026-01-03")["interest_cents"] == 3
    assert one(row(), moves, "2026-01-03", rounding_point="year")["interest_cents"] == 4


@pytest.mark.parametrize(
    ("changes", "columns", "status", "days", "dollars", "held"),
    [
        # The refund that leaves nothing is the payment, and what it paid out is the principal.
        ([("2023-01-01", TOP), ("2023-01-11", -TOP)], {}, "returned", 10, 10, TOP),
        ([("2023-01-01", 2 * TOP), ("2023-01-06", -TOP), ("2023-01-11", -TOP)], {}, "returned", 10, 15, TOP),
        # Nothing comes after it but a receipt of nothing.
        ([("2023-01-01", TOP), ("2023-01-11", -TOP), ("2023-01-13", 0)], {}, "returned", 10, 10, TOP),
        # Money came in again: the deposit goes on.
        ([("2023-01-01", TOP), ("2023-01-11", -TOP), ("2023-01-21", TOP)], {}, "active", 30, 20, TOP),
        # ... and was paid out again: that is the payment.
        (
            [("2023-01-01", TOP), ("2023-01-11", -TOP), ("2023-01-21", TOP), ("2023-01-26", -TOP)],
            {}, "returned", 25, 15, TOP,
        ),
        # A refund after the as-of date has not happened.
        ([("2023-01-01", TOP), ("2023-02-01", -TOP)], {}, "active", 30, 30, TOP),
        # The row's own payment, where it is first.
        ([("2023-01-01", TOP), ("2023-01-11", -TOP)], {"paid_date": "2023-01-06"}, "returned", 5, 5, TOP),
        ([("2023-01-01", TOP), ("2023-01-11", -TOP)], {"paid_date": "2023-01-21"}, "returned", 10, 10, TOP),
        ([("2023-01-01", TOP), ("2023-01-11", TOP)], {"paid_date": "2023-01-06"}, "returned", 5, 5, TOP),
        # Remitted first, or on the same day: what is held at the end of that day.
        ([("2023-01-01", TOP), ("2023-01-11", -TOP)], {"remitted_date": "2023-01-06"}, "remitted", 5, 5, TOP),
        ([("2023-01-01", TOP), ("2023-01-11", -TOP)], {"remitted_date": "2023-01-11"}, "remitted", 10, 10, 0),
        ([("2023-01-01", TOP), ("2023-01-11", -TOP)], {"remitted_date": "2023-01-21"}, "returned", 10, 10, TOP),
        # A receipt of nothing was never refunded.
        ([("2023-01-01", 0)], {}, "active", 30, 0, 0),
        ([("2023-02-01", TOP)], {}, "not_received", 0, 0, 0),
    ],
)  # fmt: skip
def test_payment(
    changes: list[tuple[str, int]], columns: dict[str, str], status: str, days: int, dollars: int, held: int
) -> None:
    found = one(row(**columns), principal(*changes), "2023-01-31")
    names = ("status", "accrued_days", "interest_cents", "principal_cents")
    assert picked(found, *names) == (status, days, dollars * 100, held)
    assert found["remittance_cents"] == (held + dollars * 100 if status == "remitted" else 0)


def test_postings_and_debts_count_once_they_are_dated() -> None:
    moves = [
        *principal(("2026-03-06", TOP)),
        ("posting", "2026-03-10", 3_00),
        ("posting", "2026-04-30", 2_00),
        ("posting", "2026-05-01", 1_00),
        ("owed", "2026-04-01", 100_00),
        ("owed", "2026-05-01", 1_000_00),
    ]
    given = row(**OWED_LATE, remitted_date="2026-03-26", posted_cents=1_50, amounts_owed_cents=10_00)
    found, _ = settle([given], events("D0", *moves), date(2026, 4, 30))
    assert found.results["interest_due_cents"].to_list() == [20_00 - 6_50]
    assert found.results["remittance_cents"].to_list() == [TOP + 20_00 - 6_50 - 110_00]
    assert {name: found.inputs[name].tolist() for name in ("posted_cents", "amounts_owed_cents")} == {
        "posted_cents": [6_50],
        "amounts_owed_cents": [110_00],
    }
    assert one(given, moves, "2026-05-01")["remittance_cents"] == TOP + 20_00 - 7_50 - 1_110_00
    # Without principal events the row keeps its own principal and date.
    plain = given | {"principal_cents": TOP, "received_date": date(2026, 3, 6)}
    assert one(plain, moves[1:], "2026-04-30") == one(given, moves, "2026-04-30")


def evaluations(seed: int, rows: int) -> Iterable[tuple[Random, list[portfolio.Row], Rules, RateTable, date]]:
    """Random deposits under the default readings and under random ones."""
    random = Random(seed)  # noqa: S311 - test data
    for _ in range(12):
        as_of = portfolio.any_day(random, date(1995, 1, 1), portfolio.LAST)
        rules = load_rules(as_of, switches=random_switches(random))
        given = [
            portfolio.deposit(random, number, as_of, dict.fromkeys(range(1990, 2028), 493)) for number in range(rows)
        ]
        yield random, given, rules, load_rate_table(rules.electric.annual_rate), as_of


def assert_same(found: Evaluation, expected: Evaluation) -> None:
    assert_frame_equal(found.results, expected.results)
    assert found.reasons.tolist() == expected.reasons.tolist()
    assert {name: values.tolist() for name, values in found.inputs.items()} == {
        name: values.tolist() for name, values in expected.inputs.items()
    }


def test_one_receipt_equals_a_plain_row() -> None:
    for random, given, rules, rates, as_of in evaluations(11, 400):
        expected = unclaimed.evaluate(portfolio.deposits(given), rules=rules, rates=rates, as_of=as_of)
        moves = [
            {"deposit_id": each["deposit_id"], "date": each["received_date"], "kind": "principal",
             "amount_cents": each["principal_cents"]}
            for each in given
        ]  # fmt: skip
        received = portfolio.deposits(given).filter(pl.Series(expected.reasons == 0))["received_date"]
        held = np.where((received <= as_of).to_numpy(), expected.inputs["principal_cents"], 0)  # later: nothing yet
        expected = expected._replace(inputs=expected.inputs | {"principal_cents": held})
        random.shuffle(moves)
        blank = [each | {"principal_cents": 1, "received_date": date(2000, 1, 1)} for each in given]
        found, reasons = settle(blank, moves, as_of, rules=rules, rates=rates)
        assert not reasons.any()
        principal = pl.Series("principal_cents", held)  # of a plain row as given, of transactions what is held by then
        expected = expected._replace(results=expected.results.with_columns(principal))
        assert_same(found, expected)


@pytest.mark.parametrize("day_ends", list(DAY_ENDS))
def test_a_receipt_on_the_end_date_counts_as_a_plain_row_does(day_ends: str) -> None:
    found = one(row(), principal(("2023-01-31", TOP)), "2023-01-31", day_ends=day_ends)
    earned = 1_00 if day_ends == "both" else 0
    assert picked(found, "accrued_days", "interest_cents") == (earned // 100, earned)


def test_receipt_and_refund_equal_a_plain_row_that_was_paid() -> None:
    """Whatever counts as the day of payment counts for the refund that leaves nothing, also on the day of receipt."""
    for _, given, rules, rates, as_of in evaluations(12, 400):
        paid = [each for each in given if each["paid_date"] and each["paid_date"] <= as_of and each["principal_cents"]]
        plain = portfolio.deposits(paid)
        expected = unclaimed.evaluate(plain, rules=rules, rates=rates, as_of=as_of)
        moves = [
            {"deposit_id": each["deposit_id"], "date": each[day], "kind": "principal",
             "amount_cents": sign * each["principal_cents"]}
            for each in paid
            for day, sign in (("paid_date", -1), ("received_date", 1))
        ]  # fmt: skip
        unpaid = [each | {"paid_date": None} for each in paid]
        found, _ = settle(unpaid, moves, as_of, rules=rules, rates=rates)
        assert found.reasons.tolist() == expected.reasons.tolist()
        on_one_day = pl.col("accrued_days") == 0  # nothing was held before the day of the refund
        assert_frame_equal(
            found.results.filter((pl.col("status") == "returned") & ~on_one_day),
            expected.results.filter((pl.col("status") == "returned") & ~on_one_day),
        )
        # Remitted on the very day of the refund: the same but for what was left to remit.
        amounts = ("deposit_id", "status", "accrued_days", "base_interest_cents", "surcharge_interest_cents")
        assert_frame_equal(found.results.select(amounts), expected.results.select(amounts))


def test_rows_without_transactions_are_plain_rows() -> None:
    for _, given, rules, rates, as_of in evaluations(13, 50):
        expected = unclaimed.evaluate(portfolio.deposits(given), rules=rules, rates=rates, as_of=as_of)
        assert_same(settle(given, [], as_of, rules=rules, rates=rates).deposits, expected)
        alone, _ = settle(given, events("D7", *HALVED), as_of, rules=rules, rates=rates)
        assert_frame_equal(
            alone.results.filter(pl.col("deposit_id") != "D7"), expected.results.filter(pl.col("deposit_id") != "D7")
        )


def test_threads_and_order_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    random, given, rules, rates, as_of = next(iter(evaluations(14, 500)))
    moves = [event for each in given for event in portfolio.events(random, each)]
    expected, _ = settle(given, moves, as_of, rules=rules, rates=rates)
    assert expected.reasons.any()
    assert expected.results.height > 400
    monkeypatch.setattr("calc.columns.blocks.BLOCK_ROWS", 7)
    for threads in (1, 2, 4):
        random.shuffle(moves)
        assert_same(settle(given, moves, as_of, rules=rules, rates=rates, threads=threads).deposits, expected)


def test_each_service_has_its_own_rules() -> None:
    rules = load_rules(AS_OF)
    whole_years = replace(rules.gas.deposit_interest, rounding_mode="down")
    rules = replace(rules, gas=replace(rules.gas, deposit_interest=whole_years))
    moves = [("principal", "2023-01-01", 18_25), ("principal", "2023-01-02", 18_25)]  # 1.5 cents by the third
    rows = [row(number, service=service) for number, service in enumerate(("gas", "electric", "gas"))]
    found, _ = settle(rows, [*events("D0", *moves), *events("D1", *moves)], date(2023, 1, 3), rules=rules)
    assert found.results["interest_cents"].to_list()[:2] == [1, 2]
    assert found.results["accrued_days"].to_list() == [2, 2, (date(2023, 1, 3) - date(2001, 2, 3)).days]


@pytest.mark.parametrize(
    ("changes", "as_of", "reason"),
    [
        ([("2023-01-01", TOP), ("2023-01-11", -TOP - 1)], "2023-01-10", 0),
        ([("2023-01-01", TOP), ("2023-01-11", -TOP - 1)], "2023-01-11", Reason.negative_balance),
        ([("2023-01-01", TOP), ("2023-01-11", -TOP - 1), ("2023-01-12", 9)], "2023-02-01", Reason.negative_balance),
        ([("2023-01-01", TOP), ("2023-01-11", -TOP - 1), ("2023-01-11", 1)], "2023-02-01", 0),
        ([("2023-01-01", -1), ("2023-01-02", 1)], "2023-02-01", Reason.negative_balance),
        ([("2023-01-01", 10**12), ("2023-01-02", 1)], "2023-01-01", 0),
        ([("2023-01-01", 10**12), ("2023-01-02", 1)], "2023-01-02", Reason.out_of_range),
        ([("2023-01-01", 10**12), ("2023-01-02", 1), ("2023-01-02", -1)], "2023-02-01", 0),
        ([("1980-01-01", TOP), ("2023-01-02", 1)], "2023-02-01", Reason.no_rate_in_force),
    ],
)
def test_balances_that_are_refused(changes: list[tuple[str, int]], as_of: str, reason: int) -> None:
    shipped = load_rate_table(load_rules(AS_OF).electric.annual_rate)
    for kind in ("deposit", "construction_advance"):
        given = [row(0, kind=kind), row(1)]
        found, refused = settle(given, events("D0", *principal(*changes)), date.fromisoformat(as_of), rates=shipped)
        assert codes(found.reasons) == [reason, 0]
        assert found.results["deposit_id"].to_list() == ["D0", "D1"][bool(reason) :]
        assert not refused.any()


@pytest.mark.parametrize("kind", ["posting", "owed"])
def test_sums_beyond_the_bound_are_refused(kind: str) -> None:
    moves = [(kind, "2023-01-01", 10**12), (kind, "2023-01-02", 1)]
    assert codes(settle([row()], events("D0", *moves[:1])).deposits.reasons) == [0]
    assert codes(settle([row()], events("D0", *moves)).deposits.reasons) == [Reason.out_of_range]
    given = row(posted_cents=1, amounts_owed_cents=1)
    assert codes(settle([given], events("D0", *moves[:1])).deposits.reasons) == [Reason.out_of_range]


def test_dates_are_held_against_the_first_event() -> None:
    """Whatever the row's own received_date says (here 2001-02-03)."""
    moves = principal(("2023-01-01", TOP), ("2023-02-01", -1))
    columns = ("paid_date", "remitted_date", "service_ended_date", "order_payable_date")
    before = [row(number, **{name: "2022-12-31"}) for number, name in enumerate(columns)]
    on_the_day = [row(4 + number, **{name: "2023-01-01"}) for number, name in enumerate(columns)]
    advance = row(8, kind="construction_advance", service_ended_date="2022-12-31")
    late = row(9, received_date="2024-01-01", paid_date="2023-01-05")
    rows = [*before, *on_the_day, advance, late]
    found, _ = settle(rows, [event for number in range(10) for event in events(f"D{number}", *moves)])
    assert codes(found.reasons) == [Reason.date_order] * 4 + [Reason(0)] * 6


BAD: list[tuple[dict[str, Any], int]] = [
    ({"deposit_id": "D0", "date": "2023-13-01", "kind": "principal", "amount_cents": "1"}, Reason.bad_date),
    ({"deposit_id": "D0", "date": None, "kind": "principal", "amount_cents": "1"}, Reason.missing_value),
    ({"deposit_id": "D0", "date": "1900-01-01", "kind": "principal", "amount_cents": "1"}, Reason.out_of_range),
    ({"deposit_id": "D0", "date": "2023-01-01", "kind": "Principal", "amount_cents": "1"}, Reason.unknown_value),
    ({"deposit_id": "D0", "date": "2023-01-01", "kind": "", "amount_cents": "-1"}, Reason.missing_value),
    ({"deposit_id": "D0", "date": "2023-01-01", "kind": "principal", "amount_cents": "1.00"}, Reason.not_a_number),
    ({"deposit_id": "D0", "date": "2023-01-01", "kind": "principal", "amount_cents": None}, Reason.missing_value),
    ({"deposit_id": "D0", "date": "2023-01-01", "kind": "posting", "amount_cents": "-1"}, Reason.negative_amount),
    ({"deposit_id": "D0", "date": "2023-01-01", "kind": "owed", "amount_cents": "-1"}, Reason.negative_amount),
    (
        {"deposit_id": "D0", "date": "x", "kind": "owed", "amount_cents": "-1"},
        Reason.negative_amount | Reason.bad_date,
    ),
]


@pytest.mark.parametrize(("bad", "reason"), BAD)
def test_a_bad_transaction_refuses_its_deposit(bad: dict[str, Any], reason: int) -> None:
    """The row is then judged by its own columns: what its other transactions add up to is not known."""
    good = {"deposit_id": "D0", "date": "2023-01-01", "kind": "principal", "amount_cents": "-5"}
    other = good | {"deposit_id": "D1", "amount_cents": "5"}
    moves = pl.DataFrame([good, bad, other], schema=dict.fromkeys(good, pl.String), orient="row")
    found, refused = transactions.evaluate(
        portfolio.deposits([row(0), row(1)]), moves, rules=load_rules(AS_OF), rates=TEN_PERCENT, as_of=AS_OF
    )
    assert codes(refused) == [0, reason, 0]
    assert codes(found.reasons) == [Reason.bad_transaction, 0]
    assert found.inputs["principal_cents"].tolist() == [5]


def test_transactions_without_a_deposit() -> None:
    moves = [*events("D1", *HALVED), *events("D0", *HALVED), *events("", *HALVED)]
    moves.append(events("D0", *HALVED)[0] | {"deposit_id": None})
    found, refused = settle([row(0), row(2) | {"deposit_id": ""}], moves)
    missing = Reason.missing_value
    unknown = Reason.unknown_deposit
    assert codes(refused) == [unknown, unknown, 0, 0, missing, missing, missing]
    assert codes(found.reasons) == [0, missing]
    nobody, refused = settle([], moves[:1])
    assert codes(refused) == [unknown]
    assert nobody.results.is_empty()


def test_an_id_that_stands_twice_owns_no_transactions() -> None:
    moves = events("D0", *HALVED)
    found, refused = settle([row(0), row(1), row(0), row(1)], moves)
    assert codes(found.reasons) == [Reason.duplicate_key, 0, Reason.duplicate_key, 0]
    assert not refused.any()


def test_reasons_known_before_stay() -> None:
    flagged = np.array([Reason.duplicate_key, 0, 0], dtype=np.int64)
    lines = np.array([0, 0, Reason.bad_line], dtype=np.int64)
    moves = [*events("D0", *HALVED), *events("D1", *HALVED[:1])]
    found, refused = settle([row(0), row(1), row(2)], moves, flagged=flagged, flagged_transactions=lines)
    assert codes(refused) == [0, 0, Reason.bad_line]
    assert codes(found.reasons) == [Reason.duplicate_key, Reason.bad_transaction, 0]
    assert found.results["deposit_id"].to_list() == ["D2"]


def test_other_types_and_dollars() -> None:
    """Ids as numbers, amounts in dollars (refunds with a sign), words as categories; CSV text throughout."""
    expected = one(row() | {"deposit_id": "7"}, [], "2026-07-31")
    text = pl.DataFrame({
        "deposit_id": ["7", "7"],
        "date": ["2026-07-24", "2026-07-07"],
        "kind": ["principal", "principal"],
        "amount": ["-3650.00", "7300"],
    })  # fmt: skip
    typed = text.select(
        pl.col("deposit_id").cast(pl.Int64),
        pl.col("date").str.to_date(),
        pl.col("kind").cast(pl.Categorical),
        pl.col("amount").cast(pl.Decimal(12, 2)),
    )
    deposits = portfolio.deposits([row() | {"deposit_id": "7"}])
    deposits_too = deposits.with_columns(pl.col("deposit_id").cast(pl.Int64))
    for frame, moves in ((deposits, text), (deposits_too, typed), (deposits, typed)):
        found, refused = transactions.evaluate(
            frame, moves, rules=load_rules(AS_OF), rates=TEN_PERCENT, as_of=date(2026, 7, 31)
        )
        assert not refused.any()
        assert found.results["interest_cents"].to_list() == [41_00]
        assert found.results["deposit_id"].to_list() == ["7"]
        assert list(found.results.schema) == [*expected]


def test_missing_columns_are_named() -> None:
    moves = portfolio.transactions([]).drop("kind")
    with pytest.raises(InputError, match="transactions lacks the required column kind"):
        transactions.evaluate(
            portfolio.deposits([row()]), moves, rules=load_rules(AS_OF), rates=NOTHING, as_of=AS_OF
        )  # fmt: skip
