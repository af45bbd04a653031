"""Columns by what they hold, as datasets and topics declare them."""

from calc.columns.dataset import NONE, Column, Holds


def money(
    name: str, meaning: str, *, optional: bool = False, nullable: bool = False, default: int = 0, within: str = ""
) -> Column:
    """Declare a column of whole cents, none below zero."""
    may_be_null = nullable or optional
    return Column(name, Holds.MONEY, meaning, optional=optional, nullable=may_be_null, default=default, within=within)


def count(
    name: str, meaning: str, lowest: int, highest: int, *, optional: bool = False, nullable: bool = False,
    default: int = NONE,
) -> Column:  # fmt: skip
    """Declare a column of whole numbers within inclusive bounds."""
    return Column(
        name, Holds.COUNT, meaning, optional, nullable or optional, default=default, lowest=lowest, highest=highest
    )


def day(name: str, meaning: str, *, optional: bool = False, nullable: bool = False) -> Column:
    """Declare a column of dates."""
    return Column(name, Holds.DATE, meaning, optional=optional, nullable=nullable or optional)


def moment(name: str, meaning: str, *, optional: bool = False, nullable: bool = False, within: str = "") -> Column:
    """Declare a column of dates with a local time of day."""
    return Column(name, Holds.MOMENT, meaning, optional=optional, nullable=nullable or optional, within=within)


def flag(name: str, meaning: str, *, default: bool | None = None) -> Column:
    """Declare a column of true and false; with a default it is optional."""
    given = default is not None
    return Column(name, Holds.FLAG, meaning, optional=given, nullable=given, default=int(bool(default)))


def answer(name: str, meaning: str) -> Column:
    """Declare an optional flag with three states: 1, 0, or NONE where nothing was stated."""
    return Column(name, Holds.FLAG, meaning, optional=True, nullable=True)


def bills(name: str, meaning: str, months: tuple[str, ...]) -> Column:
    """Declare an optional column of monthly amounts in cents, or one column of money for each month."""
    return Column(name, Holds.BILLS, meaning, optional=True, nullable=True, months=months)


def monthly_use(name: str, meaning: str, months: tuple[str, ...], highest: int) -> Column:
    """Declare a column of monthly use in thousandths of a unit, or one column for each month."""
    return Column(name, Holds.BILLS, meaning, optional=True, nullable=True, months=months, highest=highest)


def records(name: str, meaning: str, parts: tuple[Column, ...]) -> Column:
    """Declare a quote's field of records, none by default, each with the columns `parts`."""
    return Column(name, Holds.RECORDS, meaning, optional=True, parts=parts)


def word(name: str, meaning: str, words: tuple[str, ...], *, default: int | None = None) -> Column:
    """Declare a column that holds one of a few words; with a default (a position in `words`) it is optional."""
    given = default is not None
    return Column(name, Holds.WORD, meaning, given, given, default=NONE if default is None else default, words=words)


def text(name: str, meaning: str, *, nullable: bool = False, optional: bool = False, pattern: str = "") -> Column:
    """Declare a column of text; `pattern` is a regular expression that describes it."""
    return Column(name, Holds.TEXT, meaning, optional, nullable or optional, pattern=pattern)
