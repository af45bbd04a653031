"""What each dataset's columns are called, hold and may leave out, and what its results are called.

The gate reads this table, and so do the bulk job, the service and the sample; a column is added here and nowhere else.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

import numpy as np
import polars as pl

from calc.errors import ColumnError
from calc.kernels.deposit_limit import MAY_ASK, SOURCES
from calc.kernels.fixed_credit import BASES
from calc.kernels.transactions import EVENTS
from calc.kernels.unclaimed import KINDS, STATUSES
from calc.units import CENTS_MAX, NO_DAY

SERVICES: Final = ("electric", "gas")
HEATING: Final = ("electric", "gas", "other")
NONE: Final = -1
"""Stands for "not given" in integer columns that may be null."""


class Holds(Enum):
    """What a column holds."""

    TEXT = "text"
    WORD = "one of a few words"
    MONEY = "money, in whole cents (or in decimal dollars under its name without _cents)"
    COUNT = "a whole number"
    DATE = "a date"
    FLAG = "true or false"
    BILLS = "monthly amounts, oldest first: a list, or text with blanks or semicolons between them"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `optional` may be absent, `nullable` may be null; `default` is what a null then means.

    Numbers lie within `lowest` ... `highest`; `words` are the values of a WORD, whose place is its code.
    """

    name: str
    holds: Holds
    optional: bool = False
    nullable: bool = False
    default: int = NONE
    lowest: int = 0
    highest: int = CENTS_MAX
    words: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    """Columns of money in which BILLS may come instead, one month each, oldest first."""

    @property
    def dollars_name(self) -> str | None:
        """Name under which money may come in dollars instead."""
        return self.name.removesuffix("_cents") if self.holds in {Holds.MONEY, Holds.BILLS} else None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name under which the column, or a part of it, may come."""
        months = [name for each in self.month_columns for name in each.names]
        return (self.name, *([self.dollars_name] if self.dollars_name else []), *months)

    @property
    def month_columns(self) -> tuple["Column", ...]:
        """The columns `months`."""
        return tuple(
            Column(name, Holds.MONEY, optional=True, nullable=True, lowest=self.lowest, highest=self.highest)
            for name in self.months
        )

    @property
    def dtype(self) -> Any:  # noqa: ANN401 - NumPy's types are classes
        """NumPy type of its array."""
        if self.holds is Holds.FLAG:
            return np.int8 if self.default == NONE else np.bool_
        return {Holds.WORD: np.int8, Holds.DATE: np.int32}.get(self.holds, np.int64)

    @property
    def blank(self) -> int:
        """What its array has where nothing is given."""
        return NO_DAY if self.holds is Holds.DATE else self.default


@dataclass(frozen=True, slots=True)
class Dataset:
    """A kind of input: its columns, its key (unique over the dataset) and its result columns with their types.

    `nullable_results` are the result columns that may be null.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    results: dict[str, Any] = field(default_factory=dict)
    nullable_results: tuple[str, ...] = ()

    @property
    def never_null(self) -> list[str]:
        """Result columns that are never null."""
        return [name for name in self.results if name not in self.nullable_results]


def _money(name: str, *, optional: bool = False, nullable: bool = False, default: int = 0) -> Column:
    return Column(name, Holds.MONEY, optional=optional, nullable=nullable or optional, default=default)


def _count(
    name: str, lowest: int, highest: int, *, optional: bool = False, nullable: bool = False, default: int = NONE
) -> Column:
    return Column(name, Holds.COUNT, optional, nullable or optional, default=default, lowest=lowest, highest=highest)


def _date(name: str, *, optional: bool = False, nullable: bool = False) -> Column:
    return Column(name, Holds.DATE, optional=optional, nullable=nullable or optional)


def _flag(name: str, *, default: bool | None = None) -> Column:
    given = default is not None
    return Column(name, Holds.FLAG, optional=given, nullable=given, default=int(bool(default)))


def _answer(name: str) -> Column:
    """A flag that need not be given: 1, 0, or NONE where nothing was said."""
    return Column(name, Holds.FLAG, optional=True, nullable=True)


def _bills(name: str, months: tuple[str, ...]) -> Column:
    return Column(name, Holds.BILLS, optional=True, nullable=True, months=months)


def _text(name: str) -> Column:
    return Column(name, Holds.TEXT)


_SERVICE: Final = Column("service", Holds.WORD, words=SERVICES)
_DAYS_MAX: Final = 36_600
_LATE_MAX: Final = 10_000

DEPOSITS: Final = Dataset(
    "deposits",
    ("deposit_id",),
    (
        _text("deposit_id"),
        _text("account_id"),
        _SERVICE,
        Column("kind", Holds.WORD, optional=True, nullable=True, default=0, words=KINDS),
        _money("principal_cents"),
        _date("received_date"),
        _date("paid_date", nullable=True),
        _date("remitted_date", nullable=True),
        _date("service_ended_date", nullable=True),
        _date("order_payable_date", nullable=True),
        _flag("efforts_made", default=True),
        _flag("interest_payable", default=True),
        _money("posted_cents", optional=True),
        _money("amounts_owed_cents", optional=True),
    ),
    {
        "deposit_id": pl.String,
        "account_id": pl.String,
        "service": pl.Enum(SERVICES),
        "status": pl.Enum(STATUSES),
        "accrued_days": pl.Int32,
        "base_interest_cents": pl.Int64,
        "surcharge_interest_cents": pl.Int64,
        "interest_cents": pl.Int64,
        "interest_due_cents": pl.Int64,
        "deemed_unclaimed_date": pl.Date,
        "surcharge_from_date": pl.Date,
        "remittance_cents": pl.Int64,
    },
    ("deemed_unclaimed_date", "surcharge_from_date"),
)

