"""What a notebook hands in, as the calculators take it: frames of other libraries as Polars', days as dates."""

from datetime import date, datetime
from typing import Any

import polars as pl

from calc.errors import UsageError

_ARROW = ("__arrow_c_stream__", "__arrow_c_array__")
_FRAMES = "a frame of Polars (lazy or not) or pandas, or a table or batch of Arrow"


def frame_of(given: Any) -> pl.DataFrame:  # noqa: ANN401 - anything may be handed in
    """A frame of the rows handed in; TypeError in words where they are none.

    Args:
        given: a frame of Polars, lazy or not; a frame of pandas; a table or batch of Arrow; or anything else that hands
            its columns out by Arrow's PyCapsule interface.
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
    """A day handed in as a date, as text YYYY-MM-DD or as a midnight.

    TypeError in words for any other type, UsageError for text that is no day and for another time than midnight.
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
    """What Polars makes of it; None where it can make nothing. What it says then may quote a value: it is not told."""
    try:
        return pl.from_pandas(given) if _is_pandas(given) else pl.DataFrame(given)
    except (pl.exceptions.PolarsError, ValueError, TypeError, NotImplementedError):  # Arrow's errors are among them
        return None


def _is_pandas(given: Any) -> bool:  # noqa: ANN401 - as above
    return type(given).__module__.partition(".")[0] == "pandas"


def _type(given: Any) -> str:  # noqa: ANN401 - as above
    return f"{type(given).__module__}.{type(given).__qualname__}".removeprefix("builtins.")
