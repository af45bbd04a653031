"""Define the type of a year in a path: four digits, from the first year that has a rate.

The framework's own integer would also accept `+2024`, `2_024` and `2024.0`.
"""

import re
from typing import Annotated, Final

from fastapi import Path
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from calc.rates.computing.table import FIRST_YEAR
from calc.units import LAST_DATE

_FOUR_DIGITS: Final = re.compile(r"[0-9]{4}", re.ASCII)


def _year(text: str) -> int:
    if not _FOUR_DIGITS.fullmatch(text):
        raise PydanticCustomError("bad_year", "no year", {"text": "not a year of four digits"})
    return int(text)


Year = Annotated[
    int, Field(ge=FIRST_YEAR, le=LAST_DATE.year), BeforeValidator(_year), Path(description="The year, four digits.")
]