ACCOUNTS: Final = Dataset(
    "accounts",
    ("account_id", "service"),
    (
        _text("account_id"),
        _SERVICE,
        _money("billed_cents", nullable=True, default=NONE),
        _count("billed_days", 1, _DAYS_MAX, nullable=True, default=0),
        _flag("bills_in_advance", default=False),
        _count("late_payments_12m", 0, _LATE_MAX, nullable=True),
        _money("premises_billed_cents", optional=True, default=NONE),
        _count("premises_billed_days", 1, _DAYS_MAX, optional=True, default=0),
        _money("class_billed_cents", optional=True, default=NONE),
        _count("class_billed_days", 1, _DAYS_MAX, optional=True, default=0),
        _bills("monthly_bill_cents", tuple(f"monthly_bill_{month:02}_cents" for month in range(1, 13))),
        _date("applied_date", optional=True),
        _answer("clean_past_service"),
        _date("good_payment_ended_date", optional=True),
        _date("assistance_last_date", optional=True),
        _answer("assistance_now"),
        _date("return_qualified_date", optional=True),
    ),
    {
        "account_id": pl.String,
        "service": pl.Enum(SERVICES),
        "held_cents": pl.Int64,
        "limit_cents": pl.Int64,
        "excess_cents": pl.Int64,
        "available_cents": pl.Int64,
        "may_ask": pl.Enum(MAY_ASK),
        "barred": pl.List(pl.String),
        "return_due": pl.Boolean,
        "estimate_source": pl.Enum(SOURCES),
    },
)

PARTICIPANTS: Final = Dataset(
    "participants",
    ("participant_id", "service"),
    (
        _text("participant_id"),
        _text("account_id"),
        _SERVICE,
        Column("primary_heating", Holds.WORD, words=HEATING),
        _flag("regulated_gas"),
        _money("household_income_cents"),
        _count("household_size", 1, 30),
        Column("county_fips", Holds.TEXT, nullable=True),
        _flag("leap_qualified"),
        _money("full_annual_bill_cents"),
        _count("share_ppm", 0, CENTS_MAX, optional=True),
        _money("basis_bill_cents", optional=True, default=NONE),
        _count("months_remaining", 0, 12, optional=True, default=12),
        _money("leap_grant_cents", optional=True),
        _money("arrearage_cents", optional=True),
        _count("arrearage_months", 1, 24, optional=True),
        _money("arrearage_copay_cents", optional=True, default=NONE),
    ),
    {
        "participant_id": pl.String,
        "service": pl.Enum(SERVICES),
        "eligible": pl.Boolean,
        "eligible_basis": pl.Enum(BASES),
        "guideline_year": pl.Int32,
        "share_ppm": pl.Int64,
        "affordable_annual_cents": pl.Int64,
        "fixed_credit_annual_cents": pl.Int64,
        "program_credit_annual_cents": pl.Int64,
        "monthly_credit_cents": pl.List(pl.Int64),
        "leap_to_unaffordable_cents": pl.Int64,
        "leap_to_arrearage_cents": pl.Int64,
        "leap_to_account_cents": pl.Int64,
        "recalculation_due": pl.Boolean,
        "arrearage_credit_cents": pl.List(pl.Int64),
        "tests_dropped": pl.String,
    },
    ("guideline_year", "tests_dropped"),
)

TRANSACTIONS: Final = Dataset(
    "transactions",
    (),
    (
        _text("deposit_id"),
        _date("date"),
        Column("kind", Holds.WORD, words=EVENTS),
        Column("amount_cents", Holds.MONEY, default=0, lowest=-CENTS_MAX),
    ),
)
"""Events of deposits: no key, and no results but those of the deposits."""

INTEREST: Final = Dataset(
    "interest",
    (),
    (_money("principal_cents"), _date("received_date"), _date("through_date")),
    {"interest_cents": pl.Int64, "days": pl.Int32},
)

DATASETS: Final = {each.name: each for each in (DEPOSITS, ACCOUNTS, PARTICIPANTS)}
"""Datasets of the nightly run that have results, by name."""
INPUTS: Final = {**DATASETS, TRANSACTIONS.name: TRANSACTIONS}
"""All that a nightly run may read, by name."""


def check_columns(dataset: Dataset, names: Iterable[str], source: str = "the input") -> None:
    """Refuse an input that lacks a required column or gives one in cents and in dollars: ColumnError names them all."""
    present = set(names)
    missing = []
    for column in dataset.columns:
        for each in (column, *column.month_columns):
            if each.dollars_name in present and each.name in present:
                raise ColumnError(
                    f"{source}: {dataset.name} has both {each.name} and {each.dollars_name}: keep one of them",
                    {each.name: "is given in cents and in dollars"},
                )
        whole, *months = (present.intersection(each.names[:2]) for each in (column, *column.month_columns))
        if whole and any(months):
            raise ColumnError(
                f"{source}: {dataset.name} has both {min(whole)} and {min(set().union(*months))}: keep the list or the "
                "columns of single months",
                {column.name: "is given as a list and by single months"},
            )
        if not whole and not column.optional:
            missing.append(column.name)
    if missing:
        raise ColumnError(
            f"{source}: {dataset.name} lacks the required column{'s' * (len(missing) > 1)} {', '.join(missing)}; "
            f"it has {', '.join(sorted(present)) or 'none'}",
            dict.fromkeys(missing, "is missing"),
        )
