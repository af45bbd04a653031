"""Good rows of each dataset, and what makes them bad: as text for CSV, typed for Parquet, with the codes expected."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from calc.columns.contract import DATASETS, Holds

Row = dict[str, Any]

GOOD: dict[str, Row] = {
    "deposits": {
        "deposit_id": "D", "account_id": "A", "service": "electric", "kind": "deposit", "principal_cents": 20000,
        "received_date": date(2022, 3, 1), "paid_date": None, "remitted_date": None, "service_ended_date": None,
        "order_payable_date": None, "efforts_made": True, "interest_payable": True, "posted_cents": 0,
        "amounts_owed_cents": 0,
        "class": None, "stop_date": None, "customer_id": None, "interest_payment": None,
    },
    "accounts": {
        "account_id": "A", "service": "electric", "billed_cents": 146000, "billed_days": 365, "bills_in_advance": False,
        "late_payments_12m": 0, "premises_billed_cents": None, "premises_billed_days": None,
        "class_billed_cents": None, "class_billed_days": None, "monthly_bill_cents": None, "applied_date": None,
        "clean_past_service": None, "good_payment_ended_date": None, "assistance_last_date": None,
        "assistance_now": None, "return_qualified_date": None, "class": None,
        "customer_id": None,
    },
    "participants": {
        "participant_id": "P", "account_id": "A", "service": "electric", "primary_heating": "electric",
        "regulated_gas": False, "household_income_cents": 1800000, "household_size": 3, "county_fips": "08031",
        "leap_qualified": False, "full_annual_bill_cents": 180000, "share_ppm": None, "basis_bill_cents": None,
        "months_remaining": None, "leap_grant_cents": 0, "arrearage_cents": 0, "arrearage_months": None,
        "arrearage_copay_cents": None, "first_bill_date": None, "arrearage_elapsed_months": None,
    },
}  # fmt: skip


@dataclass(frozen=True)
class Bad:
    """A change of a good row; `typed` tells whether a typed column can hold it.

    `about` is the column of each code, where that is not the one that is changed.
    """

    change: Row
    codes: tuple[str, ...]
    typed: bool = True
    about: tuple[str, ...] = ()

    @property
    def columns(self) -> list[str]:
        """The columns that each code is about."""
        return list(self.about) or [" and ".join(self.change)] * len(self.codes)


def _missing(*columns: str) -> list[Bad]:
    return [Bad({column: None}, ("missing_value",)) for column in columns]


def _text(code: str, column: str, *texts: str) -> list[Bad]:
    return [Bad({column: text}, (code,), typed=False) for text in texts]


BAD: dict[str, list[Bad]] = {
    "deposits": [
        *_missing("deposit_id", "account_id", "service", "principal_cents", "received_date"),
        Bad({"account_id": "  "}, ("missing_value",)),
        *_text(
            "not_a_number", "principal_cents", "1,000", "(200)", "2e3", "NaN", "$200", "200.5", "0x10", "٢٠٠", "2_0"
        ),
        *_text("not_a_number", "posted_cents", "free"),
        Bad({"principal_cents": -1}, ("negative_amount",)),
        Bad({"amounts_owed_cents": -200}, ("negative_amount",)),
        Bad({"principal_cents": 10**12 + 1}, ("out_of_range",)),
        Bad({"received_date": date(1890, 1, 1)}, ("out_of_range",)),
        *_text("bad_date", "received_date", "2023-02-29", "03/01/2022", "20220301", "2022-3-1", "2022-13-01", "soon"),
        *_text("bad_date", "service_ended_date", "2024-00-10"),
        Bad({"paid_date": date(2022, 2, 28)}, ("date_order",), about=("paid_date and received_date",)),
        Bad({"remitted_date": date(2022, 2, 28)}, ("date_order",), about=("remitted_date and received_date",)),
        Bad(
            {"service_ended_date": date(2022, 2, 28)}, ("date_order",), about=("service_ended_date and received_date",)
        ),
        Bad(
            {"order_payable_date": date(2022, 2, 28)}, ("date_order",), about=("order_payable_date and received_date",)
        ),
        Bad({"service": "water"}, ("unknown_value",)),
        Bad({"service": "Electric"}, ("unknown_value",)),
        Bad({"kind": "bond"}, ("unknown_value",)),
        *_text("unknown_value", "efforts_made", "yes", "1"),
        Bad({"received_date": date(1989, 12, 31)}, ("no_rate_in_force",)),
        Bad({"deposit_id": "twice"}, ("duplicate_key",)),
        Bad({"deposit_id": "twice", "account_id": "B"}, ("duplicate_key",), about=("deposit_id",)),
        Bad(
            {"service": "water", "principal_cents": -5},
            ("negative_amount", "unknown_value"),
            about=("principal_cents", "service"),
        ),
        Bad(
            {"service": "water", "kind": "bond", "paid_date": date(2022, 2, 28), "remitted_date": date(2022, 2, 27)},
            ("date_order", "unknown_value"),
            about=("paid_date and received_date, remitted_date and received_date", "service, kind"),
        ),
        Bad({"deposit_id": "twice", "kind": "bond"}, ("unknown_value", "duplicate_key"), about=("kind", "deposit_id")),
    ],
    "accounts": [
        *_missing("account_id", "service", "billed_days"),
        Bad({"billed_cents": None, "billed_days": None}, ("missing_value",)),
        *_text("not_a_number", "billed_cents", "12.5", "1,460.00"),
        *_text("not_a_number", "late_payments_12m", "none"),
        Bad({"billed_cents": -1}, ("negative_amount",)),
        Bad({"billed_days": 0}, ("out_of_range",)),
        Bad({"billed_cents": 10**12 + 1}, ("out_of_range",)),
        Bad({"service": "steam"}, ("unknown_value",)),
        *_text("unknown_value", "bills_in_advance", "maybe"),
        Bad({"account_id": "twice"}, ("duplicate_key",), about=("account_id and service",)),
        Bad({"account_id": "twice"}, ("duplicate_key",), about=("account_id and service",)),
        Bad({"premises_billed_cents": 5}, ("missing_value",), about=("premises_billed_days",)),
        Bad({"class_billed_days": 5}, ("missing_value",), about=("class_billed_cents",)),
    ],
    "participants": [
        *_missing("participant_id", "account_id", "service", "primary_heating", "regulated_gas"),
        *_missing("household_income_cents", "household_size", "leap_qualified", "full_annual_bill_cents"),
        *_text("not_a_number", "household_income_cents", "18,000", "18000.5"),
        Bad({"household_income_cents": -1}, ("negative_amount",)),
        Bad({"household_size": 0}, ("out_of_range",)),
        Bad({"household_size": 31}, ("out_of_range",)),
        Bad({"months_remaining": 13}, ("out_of_range",)),
        Bad({"arrearage_elapsed_months": 24}, ("out_of_range",)),
        Bad(
            {"arrearage_cents": 50000, "arrearage_months": 12, "arrearage_elapsed_months": 12},
            ("out_of_range",),
            about=("arrearage_elapsed_months and arrearage_months",),
        ),
        *_text("bad_date", "first_bill_date", "01/15/2026"),
        Bad(
            {"arrearage_cents": 50000, "arrearage_copay_cents": 18001},
            ("out_of_range",),
            about=("arrearage_copay_cents",),
        ),
        Bad({"primary_heating": "coal"}, ("unknown_value",)),
        *_text("unknown_value", "leap_qualified", "y"),
        Bad({"county_fips": "8031"}, ("unknown_value",)),
        Bad({"county_fips": "080310"}, ("unknown_value",)),
        Bad({"county_fips": "8031.0"}, ("unknown_value",)),
        Bad({"participant_id": "twice"}, ("duplicate_key",), about=("participant_id and service",)),
        Bad({"participant_id": "twice"}, ("duplicate_key",), about=("participant_id and service",)),
        Bad({"service": "gas", "primary_heating": "other"}, ("no_rule_band",), about=("primary_heating and service",)),
        Bad({"share_ppm": 60001}, ("share_outside_band",)),
        Bad({"share_ppm": 29999}, ("share_outside_band",)),
    ],
}


Expected = dict[int, tuple[list[str], list[str]]]
"""Codes, and the columns that each is about, by row number (from 1)."""


def rows_of(dataset: str, *, typed: bool) -> tuple[list[Row], Expected]:
    """Rows with a good one before and after every bad one, and what is expected of those."""
    rows: list[Row] = [numbered(dataset, 0)]
    expected: Expected = {}
    for bad in BAD[dataset]:
        if typed and not bad.typed:
            continue
        rows.append({**numbered(dataset, len(rows)), **bad.change})
        expected[len(rows)] = (list(bad.codes), bad.columns)
        rows.append(numbered(dataset, len(rows)))
    return rows, expected


def numbered(dataset: str, number: int) -> Row:
    """A good row with a key and an account of its own."""
    key = DATASETS[dataset].key[0]
    row = GOOD[dataset]
    return {**row, "account_id": f"{row['account_id']}{number}", key: f"{row[key]}{number}"}


def frame_of(dataset: str, rows: list[Row]) -> pl.DataFrame:
    """Typed frame of rows."""
    types: dict[Holds, Any] = {
        Holds.TEXT: pl.String, Holds.WORD: pl.String, Holds.MONEY: pl.Int64, Holds.COUNT: pl.Int64,
        Holds.DATE: pl.Date, Holds.FLAG: pl.Boolean, Holds.BILLS: pl.List(pl.Int64),
    }  # fmt: skip
    schema = {column.name: types[column.holds] for column in DATASETS[dataset].columns}
    return pl.DataFrame(rows, schema=schema, orient="row")


def csv_of(dataset: str, rows: list[Row]) -> list[str]:
    """Header and lines of rows; a value with a comma in it in quotes."""
    names = [column.name for column in DATASETS[dataset].columns]
    return [",".join(names), *(_line(row, names) for row in rows)]


def _line(row: Mapping[str, Any], names: list[str]) -> str:
    texts = []
    for name in names:
        value = row[name]
        text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        texts.append(f'"{text}"' if "," in text else text)
    return ",".join(texts)
