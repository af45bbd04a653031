"""Types of fields of requests: dates, times, services, switches and names of tariffs, as models check them.

Nothing is coerced: a date is ISO text, and a word is one of those that the contract or the rules have.
"""

from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.models.allowed import DAYS, MOMENT_PATTERN, MOMENTS
from calc.bulk.inputs.map_file import MAPPED
from calc.columns.contract import SERVICES
from calc.rules.schema import SWITCHES
from calc.units import parse_date, parse_moment

_parsed: Final = lru_cache(maxsize=8_192)(parse_date)
"""Parses a date; cached because a batch holds few dates, each many times."""


def _day(value: object) -> date:
    if type(value) is not str:
        raise PydanticCustomError("bad_date", "no date", {"text": "not text; write YYYY-MM-DD"})
    try:
        return _parsed(value)
    except ValueError as error:
        raise PydanticCustomError("bad_date", "no date", {"text": str(error)}) from None


def _time(value: object) -> datetime:
    if type(value) is not str:
        raise PydanticCustomError("bad_date", "no time", {"text": "not text; write YYYY-MM-DDTHH:MM"})
    try:
        return parse_moment(value)
    except ValueError as error:
        raise PydanticCustomError("bad_date", "no time", {"text": str(error)}) from None


_MOMENT_SCHEMA: Final = {"type": "string", "pattern": MOMENT_PATTERN, "description": MOMENTS}
_DAY_SCHEMA: Final = {
    "type": "string",
    "format": "date",
    "description": DAYS,
}
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema(_DAY_SCHEMA)]
OptionalDay = Annotated[
    date | None,
    BeforeValidator(lambda value: None if value is None else _day(value)),
    WithJsonSchema({"anyOf": [_DAY_SCHEMA, {"type": "null"}]}),
]
Moment = Annotated[datetime, BeforeValidator(_time), WithJsonSchema(_MOMENT_SCHEMA)]
OptionalMoment = Annotated[
    datetime | None,
    BeforeValidator(lambda value: None if value is None else _time(value)),
    WithJsonSchema({"anyOf": [_MOMENT_SCHEMA, {"type": "null"}]}),
]
Service = Literal[SERVICES]  # type: ignore[valid-type]  # the words stand in one place, the contract
_DATASETS: Final = tuple(MAPPED)
DatasetName = Literal[_DATASETS]  # type: ignore[valid-type]  # as above, the datasets that a map may describe
Switch = Literal[SWITCHES]  # type: ignore[valid-type]  # as above, the rules' schema
SwitchValue = Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9_]+$")]
TariffName = Annotated[str, Field(max_length=64, pattern=r"^[a-z0-9-]+$")]
