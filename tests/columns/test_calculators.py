"""The calculators as a notebook calls them: whole frames, refused rows, threads, and rules that differ by service."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pandas as pd
import polars as pl
import pytest

import calc
from calc.columns import deposit_limit, unclaimed
from calc.errors import UsageError
from calc.rates.computing.table import load_rate_table
from calc.rules.resolve import load_rules
from tests import portfolio

AS_OF = date(2026, 9, 30)
RATES_BP = dict.fromkeys(range(1990, 2028), 100)


def portfolio_frame(rows: int) -> pl.DataFrame:
    random = Random(rows)  # noqa: S311 - test data
    return portfolio.deposits(portfolio.deposit(random, number, AS_OF, RATES_BP) for number in range(rows))


def test_three_lines() -> None:
    frame = pl.DataFrame(
        {
            "principal_cents": [20_000, -1, 20_000, 20_000],
            "received_date": [date(2024, 1, 1), date(2024, 1, 1), date(1989, 12, 31), date(2025, 1, 2)],
            "through_date": [date(2025, 1, 1)] * 4,
        }
    )
    results, quarantine = calc.interest(frame, as_of=AS_OF)
    assert results.rows() == [(986, 366)]
    assert quarantine.select("row", "reasons", "reason_columns").rows() == [
        (2, ["negative_amount"], ["principal_cents"]),
        (3, ["no_rate_in_force"], ["received_date"]),
        (4, ["date_order"], ["received_date and through_date"]),
    ]
    assert quarantine["principal_cents"].to_list() == [-1, 20_000, 20_000]


def test_published_example_of_unclaimed_monies() -> None:
    """200.00 from 2022-03-01, service ended 2024-03-15, remitted 2026-09-30: 29.32 and 2.46, 231.78 remitted."""
    row = dict.fromkeys(portfolio.DEPOSIT_SCHEMA) | {
        "deposit_id": "D1",
        "account_id": "A1",
        "service": "electric",
        "principal_cents": 20_000,
        "received_date": date(2022, 3, 1),
        "service_ended_date": date(2024, 3, 15),
        "remitted_date": date(2026, 9, 30),
    }
    result = calc.unclaimed(portfolio.deposits([row]), as_of=AS_OF).results.row(0, named=True)
    assert result["status"] == "remitted"
    assert (result["deemed_unclaimed_date"], result["surcharge_from_date"]) == (date(2026, 3, 16), date(2026, 7, 17))
    assert (result["base_interest_cents"], result["surcharge_interest_cents"]) == (2932, 246)
    assert result["remittance_cents"] == 23_178


def test_an_excluded_row_with_a_posting_owes_nothing() -> None:
    row = dict.fromkeys(portfolio.DEPOSIT_SCHEMA) | {
        "deposit_id": "D1", "account_id": "A1", "service": "gas", "kind": "overcharge_refund", "principal_cents": 5_000,
        "received_date": date(2020, 1, 1), "posted_cents": 100,
    }  # fmt: skip
    result = calc.unclaimed(portfolio.deposits([row]), as_of=AS_OF).results.row(0, named=True)
    assert (result["status"], result["interest_due_cents"], result["remittance_cents"]) == ("excluded", 0, 0)
    assert (result["accrued_days"], result["deemed_unclaimed_date"]) == (0, None)


@pytest.mark.parametrize("threads", [2, 4])
def test_threads_do_not_show(threads: int) -> None:
    frame = pl.concat([portfolio_frame(3000)] * 200)  # more than two blocks of rows
    rules = load_rules(AS_OF)
    rates = load_rate_table(rules.electric.annual_rate)
    one = unclaimed.evaluate(frame, rules=rules, rates=rates, as_of=AS_OF, threads=1)
    many = unclaimed.evaluate(frame, rules=rules, rates=rates, as_of=AS_OF, threads=threads)
    assert one.results.equals(many.results)
    assert (one.reasons == many.reasons).all()


def test_services_with_rules_of_their_own() -> None:
    """With a gas rule of another grace period and day limit, each row still follows its own service."""
    rules = load_rules(AS_OF)
    rates = load_rate_table(rules.electric.annual_rate)
    gas = replace(
        rules.gas,
        unclaimed=replace(rules.gas.unclaimed, grace_months=6),
        deposit_limit=replace(rules.gas.deposit_limit, limit_days=30),
    )
    own = replace(rules, gas=gas)
    frame = portfolio_frame(5000)
    shared = unclaimed.evaluate(frame, rules=rules, rates=rates, as_of=AS_OF).results
    split = unclaimed.evaluate(frame, rules=own, rates=rates, as_of=AS_OF).results
    electric = pl.col("service").cast(pl.String) == "electric"
    assert split.filter(electric).equals(shared.filter(electric))
    every_gas = unclaimed.evaluate(frame, rules=replace(rules, electric=gas, gas=gas), rates=rates, as_of=AS_OF).results
    assert split.filter(~electric).equals(every_gas.filter(~electric))
    assert not split.equals(shared)

    accounts = pl.DataFrame({
        "account_id": ["A", "B"], "service": ["electric", "gas"], "billed_cents": [36_500, 36_500],
        "billed_days": [365, 365], "late_payments_12m": [None, 0], "held_cents": [0, 5_000],
    })  # fmt: skip
    limits = deposit_limit.evaluate(accounts, rules=own, as_of=AS_OF).results
    assert limits["limit_cents"].to_list() == [9_000, 3_000]
    assert limits["return_due"].to_list() == [False, True]


def test_a_county_that_lost_its_leading_zero() -> None:
    """A number that is not five digits is refused; a county that is merely unknown drops its test alone."""
    texts = ["08031", "99999", None, " ", "Denver", "8031", "080310", "08031\n", "8031.0", "0"]
    household = {
        "account_id": "A", "service": "electric", "primary_heating": "electric", "regulated_gas": False,
        "household_income_cents": 1_800_000, "household_size": 3, "leap_qualified": False,
        "full_annual_bill_cents": 180_000,
    }  # fmt: skip
    rows = [{**household, "participant_id": f"P{place}", "county_fips": text} for place, text in enumerate(texts)]
    results, quarantine = calc.fixed_credit(pl.DataFrame(rows), as_of=AS_OF)
    assert dict(results.select("participant_id", "tests_dropped").rows()) == {
        "P0": "", "P1": "ami_80", "P2": "ami_80", "P3": "ami_80", "P4": "ami_80",
    }  # fmt: skip
    assert quarantine.select("row", "reasons").rows() == [(row, ["unknown_value"]) for row in range(6, 11)]
    numbers = pl.DataFrame({**household, "participant_id": ["P0", "P1", "P2"], "county_fips": [8031, 99999, None]})
    results, quarantine = calc.fixed_credit(numbers, as_of=AS_OF)
    assert results["participant_id"].to_list() == ["P1", "P2"]
    assert quarantine.select("row", "reasons").rows() == [(1, ["unknown_value"])]


def test_no_estimate_is_a_missing_value() -> None:
    accounts = pl.DataFrame(
        {
            "account_id": ["A", "B", "C"],
            "service": ["gas"] * 3,
            "billed_cents": [None, 100, None],
            "billed_days": [None, None, None],
            "late_payments_12m": [None] * 3,
            "class_billed_cents": [None, 200, 36_500],
            "class_billed_days": [None, 365, 365],
        },
        schema_overrides={"billed_cents": pl.Int64, "billed_days": pl.Int64},
    )
    calculation = calc.deposit_limit(accounts, as_of=AS_OF)
    assert calculation.quarantine.select("row", "reasons").rows() == [(1, ["missing_value"]), (2, ["missing_value"])]
    assert calculation.results.select("limit_cents", "estimate_source").rows() == [(9_000, "class")]


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        calc.nothing  # noqa: B018 - the look-up itself is tested


def _rows() -> pl.DataFrame:
    """Two deposits of 200.00 and one of a service that there is not."""
    row = dict.fromkeys(portfolio.DEPOSIT_SCHEMA) | {
        "deposit_id": "D1", "account_id": "A1", "service": "gas", "principal_cents": 20_000,
        "received_date": date(2024, 1, 1),
    }  # fmt: skip
    return portfolio.deposits([row, {**row, "deposit_id": "D2"}, {**row, "deposit_id": "D3", "service": "water"}])


@pytest.mark.parametrize("way", ["pandas", "categories", "lazy", "table", "batch", "text day", "midnight"])
def test_rows_and_days_are_taken_as_they_come(way: str) -> None:
    expected = calc.unclaimed(_rows(), as_of=AS_OF)
    frame: Any = _rows()
    as_of: Any = AS_OF
    if way == "pandas":
        frame = frame.to_pandas()
    elif way == "categories":
        frame = frame.to_pandas().astype({"deposit_id": "category", "service": "category"})
    elif way == "lazy":
        frame = frame.lazy()
    elif way == "table":
        frame = frame.to_arrow()
    elif way == "batch":
        frame = frame.to_arrow().to_batches()[0]
    elif way == "text day":
        as_of = "2026-09-30"
    else:
        as_of = pd.Timestamp("2026-09-30")
    found = calc.unclaimed(frame, as_of=as_of)
    assert found.results.equals(expected.results)
    assert found.quarantine.select("row", "reasons").equals(expected.quarantine.select("row", "reasons"))
    assert found.results["deposit_id"].to_list() == ["D1", "D2"]


@pytest.mark.parametrize("ask", [calc.interest, calc.unclaimed, calc.deposit_limit, calc.fixed_credit])
@pytest.mark.parametrize(
    ("frame", "as_of", "complaint"),
    [
        ({"principal_cents": [1]}, AS_OF, r"rows come as dict; expected a frame of Polars"),
        ([1], AS_OF, r"rows come as list"),
        (None, AS_OF, r"rows come as NoneType"),
        (pl.Series([1]), AS_OF, r"rows come as polars.*Series"),
        (pd.DataFrame({"household_income_cents": [4_321, "9876"]}), AS_OF, r"column household_income_cents of pandas"),
        (pl.DataFrame(), 20_260_930, r"as_of comes as int; expected a date or text YYYY-MM-DD"),
        (pl.DataFrame(), None, r"as_of comes as NoneType"),
    ],
)
def test_what_is_no_frame_and_no_day_is_refused_in_words(
    ask: Callable[..., Any], frame: object, as_of: object, complaint: str
) -> None:
    with pytest.raises(TypeError, match=complaint) as caught:
        ask(frame, as_of=as_of)
    assert "9876" not in str(caught.value)


@pytest.mark.parametrize("as_of", ["2026-02-30", "09/30/2026", "", datetime(2026, 9, 30, 17, tzinfo=UTC)])
def test_a_day_that_is_none_is_refused(as_of: Any) -> None:  # noqa: ANN401 - whatever may be handed in
    with pytest.raises(UsageError, match="as_of"):
        calc.unclaimed(_rows(), as_of=as_of)


def test_what_is_held_is_gated_as_any_money() -> None:
    """365 days billed at 1460.00: a limit of 90 days' bill is 360.00."""
    row = {"account_id": "A", "service": "gas", "billed_cents": 146_000, "billed_days": 365, "late_payments_12m": None}
    frame = pl.DataFrame([row] * 3).with_columns(held_cents=pl.Series(["40000", "1.5", None]))
    results, quarantine = calc.deposit_limit(frame, as_of=AS_OF)
    assert results.select("held_cents", "limit_cents").rows() == [(40_000, 36_000), (0, 36_000)]
    assert quarantine["reasons"].to_list() == [["not_a_number"]]


