"""Describe a dataset: its columns, what they hold, what may be left out and what they mean; and its result columns.

The table of all datasets is `calc.columns.contract`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from itertools import count
from typing import Any, Final

import numpy as np

from calc.columns.amount_units import AMOUNT_UNITS, UNIT_SUFFIX, AmountUnit
from calc.columns.result_type import ResultType
from calc.errors import ColumnError, Reason
from calc.units import CENTS_MAX, NO_DAY, NO_MOMENT

NONE: Final = -1
"""Stands for a missing value in integer columns that may be null."""


class Holds(Enum):
    """What a column holds."""

    TEXT = "text"
    WORD = "one of a few words"
    MONEY = "money, in whole cents (or in decimal dollars under its name without _cents)"
    COUNT = "a whole number"
    DATE = "a date"
    MOMENT = "a date and a local time of day"
    FLAG = "true or false"
    BILLS = "monthly amounts, oldest first: a list, or text with blanks or semicolons between them"
    RECORDS = "records, each with columns of its own"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a dataset's contract.

    A column that is `optional` may be absent, one that is `nullable` may hold nulls, and `default` is what a null then
    means. Numbers lie within `lowest` ... `highest`, both included. `words` are the values of a WORD; a word's position
    is its code.
    """

    name: str
    holds: Holds
    meaning: str = ""
    """One line in plain words, with the unit."""
    optional: bool = False
    nullable: bool = False
    default: int = NONE
    lowest: int = 0
    highest: int = CENTS_MAX
    words: tuple[str, ...] = ()
    pattern: str = ""
    """Regular expression that describes a TEXT; empty: any text. The row gate itself does not apply it."""
    months: tuple[str, ...] = ()
    """Columns of money, one month each, oldest first, that may replace BILLS."""
    parts: tuple["Column", ...] = ()
    """Columns of a record of RECORDS, the first of them required. Only a quote's field holds records."""
    within: str = ""
    """What a rule asks of a value beside its bounds, for the texts of refusals."""

    @property
    def unit(self) -> AmountUnit | None:
        """Unit of an amount, by the suffix of its name; None for columns of no amounts."""
        if self.holds not in {Holds.MONEY, Holds.BILLS}:
            return None
        return next((each for each in AMOUNT_UNITS if self.name.endswith(each.suffix)), None)

    @property
    def decimal_name(self) -> str | None:
        """Name under which amounts may come as decimals of their whole unit, as dollars; None for other columns."""
        return self.name.removesuffix(self.unit.suffix) if self.unit else None

    @property
    def name_without_unit(self) -> str:
        """Name as a form or an option has it, which says the unit in its own way."""
        return UNIT_SUFFIX.sub("", self.name)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name under which the column, or a part of it, may come."""
        months = [name for each in self.month_columns for name in each.names]
        return (self.name, *([self.decimal_name] if self.decimal_name else []), *months)

    @property
    def month_columns(self) -> tuple["Column", ...]:
        """The columns named in `months`, each a nullable column of amounts with this column's unit and bounds."""
        what, unit = (self.unit.of_month, self.unit.smallest) if self.unit else ("", "")
        meanings = (f"{what} of month {each} of {len(self.months)}, oldest first, in {unit}." for each in count(1))
        bounds: Any = {"optional": True, "nullable": True, "lowest": self.lowest, "highest": self.highest}
        named = zip(self.months, meanings, strict=False)
        return tuple(Column(name, Holds.MONEY, meaning, **bounds) for name, meaning in named)

    @property
    def dtype(self) -> Any:  # noqa: ANN401 - NumPy's types are classes
        """NumPy type of its array."""
        if self.holds is Holds.FLAG:
            return np.int8 if self.default == NONE else np.bool_
        return {Holds.WORD: np.int8, Holds.DATE: np.int32}.get(self.holds, np.int64)

    @property
    def default_value(self) -> Any:  # noqa: ANN401 - what the column holds
        """Meaning of a blank in an optional column, as a user would write it; None if nothing is known then."""
        if not self.optional or self.default < self.lowest or self.holds in _BLANKS:
            return None
        if self.holds is Holds.WORD:
            return self.words[self.default]
        return bool(self.default) if self.holds is Holds.FLAG else self.default

    @property
    def blank(self) -> int:
        """Value in the array where the input has none: an integer code, NO_DAY for dates, NO_MOMENT for times."""
        return _BLANKS.get(self.holds, self.default)


_BLANKS: Final = {Holds.DATE: NO_DAY, Holds.MOMENT: NO_MOMENT}
"""Values of columns whose blanks are no codes."""


