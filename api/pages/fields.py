"""Define form fields: which control asks for a value, and how its text becomes the value that a quote's model takes.

Input: text as typed. Output: whole cents, ppm, ISO dates or words, as JSON would have them; or ValueError, whose text
continues after the field's label and never repeats the value. The model checks what the values mean.

Dates are text fields because a form must send whatever was typed: a browser's date control sends nothing for a date
that it does not accept, and the quote would be answered as if the field were empty.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from calc.columns.amount_units import UNIT_SUFFIX
from calc.columns.dataset import Column
from calc.columns.records import form_of, record_of
from calc.units import parse_county, parse_date, parse_dollars, parse_moment, parse_percent, parse_use

Choices = tuple[tuple[str, str], ...]
"""A select's values and their labels."""

_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?", re.ASCII)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_US_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", re.ASCII)


class Kind(NamedTuple):
    """Define how a value is asked for and read.

    Attributes:
        control: "text", "select", "checkbox" or "textarea".
        read: Converts the text to the model's value; raises ValueError.
        before: Text in front of the control, such as "$".
        after: Text behind the control, such as "%".
        keyboard: HTML `inputmode`.
        form: How the value is written, such as "MM/DD/YYYY".
    """

    control: str
    read: Callable[[str], Any]
    before: str = ""
    after: str = ""
    keyboard: str = "text"
    form: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """Define a form field for a field of a quote's model.

    Attributes:
        name: Name in the model.
        label: Label on the page.
        kind: How it is asked for and read.
        hint: Help below the label.
        needed: Whether it must be filled in.
        choices: What a select offers.
    """

    name: str
    label: str
    kind: Kind
    hint: str = ""
    needed: bool = False
    choices: Choices = ()

    @property
    def id(self) -> str:
        """Return the control's name: the model's name without its unit."""
        return UNIT_SUFFIX.sub("", self.name)

    @property
    def help_text(self) -> str:
        """Return the text below the label: how the value is written, and the hint."""
        return ". ".join(filter(None, (self.kind.form, self.hint)))


def _money(text: str) -> int:
    plain = text.removeprefix("$").strip()
    cents = parse_dollars(plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain)
    if cents < 0:
        raise ValueError("is below zero")
    return cents


def _percent(text: str) -> int:
    ppm = parse_percent(text.removesuffix("%").strip())
    if ppm < 0:
        raise ValueError("is below zero")
    return ppm


def _whole(text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise ValueError("is not a whole number")
    return int(text)


def _day(text: str) -> str:
    """Return the ISO text of a date written 03/15/2024, as on the industry's forms, or 2024-03-15."""
    if found := _US_DATE.fullmatch(text):
        month, day, year = found.groups()
        text = f"{year}-{int(month):02}-{int(day):02}"
    elif not _ISO_DATE.fullmatch(text):
        raise ValueError("is not a date written MM/DD/YYYY, such as 03/15/2024, or YYYY-MM-DD")
    return parse_date(text).isoformat()


def _moment(text: str) -> str:
    """Return the ISO text of a day and a time such as 03/15/2024 14:30, or 2024-03-15T14:30."""
    written, _, clock = text.replace("T", " ").partition(" ")
    if not re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", clock.strip(), re.ASCII):
        raise ValueError("is not a date and time written MM/DD/YYYY HH:MM, such as 03/15/2024 14:30")
    return parse_moment(f"{_day(written)}T{clock.strip():0>5}").isoformat()


def _said(text: str) -> bool:
    if text not in {"yes", "no"}:
        raise ValueError("is neither yes nor no")
    return text == "yes"


def _amounts(read: Callable[[str], int]) -> Callable[[str], list[int]]:
    """Return what reads monthly amounts with blanks or commas between."""

    def amounts(text: str) -> list[int]:
        given = [each.strip(",") for each in text.split()]
        if any(_GROUPED.fullmatch(each.removeprefix("$")) for each in given):
            raise ValueError("has a comma that may part thousands or two amounts: write thousands without it")
        return [read(amount) for each in given for amount in each.split(",") if amount]

    return amounts


def _rates(text: str) -> list[dict[str, Any]]:
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = line.replace(",", " ").split()
        if len(parts) != 2:
            raise ValueError("has a line that is not a date and a percentage, e.g. 2024-01-01, 4.93")
        try:
            found.append({"effective_from": _day(parts[0]), "rate_ppm": _percent(parts[1])})
        except ValueError as error:
            raise ValueError(f"has a line in which something {error}") from None
    return found


def records(column: Column, kind_of: Callable[[Column], Kind]) -> Kind:
    """Return how a column's records are asked for: a line for each.

    Args:
        column: The column.
        kind_of: How a value of one of its parts is asked for.
    """

    def read(text: str) -> list[dict[str, Any]]:
        lines = [line for line in map(str.strip, text.splitlines()) if line]
        try:
            return [record_of(line, column.parts, lambda part, value: kind_of(part).read(value)) for line in lines]
        except ValueError as error:
            raise ValueError(f"has a line that {error}") from None

    return Kind("textarea", read, form=f"A line for each: {form_of(column.parts)}")


MONEY: Final = Kind("text", _money, before="$", keyboard="decimal")
PERCENT: Final = Kind("text", _percent, after="%", keyboard="decimal")
WHOLE: Final = Kind("text", _whole, keyboard="numeric")
DAY: Final = Kind("text", _day, form="MM/DD/YYYY")
MOMENT: Final = Kind("text", _moment, form="MM/DD/YYYY HH:MM")
CHOICE: Final = Kind("select", str)
TEXT: Final = Kind("text", str)
COUNTY: Final = Kind("select", parse_county)
YES: Final = Kind("checkbox", lambda _: True)
NO: Final = Kind("checkbox", lambda _: False)
"""A checkbox for a negative statement: checked, the model's value is false."""
STATED: Final = Kind("select", _said)
"""A question that may stay unanswered: empty, yes or no."""
BILLS: Final = Kind("textarea", _amounts(_money))
USE: Final = Kind("textarea", _amounts(parse_use))
RATES: Final = Kind("textarea", _rates)