def _person() -> pl.DataFrame:
    row = dict.fromkeys(portfolio.PARTICIPANT_SCHEMA) | {
        "participant_id": "P", "account_id": "A", "service": "electric", "primary_heating": "electric",
        "regulated_gas": False, "household_income_cents": 1_800_000, "household_size": 3, "county_fips": "08031",
        "leap_qualified": False, "full_annual_bill_cents": 180_000,
    }  # fmt: skip
    return pl.DataFrame([row], schema=portfolio.PARTICIPANT_SCHEMA)


@pytest.mark.parametrize("to", ["pandas", "table", "lazy", "bytes"])
def test_participants_are_taken_as_they_come(to: str) -> None:
    frame = _person()
    expected = calc.fixed_credit(frame, as_of=AS_OF).results
    assert expected.height == 1
    text = pl.selectors.string()
    ways: dict[str, Any] = {
        "pandas": frame.with_columns(text.cast(pl.Categorical)).to_pandas(), "table": frame.to_arrow(),
        "lazy": frame.lazy(), "bytes": frame.with_columns(text.cast(pl.Binary)),
    }  # fmt: skip
    assert calc.fixed_credit(ways[to], as_of="2026-09-30").results.equals(expected)


def test_principals_and_days_of_pandas() -> None:
    """200.00 over the whole of 2024 at 4.93 %: 9.86."""
    frame = pd.DataFrame(
        {
            "principal": pd.Categorical(["200.0000"]),
            "received_date": pd.to_datetime(["2024-01-01"]),
            "through_date": pd.Categorical(["2025-01-01"]),
        }
    )
    assert calc.interest(frame, as_of="2026-09-30").results["interest_cents"].to_list() == [986]


def test_bills_of_months_as_categories() -> None:
    row = {"account_id": "A", "service": "gas", "billed_cents": 146_000, "billed_days": 365, "late_payments_12m": None}
    frame = pl.DataFrame([row] * 2).with_columns(
        monthly_bill_01_cents=pl.Series(["1000", "x"], dtype=pl.Categorical), account_id=pl.Series(["A", "B"])
    )
    results, quarantine = calc.deposit_limit(frame, as_of=AS_OF)
    assert (results.height, quarantine["reasons"].to_list()) == (1, [["not_a_number"]])
