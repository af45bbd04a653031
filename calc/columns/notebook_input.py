"""Convert what a notebook passes to what calculators take: frames of other libraries to Polars, days to dates."""

from datetime import date, datetime
from typing import Any

import polars as pl

from calc.errors import UsageError

_ARROW = ("__arrow_c_stream__", "__arrow_c_array__")
_FRAMES = "a frame of Polars (lazy or not) or pandas, or a table or batch of Arrow"


def frame_of(value: Any) -> pl.DataFrame:  # noqa: ANN401 - any object may be passed
    """Convert rows to a Polars frame.

    Args:
        value: A frame of Polars, lazy or not; a frame of pandas; a table or batch of Arrow; or any object that exports
            its columns through Arrow's PyCapsule interface.

    Raises:
        TypeError: It is none of these, or a column cannot be read as one type. The message names the columns and quotes
            no value.
    """
    if isinstance(value, pl.DataFrame):
        return value
    if isinstance(value, pl.LazyFrame):
        return value.collect()
    if isinstance(value, (pl.Series, type)) or not any(hasattr(value, way) for way in _ARROW):
        raise TypeError(f"rows come as {_type(value)}; expected {_FRAMES}")
    found = _converted(value)
    if isinstance(found, pl.DataFrame):
        return found
    columns = [str(name) for name in getattr(value, "columns", ()) if _converted(value[[name]]) is None]
    which = f"column {', '.join(columns)} of {_type(value)} holds" if columns else f"{_type(value)} holds"
    raise TypeError(f"{which} no column of one type that can be read; give each column one type and its own name")


def day_of(value: Any) -> date:  # noqa: ANN401 - as above
    """Convert a day to a date.

    Args:
        value: A date, text YYYY-MM-DD, or a datetime at midnight.

    Raises:
        TypeError: It is of any other type.
        UsageError: The text is not a day, or the datetime has a time of day.
    """
    if isinstance(value, datetime):
        if any((value.hour, value.minute, value.second, value.microsecond)):
            raise UsageError(f"as_of {value.isoformat()}: has a time of day; give the day alone")
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            raise UsageError(f"as_of {value!r}: not a day written YYYY-MM-DD") from None
    raise TypeError(f"as_of comes as {_type(value)}; expected a date or text YYYY-MM-DD")


def _converted(value: Any) -> Any:  # noqa: ANN401 - as above
    """Convert with Polars; None if that fails. Polars' own message is dropped because it may quote a value."""
    try:
        return pl.from_pandas(value) if _is_pandas(value) else pl.DataFrame(value)
    except (pl.exceptions.PolarsError, ValueError, TypeError, NotImplementedError):  # Arrow's errors are among them
        return None


def _is_pandas(value: Any) -> bool:  # noqa: ANN401 - as above
    return type(value).__module__.partition(".")[0] == "pandas"


def _type(value: Any) -> str:  # noqa: ANN401 - as above
    return f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
