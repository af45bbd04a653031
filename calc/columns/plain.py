"""Convert columns of text in any form, such as dictionaries (categories of pandas) and bytes, to plain text.

In: Polars series and frames as they were read. Out: the same, with all text as String. The values of a column that is
plain already are not read.
"""

from typing import Any, Final

import numpy as np

from calc.columns.lazy_polars import pl
from calc.kernels.arrays import Int64

_NOWHERE: Final[Int64] = np.empty(0, dtype=np.int64)


def plain_type(dtype: Any) -> Any:  # noqa: ANN401 - a Polars type is an instance or a class
    """Return the type with text in place of dictionaries, at any depth."""
    if isinstance(dtype, (pl.Categorical, pl.Enum)):
        return pl.String()
    if isinstance(dtype, pl.List):
        return pl.List(plain_type(dtype.inner))
    if isinstance(dtype, pl.Array):
        return pl.Array(plain_type(dtype.inner), dtype.size)
    if isinstance(dtype, pl.Struct):
        return pl.Struct([pl.Field(field.name, plain_type(field.dtype)) for field in dtype.fields])
    return dtype


def is_whole(dtype: Any) -> bool:  # noqa: ANN401 - as above
    """Tell whether a type holds only whole numbers: integers, and Decimals of scale 0."""
    return bool(dtype.is_integer()) or (isinstance(dtype, pl.Decimal) and dtype.scale == 0)


def plain(series: "pl.Series") -> "pl.Series":
    r"""Convert dictionaries and bytes to text; bytes that are not UTF-8 become \xNN."""
    if series.dtype == pl.Binary:
        try:
            return series.cast(pl.String)
        except pl.exceptions.ComputeError:
            decoded = [None if value is None else _decoded(value) for value in series]
            return pl.Series(series.name, decoded, dtype=pl.String)
    return with_text(series)


def with_text(series: "pl.Series") -> "pl.Series":
    """Convert dictionaries to text; bytes stay."""
    dtype = plain_type(series.dtype)
    return series if dtype == series.dtype else series.cast(dtype)


def plain_frame(frame: "pl.DataFrame") -> "pl.DataFrame":
    """Convert every column of a frame with `plain`; returns the same frame if nothing changes."""
    changed = [series for series in frame if series.dtype == pl.Binary or plain_type(series.dtype) != series.dtype]
    return frame.with_columns([plain(series) for series in changed]) if changed else frame


def undecodable(series: "pl.Series") -> Int64:
    """Return positions of bytes that are not UTF-8."""
    if series.dtype != pl.Binary:
        return _NOWHERE
    try:
        series.cast(pl.String)
    except pl.exceptions.ComputeError:
        bad = [value is not None and not _is_text(value) for value in series]
        return np.flatnonzero(np.array(bad, dtype=np.bool_))
    return _NOWHERE


def _decoded(value: bytes) -> str:
    return value.decode("utf-8", errors="backslashreplace")


def _is_text(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
