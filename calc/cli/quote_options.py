"""Make the options of `puccalc quote`: of a topic's fields, by what their columns hold; and those that quotes share."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from inspect import Parameter
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer

from calc.cli.options import (
    JSON_OPTION,
    amount_cents,
    count,
    day,
    fips,
    matching,
    moment,
    percent_ppm,
    share_ppm,
    use_thousandths,
    word,
)
from calc.columns import dataset
from calc.columns import records as written_records
from calc.units import PPM, format_cents, format_percent, format_scaled

if TYPE_CHECKING:
    from calc.columns.dataset import Column
    from calc.topics.topic import QuoteField, Topic


class Bills(tuple[int, ...]):
    """Monthly amounts, whole numbers; a class of its own, since Typer takes a plain tuple for several values."""

    __slots__ = ()


def amounts(read: Callable[[str], int]) -> Callable[[str], Bills]:
    """Return what reads monthly amounts between commas, each by `read`."""
    return lambda text: Bills(read(each.strip()) for each in text.split(","))


bills: Callable[[str], Bills] = amounts(amount_cents)
"""Bills of an option, decimal dollars between commas."""


class Record(dict[str, Any]):
    """A record by the names of its columns; a class of its own, as Bills is."""


def record(parts: "tuple[Column, ...]") -> Callable[[str], Record]:
    """Return what reads a record of some columns."""

    def read(part: "Column", text: str) -> Any:  # noqa: ANN401 - what the column holds
        try:
            return _reader(part).read(text)
        except typer.BadParameter as error:
            raise ValueError(error.message.removeprefix("the value ")) from None

    def parsed(text: str) -> Record:
        try:
            return Record(written_records.record_of(text, parts, read))
        except ValueError as error:
            raise typer.BadParameter(f"the value {error}") from None

    return parsed


def name_of(field: "QuoteField") -> str:
    """Return the option of a field, such as --service-ended; of one that is asked for by its opposite, --no-efforts."""
    name = field.option or field.column.name_without_unit.replace("_", "-")
    return f"--no-{name}" if field.denied else f"--{name}"


def parameter_name(field: "QuoteField") -> str:
    """Return the name of a field's parameter: its own, where Python does not keep that for itself."""
    return f"{field.name}_" if iskeyword(field.name) else field.name


def parameters_of(topic: "Topic") -> list[Parameter]:
    """Make the parameters of a command that takes a topic's fields, as Typer reads them, required ones first."""
    names = {each.name: name_of(each) for each in (*topic.fields(), *topic.choices)}
    own = [_parameter(each, _usual(each), names) for each in topic.fields()]
    return [*own, *(_parameter(each, None, names) for each in topic.choices)]


def _usual(field: "QuoteField") -> Any:  # noqa: ANN401 - what the column holds
    """Return the default that a help shows: a word's; what is left out otherwise is the calculator's to fill in."""
    if field.needed:
        return Parameter.empty
    return field.default if field.column.holds is dataset.Holds.WORD else None


def _parameter(field: "QuoteField", usual: Any, names: Mapping[str, str]) -> Parameter:  # noqa: ANN401 - as above
    column, name = field.column, name_of(field)
    if column.holds is dataset.Holds.FLAG:
        return _flag(field, name)
    kind, parser, metavar = _reader(column)
    option = typer.Option(name, parser=parser, metavar=metavar, help=_help(column, names))
    if column.holds is dataset.Holds.RECORDS:
        kind = list[kind]  # type: ignore[valid-type] # a class, known here alone: the option may be repeated
    given = kind if field.needed else kind | None
    return Parameter(parameter_name(field), Parameter.KEYWORD_ONLY, annotation=Annotated[given, option], default=usual)


def _flag(field: "QuoteField", name: str) -> Parameter:
    """A flag that is set where the usual is otherwise; with its opposite, where it may be left unsaid."""
    usual = field.column.default_value
    unsaid = usual is None and field.column.nullable
    names = f"{name}/{_opposite(name)}" if _has_both(field) else name
    option = typer.Option(names, help=f"{field.label}.")
    default = None if unsaid else bool(usual) and not field.denied
    kind = Annotated[bool | None, option] if unsaid else Annotated[bool, option]
    return Parameter(field.name, Parameter.KEYWORD_ONLY, annotation=kind, default=default)


def _has_both(field: "QuoteField") -> bool:
    """Return whether a flag may be left unsaid, or is set unless its opposite is given."""
    usual = field.column.default_value
    return not field.denied and bool((usual is None and field.column.nullable) or usual)


def _opposite(name: str) -> str:
    return f"--no-{name.removeprefix('--')}"


def value_of(field: "QuoteField", value: Any) -> Any:  # noqa: ANN401 - what the column holds
    """Return a field's value of its option's: the opposite, where that is what the option asks for."""
    if field.column.holds is dataset.Holds.RECORDS:
        return list(value or ())
    return not value if field.denied and value is not None else value


