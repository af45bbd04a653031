"""A form's fields: which control asks for a value, and how its text becomes the value that a quote's model takes.

Comes in: text as typed. Goes out: whole cents, ppm, ISO dates, words, as JSON would have them; or ValueError, whose
text goes on after the field's label and never repeats the value. What the values mean is checked by the model.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from calc.units import parse_county, parse_dollars, parse_percent

Choices = tuple[tuple[str, str], ...]
"""Values of a select, and what stands for them."""

_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?", re.ASCII)


class Kind(NamedTuple):
    """How a value is asked for (`control`: text, date, select, checkbox or textarea) and read."""

    control: str
    read: Callable[[str], Any]
    before: str = ""
    after: str = ""
    keyboard: str = "text"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a quote's model. `needed` marks what must be filled in, `choices` are a select's."""

    name: str
    label: str
    kind: Kind
    hint: str = ""
    needed: bool = False
    choices: Choices = ()

    @property
    def id(self) -> str:
        """Name of the control: the model's, without its unit."""
        return re.sub(r"_(cents|ppm|date|12m)$", "", self.name)


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
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError("is not a whole number")
    return int(text)


def _bills(text: str) -> list[int]:
    return [_money(each) for each in text.replace(",", " ").split()]


def _rates(text: str) -> list[dict[str, Any]]:
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = line.replace(",", " ").split()
        if len(parts) != 2:
            raise ValueError("has a line that is not a date and a percentage, e.g. 2024-01-01, 4.93")
        found.append({"effective_from": parts[0], "rate_ppm": _percent(parts[1])})
    return found


MONEY: Final = Kind("text", _money, before="$", keyboard="decimal")
PERCENT: Final = Kind("text", _percent, after="%", keyboard="decimal")
WHOLE: Final = Kind("text", _whole, keyboard="numeric")
DAY: Final = Kind("date", str)
CHOICE: Final = Kind("select", str)
COUNTY: Final = Kind("select", parse_county)
YES: Final = Kind("checkbox", lambda _: True)
NO: Final = Kind("checkbox", lambda _: False)
"""A checkbox that says that something is not so: checked, the model's value is false."""
BILLS: Final = Kind("textarea", _bills)
RATES: Final = Kind("textarea", _rates)
