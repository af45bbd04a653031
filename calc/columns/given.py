"""Convert what a notebook passes to what calculators take: frames of other libraries to Polars, days to dates."""

from datetime import date, datetime
from typing import Any

import polars as pl

from calc.errors import UsageError

_ARROW = ("__arrow_c_stream__", "__arrow_c_array__")
_FRAMES = "a frame of Polars (lazy or not) or pandas, or a table or batch of Arrow"


def frame_of(given: Any) -> pl.DataFrame:  # noqa: ANN401 - anything may be handed in
    """Convert rows to a Polars frame.

    Args:
        given: A frame of Polars, lazy or not; a frame of pandas; a table or batch of Arrow; or any object that exports
            its columns through Arrow's PyCapsule interface.

    Raises:
        TypeError: It is none of these, or a column cannot be read as one type. The message names the columns and quotes
            no value.
    """
    if isinstance(given, pl.DataFrame):
        return given
    if isinstance(given, pl.LazyFrame):
        return given.collect()
    if isinstance(given, (pl.Series, type)) or not any(hasattr(given, way) for way in _ARROW):
        raise TypeError(f"rows come as {_type(given)}; expected {_FRAMES}")
    found = _converted(given)
    if isinstance(found, pl.DataFrame):
        return found
    columns = [str(name) for name in getattr(given, "columns", ()) if _converted(given[[name]]) is None]
    which = f"column {', '.join(columns)} of {_type(given)} holds" if columns else f"{_type(given)} holds"
    raise TypeError(f"{which} no column of one type that can be read; give each column one type and its own name")


def day_of(given: Any) -> date:  # noqa: ANN401 - as above
    """Convert a day to a date.

    Args:
        given: A date, text YYYY-MM-DD, or a datetime at midnight.

    Raises:
        TypeError: It is of any other type.
        UsageError: The text is not a day, or the datetime has a time of day.
    """
    if isinstance(given, datetime):
        if any((given.hour, given.minute, given.second, given.microsecond)):
            raise UsageError(f"as_of {given.isoformat()}: has a time of day; give the day alone")
        return given.date()
    if isinstance(given, date):
        return given
    if isinstance(given, str):
        try:
            return datetime.strptime(given, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            raise UsageError(f"as_of {given!r}: not a day written YYYY-MM-DD") from None
    raise TypeError(f"as_of comes as {_type(given)}; expected a date or text YYYY-MM-DD")


def _converted(given: Any) -> Any:  # noqa: ANN401 - as above
    """Convert with Polars; None if that fails. Polars' own message is dropped because it may quote a value."""
    try:
        return pl.from_pandas(given) if _is_pandas(given) else pl.DataFrame(given)
    except (pl.exceptions.PolarsError, ValueError, TypeError, NotImplementedError):  # Arrow's errors are among them
        return None


def _is_pandas(given: Any) -> bool:  # noqa: ANN401 - as above
    return type(given).__module__.partition(".")[0] == "pandas"


def _type(given: Any) -> str:  # noqa: ANN401 - as above
    return f"{type(given).__module__}.{type(given).__qualname__}".removeprefix("builtins.")