def written(field: "QuoteField", value: Any) -> str:  # noqa: ANN401 - a value as JSON has it
    """Write a field's value as its option."""
    column = field.column
    if column.holds is dataset.Holds.FLAG:
        name = name_of(field)
        if value is not field.denied:
            return name
        return _opposite(name) if _has_both(field) else ""
    if column.holds is dataset.Holds.RECORDS:
        return " ".join(f"{name_of(field)} {written_records.written(each, column.parts, _value)}" for each in value)
    return f"{name_of(field)} {_value(column, value)}"


def _value(column: "Column", value: Any) -> str:  # noqa: ANN401 - a value as JSON has it
    if column.holds is dataset.Holds.MONEY:
        return format_cents(value)
    if column.holds is dataset.Holds.BILLS and column.unit:
        decimals = column.unit.decimals
        return ",".join(format_scaled(each, decimals) for each in value)
    return _percent(value) if column.name.endswith("_ppm") else str(value)


class _Reader(NamedTuple):
    """Hold the type of a column's values, what reads one, and what stands for it in a help."""

    kind: Any
    read: Callable[[str], Any]
    metavar: str


def _reader(column: "Column") -> _Reader:
    suffix = column.name.rpartition("_")[2]
    return (_BY_UNIT.get(suffix) or _BY_HOLDS[column.holds.name])(column)


_BY_UNIT: Final[dict[str, Callable[["Column"], _Reader]]] = {
    "ppm": lambda column: _Reader(int, percent_ppm(column.lowest, min(column.highest, PPM)), "PERCENT"),
    "days": lambda column: _Reader(int, count(column.lowest, column.highest), "DAYS"),
    "thousandths": lambda _: _Reader(Bills, amounts(use_thousandths), "UNITS,UNITS,..."),
    "fips": lambda _: _Reader(str, fips, "FIPS"),
}
"""Readers of columns whose name ends in a unit that an option writes in its own way."""
_BY_HOLDS: Final[dict[str, Callable[["Column"], _Reader]]] = {
    "MONEY": lambda _: _Reader(int, amount_cents, "DOLLARS"),
    "COUNT": lambda column: _Reader(int, count(column.lowest, column.highest), "COUNT"),
    "DATE": lambda _: _Reader(date, day, "DATE"),
    "MOMENT": lambda _: _Reader(datetime, moment, "TIME"),
    "WORD": lambda column: _Reader(str, word(column.words), "|".join(column.words)),
    "TEXT": lambda column: _Reader(str, matching(column.pattern), "TEXT"),
    "BILLS": lambda _: _Reader(Bills, bills, "DOLLARS,DOLLARS,..."),
    "RECORDS": lambda column: _Reader(Record, record(column.parts), written_records.form_of(column.parts)),
}
"""Readers of the others, by the name of what a column holds."""


def _help(column: "Column", names: Mapping[str, str]) -> str:
    """Return a column's meaning without its unit, which the option's form says, and with options for other columns."""
    words = [f" {part.name_without_unit.upper()}: {', '.join(part.words)}." for part in column.parts if part.words]
    repeatable = " Repeatable." if column.parts else ""
    meaning = re.sub(r",? in (cents|thousandths of a unit|parts per million)", "", column.meaning)
    meaning = re.sub(r"\b[a-z0-9]+_[a-z0-9_]+\b", lambda found: names.get(found[0], found[0]), meaning)
    return "".join([meaning, *words, repeatable])


def _percent(ppm: int) -> str:
    return format_percent(ppm).rstrip("0").rstrip(".")


def _shared(name: str, kind: Any, option: Any, default: Any = None) -> Parameter:  # noqa: ANN401 - Typer's
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=Annotated[kind, option], default=default)


RATE_OPTIONS: Final = (
    _shared(
        "rate", int | None,
        typer.Option(
            "--rate", parser=share_ppm, metavar="PERCENT", help="A flat rate instead of the shipped ones."
        ),
    ),
    _shared(
        "rates", Path | None,
        typer.Option("--rates", metavar="FILE.csv", help="A table (effective_from, rate_percent) instead."),
    ),
)  # fmt: skip
"""Options of topics that rest on the yearly rates."""
OPTIONS: Final = (
    _shared(
        "jurisdiction", str,
        typer.Option("--jurisdiction", metavar="ID", help="Whose rules: an id of `puccalc jurisdictions`."),
        "us-co",
    ),
    _shared("tariff", str, typer.Option("--tariff", metavar="NAME|FILE", help="The utility's tariff."), "default"),
    _shared(
        "switches", list[str] | None,
        typer.Option("--set", metavar="SWITCH=VALUE", help="Another reading, e.g. day_count=actual_365; repeatable."),
    ),
    _shared(
        "explain", bool, typer.Option("--explain", help="Show each step: formula, exact fraction, paragraph."),
        default=False,
    ),
    _shared(
        "sensitivities", bool,
        typer.Option(
            "--sensitivities", help="Show the result under each other reading of the rules, one at a time."
        ),
        default=False,
    ),
    _shared("json", bool, JSON_OPTION, default=False),
)  # fmt: skip
"""Options of every quote."""