@dataclass(frozen=True, slots=True)
class Result:
    """One result column: name, type, meaning in one line with the unit, and whether it may be null.

    `label` is what a page and a terminal call it, where the name itself would not do. `words` explain the words of an
    Enum that do not explain themselves.
    """

    name: str
    type: ResultType
    meaning: str
    nullable: bool = False
    label: str = ""
    words: tuple[tuple[str, str], ...] = ()

    @property
    def dtype(self) -> Any:  # noqa: ANN401 - a Polars type is an instance or a class
        """Polars type of the column."""
        return self.type.dtype


@dataclass(frozen=True, slots=True)
class Owner:
    """The dataset whose rows the rows of another belong to, as deposits own their transactions.

    Attributes:
        dataset: Its name.
        key: Its key; the other dataset has the same columns, which may repeat there.
        bad: Reason for a row that owns a refused one.
        unknown: Reason for a row that no row owns.
    """

    dataset: str
    key: tuple[str, ...]
    bad: Reason
    unknown: Reason


@dataclass(frozen=True)
class Dataset:
    """A kind of input: its columns, its key (unique in the dataset), its result columns, and what a row is.

    The class has no slots, so that `results` can be kept.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    declared_results: tuple[Result, ...] = ()
    meaning: str = ""
    total_by: str = ""
    """Result column of words that breaks down control totals, besides the service; empty: no totals."""
    totals: tuple[str, ...] = ()
    """Columns and results whose cents are totaled, and flags that are counted."""
    owner: Owner | None = None
    """The dataset in whose results its rows count; it has none of its own then."""
    rests_on: tuple[str, ...] = ()
    """Names of datasets that a nightly run must be given with it, and has done before it."""
    gives: tuple[str, ...] = ()
    """Names of further datasets of results that come of its rows, where the input has their `with_column`."""
    with_column: str = ""
    """Of a dataset of results that comes of another's rows: column that an input of the other has then."""
    rows_per_row: int = 1
    """Of the same: how many of its rows come of one of the other's, at most."""
    row_bytes: int = 0
    """Bytes that a nightly run writes for a row, about: its results, or what is spilled of it; 0: not known."""
    defaults: dict[str, Any] = field(init=False)
    """Meaning of a blank in each column, by name; None if it means that nothing is known."""

    def __post_init__(self) -> None:
        """Collect defaults by name."""
        object.__setattr__(self, "defaults", {each.name: each.default_value for each in self.columns})

    @cached_property
    def results(self) -> dict[str, Any]:
        """Polars types of the result columns by name, in order."""
        return {each.name: each.dtype for each in self.declared_results}

    @property
    def never_null(self) -> list[str]:
        """Names of the result columns that are never null."""
        return [each.name for each in self.declared_results if not each.nullable]

    def column(self, name: str) -> Column:
        """Return a column by name; raises KeyError if there is none."""
        for each in self.columns:
            if each.name == name:
                return each
        raise KeyError(name)


def check_columns(dataset: Dataset, names: Iterable[str], source: str = "the input") -> None:
    """Check that an input has every required column, and none in two forms.

    Args:
        dataset: Contract to check against.
        names: Names of the input's columns.
        source: What to call the input in messages.

    Raises:
        ColumnError: Required columns are missing (the error names them all), a column comes both in cents and in
            dollars, or monthly amounts come both as a list and by single months.
    """
    present = set(names)
    missing = []
    for column in dataset.columns:
        for each in (column, *column.month_columns):
            if each.unit and each.decimal_name in present and each.name in present:
                raise ColumnError(
                    f"{source}: {dataset.name} has both {each.name} and {each.decimal_name}: keep one of them",
                    {each.name: f"is given in {each.unit.smallest} and in {each.unit.whole}"},
                )
        whole, *months = (present.intersection(each.names[:2]) for each in (column, *column.month_columns))
        if whole and any(months):
            raise ColumnError(
                f"{source}: {dataset.name} has both {min(whole)} and {min(set().union(*months))}: keep the list or the "
                "columns of single months",
                {column.name: "is given as a list and by single months"},
            )
        if not whole and not any(months) and not column.optional:
            missing.append(column.name)
    if missing:
        raise ColumnError(
            f"{source}: {dataset.name} lacks the required column{'s' * (len(missing) > 1)} {', '.join(missing)}; "
            f"it has {', '.join(sorted(present)) or 'none'}",
            dict.fromkeys(missing, "is missing"),
        )
