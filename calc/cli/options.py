"""What the commands share: text of an option to integers and dates, switches, JSON on stdout, messages.

Error texts never hold the value that was given: it may be a household's income.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from datetime import date, datetime
from types import ModuleType
from typing import Annotated, Any, TypeVar

import typer

from calc.cli.signs import can_encode
from calc.errors import UsageError
from calc.units import (
    PPM,
    format_percent,
    parse_county,
    parse_date,
    parse_dollars,
    parse_moment,
    parse_percent,
    parse_use,
)

T = TypeVar("T")


def _parser(parse: Callable[[str], T]) -> Callable[[str], T]:
    def parsed(text: str) -> T:
        try:
            return parse(text)
        except ValueError as error:
            raise typer.BadParameter(f"the value {error}") from None

    return parsed


day: Callable[[str], date] = _parser(parse_date)
"""Date of an option (YYYY-MM-DD); typer names the option in the error."""
moment: Callable[[str], datetime] = _parser(parse_moment)
"""Local time of an option (YYYY-MM-DDTHH:MM)."""
fips: Callable[[str], str] = _parser(parse_county)
"""County of an option by its FIPS code."""
cents: Callable[[str], int] = _parser(parse_dollars)
"""Cents of an option in decimal dollars."""
_percent_ppm: Callable[[str], int] = _parser(parse_percent)


use_thousandths: Callable[[str], int] = _parser(parse_use)
"""Thousandths of an option in decimal units of use."""


def amount_cents(text: str) -> int:
    """Cents of an option in decimal dollars that may not be negative."""
    amount = cents(text)
    if amount < 0:
        raise typer.BadParameter("the value is below zero")
    return amount


def percent_ppm(lowest: int, highest: int) -> Callable[[str], int]:
    """Parser of decimal percent to parts per million within bounds."""
    bounds = " to ".join(format_percent(ppm).rstrip("0").rstrip(".") for ppm in (lowest, highest))

    def parsed(text: str) -> int:
        ppm = _percent_ppm(text)
        if not lowest <= ppm <= highest:
            raise typer.BadParameter(f"the value is not a percentage from {bounds}")
        return ppm

    return parsed


share_ppm: Callable[[str], int] = percent_ppm(0, PPM)
"""Parts per million of an option in decimal percent, 0 to 100."""


def count(lowest: int, highest: int) -> Callable[[str], int]:
    """Parser of whole numbers within bounds."""

    def parsed(text: str) -> int:
        digits = text.removeprefix("-") if lowest < 0 else text
        if not (digits.isascii() and digits.isdigit() and len(digits) < 10 and lowest <= int(text) <= highest):
            raise typer.BadParameter(f"the value is not a whole number from {lowest} through {highest}")
        return int(text)

    return parsed


def word(words: tuple[str, ...]) -> Callable[[str], str]:
    """Parser of one of a few words."""

    def parsed(text: str) -> str:
        if text not in words:
            raise typer.BadParameter(f"the value is not one of {', '.join(words)}")
        return text

    return parsed


def matching(pattern: str) -> Callable[[str], str]:
    """Parser of text that matches a regular expression; empty: any text."""

    def parsed(text: str) -> str:
        if pattern and not re.search(pattern, text):
            raise typer.BadParameter(f"the value does not match {pattern}")
        return text

    return parsed


JSON_OPTION: Any = typer.Option("--json", help="Print JSON.")
Json = Annotated[bool, JSON_OPTION]
Switches = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="SWITCH=VALUE", help="Another reading of the rules, e.g. threshold_bp=50; repeatable."
    ),
]


def parse_switches(options: Iterable[str] | None) -> dict[str, str]:
    """Switch -> value of repeated --set options; UsageError if one is no SWITCH=VALUE or is set twice."""
    switches: dict[str, str] = {}
    for text in options or ():
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise UsageError("--set: the value is not of the form SWITCH=VALUE; write e.g. --set threshold_bp=50")
        if name in switches:
            raise UsageError(f"--set {name}: is given twice; give each switch once")
        switches[name] = value
    return switches


def run_uncompiled() -> None:
    """Run this process' kernels as Python: a few rows are done before a compiler would have started."""
    if type(sys.modules.get("calc.kernels._jit")) is not ModuleType:  # not there, or deferred: then of another class
        os.environ.setdefault("PUCCALC_JIT", "0")


def print_json(data: object) -> None:
    """Data on stdout as JSON."""
    text = json.dumps(data, indent=2, ensure_ascii=False)
    typer.echo(text if can_encode(text) else json.dumps(data, indent=2))


def message(text: str) -> None:
    """One message on stderr."""
    typer.echo(text, err=True)
