"""Accounts: every account and service that has a deposit, and some without; estimates from all three sources."""

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from calc.columns.contract import ACCOUNTS, SERVICES
from calc.errors import Reason
from calc.kernels.arrays import Bool
from calc.sample.draw import Draw, ids, or_null, picked
from calc.sample.faults import Faults
from calc.sample.layout import Layout
from calc.units import CENTS_MAX, to_day

_SEASON: Final = np.array([3, 3, 2, 2, 1, 1, 1, 1, 1, 2, 2, 3])
OWN, PREMISES, CLASS = range(3)
"""Where the estimate comes from."""
YEAR_DAYS: Final = 365


def chunk(draw: Draw, layout: Layout, first: int) -> pl.DataFrame:
    """Good rows `first`, `first` + 1, ... of the accounts."""
    account, service = layout.of_accounts(np.arange(first, first + draw.rows))
    source = draw.choice(850, 100)
    late = np.minimum(draw.whole(0, 12), draw.whole(0, 12))
    estimates = {
        "billed_cents": draw.whole(30_000, 400_000) * np.where(draw.chance(5), 100, 1),
        "billed_days": np.where(draw.chance(800), YEAR_DAYS, draw.whole(20, 366)),
        "premises_billed_cents": draw.whole(30_000, 400_000),
        "premises_billed_days": np.where(draw.chance(900), YEAR_DAYS, draw.whole(20, 366)),
        "class_billed_cents": draw.whole(90_000, 180_000),
        "class_billed_days": np.full(draw.rows, YEAR_DAYS),
    }
    absent = {
        "billed": source != OWN,
        "premises_billed": (source == CLASS) | (draw.chance(600) & (source != PREMISES)),
        "class_billed": draw.chance(500) & (source != CLASS),
    }
    given = {
        name: or_null(values, absent[name.removesuffix("_cents").removesuffix("_days")])
        for name, values in estimates.items()
    }
    frame = pl.DataFrame({
        "account_id": ids("A", account),
        "service": picked(service, SERVICES),
        "bills_in_advance": picked(draw.choice(100, 800), (True, False, None)),
        "late_payments_12m": or_null(late, draw.chance(50) | (source != OWN)),
        **given,
    })  # fmt: skip
    more = {**_bills(draw), **_grounds(draw)}
    frame = frame.with_columns(**more)
    return frame.select(column.name for column in ACCOUNTS.columns if column.name in frame.columns)


def _bills(draw: Draw) -> dict[str, pl.Series]:
    """Twelve monthly bills of a few accounts, higher in winter."""
    given = np.flatnonzero(draw.chance(60))
    bills = draw.narrowed(12 * given.size).whole(2_000, 9_000).reshape(-1, 12) * _SEASON
    place = np.zeros(draw.rows, dtype=np.int64)
    place[given] = np.arange(given.size)
    has_none = np.ones(draw.rows, dtype=np.bool_)
    has_none[given] = False
    lists = pl.Series(bills, dtype=pl.Array(pl.Int64, 12)).arr.to_list()
    return {"monthly_bill_cents": lists.gather(or_null(place, has_none))}


def _grounds(draw: Draw) -> dict[str, pl.Series]:
    """What bars a deposit or makes it due back, of one account in five."""
    silent = draw.chance(800)

    def a_day(first: date, last: date, null_per_mille: int) -> pl.Series:
        days = draw.whole(to_day(first), to_day(last))
        return or_null(days, silent | draw.chance(null_per_mille)).cast(pl.Int32).cast(pl.Date)

    return {
        "applied_date": a_day(date(2025, 1, 1), date(2026, 12, 31), 200),
        "clean_past_service": _answers(draw, silent, 600, 100),
        "good_payment_ended_date": a_day(date(2025, 1, 1), date(2026, 12, 31), 500),
        "assistance_last_date": a_day(date(2023, 1, 1), date(2027, 6, 30), 500),
        "assistance_now": _answers(draw, silent, 700, 50),
        "return_qualified_date": a_day(date(2020, 1, 1), date(2026, 12, 31), 400),
    }


def _answers(draw: Draw, silent: Bool, no: int, yes: int) -> pl.Series:
    """No, yes or nothing."""
    return picked(np.where(silent, 2, draw.choice(no, yes)), (False, True, None))


_NO_ESTIMATE: Final = {
    f"{name}_{unit}": None for name in ("billed", "premises_billed", "class_billed") for unit in ("cents", "days")
}

FAULTS: Final[Faults] = {
    Reason.missing_value: (_NO_ESTIMATE, {"billed_cents": 146_000, "billed_days": None}, {"service": None}),
    Reason.negative_amount: ({"billed_cents": -146_000}, {"late_payments_12m": -1}),
    Reason.out_of_range: ({"billed_days": 0}, {"billed_cents": CENTS_MAX + 1}, {"late_payments_12m": 10_001}),
    Reason.unknown_value: ({"service": "water"}, {"service": "Electric"}),
    Reason.duplicate_key: (
        lambda _, following: {"account_id": following["account_id"], "service": following["service"]},
    ),
}
TEXT_FAULTS: Final[Faults] = {
    Reason.not_a_number: ({"billed": "1,460.00"}, {"billed_days": "a year"}),
    Reason.too_many_decimals: ({"billed": "1460.005"}, {"class_billed": "0.001"}),
}
