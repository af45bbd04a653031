"""Which columns a refused row's reasons are about, under the names that the input has for them."""

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

import calc
from calc.columns.allowed import allowed, allowed_for
from calc.columns.contract import DEPOSITS, INPUTS, PARTICIPANTS, TRANSACTIONS
from calc.columns.refusals import Refusal, names_in, refused_rows
from calc.errors import Reason
from tests import portfolio

AS_OF = date(2026, 9, 30)


def at(*places: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array(places, dtype=np.int64)


def deposits(*changes: dict[str, Any]) -> pl.DataFrame:
    good = dict.fromkeys(portfolio.DEPOSIT_SCHEMA) | {
        "deposit_id": "D", "account_id": "A", "service": "electric", "principal_cents": 20_000,
        "received_date": date(2022, 3, 1),
    }  # fmt: skip
    return portfolio.deposits([good | {"deposit_id": f"D{number}"} | each for number, each in enumerate(changes)])


def test_one_reason_in_two_columns_and_two_reasons_in_one_row() -> None:
    reasons = at(0, Reason.bad_date | Reason.unknown_value, 0, Reason.bad_date)
    found = [
        Refusal(Reason.unknown_value, ("service",), at(1)),
        Refusal(Reason.bad_date, ("remitted_date",), at(1)),
        Refusal(Reason.bad_date, ("paid_date",), at(1, 3)),
    ]
    codes, columns, within = refused_rows(DEPOSITS, reasons, found).texts()
    assert codes.to_list() == [["bad_date", "unknown_value"], ["bad_date"]]
    assert columns.to_list() == [["paid_date, remitted_date", "service"], ["paid_date"]]
    day = "a date written YYYY-MM-DD, 1955-01-01 through 2100-12-31, or nothing"
    assert within.to_list() == [[f"{day}; {day}", "one of electric, gas"], [day]]


def test_reasons_known_before_the_columns_are_about_the_key_the_deposit_or_the_whole_row() -> None:
    reasons = at(Reason.duplicate_key, Reason.bad_line, Reason.depends_on_quarantined, Reason.unknown_deposit)
    texts = [refused_rows(dataset, reasons, []).texts()[1].to_list() for dataset in (PARTICIPANTS, TRANSACTIONS)]
    assert texts[0] == [["participant_id and service"], [""], ["participant_id and service"], ["deposit_id"]]
    assert texts[1][3] == ["deposit_id"]


def test_a_finding_that_the_row_no_longer_has_does_not_count() -> None:
    refused = refused_rows(DEPOSITS, at(Reason.bad_line), [Refusal(Reason.missing_value, ("service",), at(0))])
    assert [(each.reason, each.columns) for each in refused.refusals] == [(Reason.bad_line, ())]


def test_names_are_those_of_the_input() -> None:
    names = names_in(DEPOSITS, ["principal", "paid_date"], {"principal": "Amount"})
    assert (names["principal_cents"], names["paid_date"], names["posted_cents"]) == (
        "Amount", "paid_date", "posted_cents",
    )  # fmt: skip


def test_more_findings_than_a_byte_has_bits_on_many_rows() -> None:
    columns = [column.name for column in PARTICIPANTS.columns]
    rows = 3 * len(columns)
    reasons = np.full(rows, int(Reason.missing_value), dtype=np.int64)
    found = [Refusal(Reason.missing_value, (name,), at(*range(place, rows))) for place, name in enumerate(columns)]
    texts = refused_rows(PARTICIPANTS, reasons, found).texts()[1].to_list()
    assert texts == [[", ".join(columns[: row + 1])] for row in range(rows)]


@pytest.mark.parametrize(
    ("change", "column", "within"),
    [
        ({"received_date": date(1989, 12, 31)}, "received_date", "days of the rate table"),  # rates begin with 1990
        ({"paid_date": date(1989, 12, 31)}, "paid_date and received_date", "no day before received_date"),
        (
            {"service_ended_date": date(2022, 2, 28), "kind": "deposit"}, "service_ended_date and received_date",
            "no day before received_date",
        ),
        ({"posted_cents": -1}, "posted_cents", "whole cents, 0 through 1000000000000, or nothing"),
        ({"principal_cents": None}, "principal_cents", "whole cents, 0 through 1000000000000"),
    ],
)  # fmt: skip
def test_the_library_names_the_column_and_what_is_allowed(change: dict[str, Any], column: str, within: str) -> None:
    refused = calc.unclaimed(deposits({}, change), as_of=AS_OF).quarantine
    assert refused.select("row", "reason_columns", "reason_allowed").rows() == [(2, [column], [within])]


def test_what_is_held_is_named_where_it_is_no_number() -> None:
    frame = pl.DataFrame(
        {
            "account_id": ["A"], "service": ["gas"], "billed_cents": [146_000], "billed_days": [365],
            "late_payments_12m": [0], "held_cents": ["much"],
        }
    )  # fmt: skip
    refused = calc.deposit_limit(frame, as_of=AS_OF).quarantine
    assert refused.select("reasons", "reason_columns").rows() == [(["not_a_number"], ["held_cents"])]


def test_every_column_has_words_for_what_it_may_hold() -> None:
    for dataset in INPUTS.values():
        for column in dataset.columns:
            for name in column.names[: 2 if column.decimal_name else 1]:
                assert allowed(column, name).endswith(", or nothing") == column.nullable
            for reason in Reason:
                assert allowed_for(dataset, reason, (column.name, "received_date"), column.name)


@pytest.mark.parametrize(("name", "dollars"), [("principal_cents", False), ("principal", True)])
def test_money_is_allowed_in_the_unit_of_its_column(name: str, *, dollars: bool) -> None:
    frame = deposits({}).drop("principal_cents").with_columns(pl.Series(name, ["-1"]))
    refused = calc.unclaimed(frame, as_of=AS_OF).quarantine
    unit = (
        "dollars with at most two decimals, 0.00 through 10000000000.00"
        if dollars
        else "whole cents, 0 through 1000000000000"
    )
    assert refused.select("reason_columns", "reason_allowed").rows() == [([name], [unit])]


def test_a_day_beyond_the_rates_is_the_as_of_day_s_or_that_of_the_payment() -> None:
    beyond = date(2099, 1, 1)
    refused = calc.unclaimed(deposits({}, {"paid_date": date(2098, 1, 1)}), as_of=beyond).quarantine
    assert refused["reasons"].to_list() == [["no_rate_in_force"]] * 2
    assert refused["reason_columns"].to_list() == [["as_of"], ["paid_date"]]
