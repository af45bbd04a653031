"""Which columns a refused row's reasons are about, under the names that the input has for them."""

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

import calc
from calc.columns.contract import DEPOSITS, PARTICIPANTS, TRANSACTIONS
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
    codes, columns = refused_rows(DEPOSITS, reasons, found).texts()
    assert codes.to_list() == [["bad_date", "unknown_value"], ["bad_date"]]
    assert columns.to_list() == [["paid_date, remitted_date", "service"], ["paid_date"]]


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
    ("change", "column"),
    [
        ({"received_date": date(1989, 12, 31)}, "received_date"),  # rates begin with 1990
        ({"paid_date": date(1989, 12, 31)}, "paid_date and received_date"),
        ({"service_ended_date": date(2022, 2, 28), "kind": "deposit"}, "service_ended_date and received_date"),
        ({"posted_cents": -1}, "posted_cents"),
        ({"principal_cents": None}, "principal_cents"),
    ],
)
def test_the_library_names_the_column(change: dict[str, Any], column: str) -> None:
    refused = calc.unclaimed(deposits({}, change), as_of=AS_OF).quarantine
    assert refused.select("row", "reason_columns").rows() == [(2, [column])]


def test_a_day_beyond_the_rates_is_the_as_of_day_s_or_that_of_the_payment() -> None:
    beyond = date(2099, 1, 1)
    refused = calc.unclaimed(deposits({}, {"paid_date": date(2098, 1, 1)}), as_of=beyond).quarantine
    assert refused["reasons"].to_list() == [["no_rate_in_force"]] * 2
    assert refused["reason_columns"].to_list() == [["as_of"], ["paid_date"]]
