"""What every calculator gives back, and the steps that all share: rules by service, results of the good rows."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from calc.columns.contract import SERVICES, Dataset
from calc.errors import reason_codes
from calc.rules.resolve import Rules, ServiceRules
from calc.units import NO_DAY

Int64 = npt.NDArray[np.int64]
Array = npt.NDArray[Any]


class Evaluation(NamedTuple):
    """Results of the good rows in input order, every row's reasons (0: good), and the good rows' inputs as arrays."""

    results: pl.DataFrame
    reasons: Int64
    inputs: dict[str, Array]


def by_service(
    rules: Rules, service: Array, parameters: Callable[[ServiceRules], Any]
) -> Iterator[tuple[ServiceRules, Array | None]]:
    """Each service's rules with the mask of its rows; once with None (all rows) where both have the same parameters."""
    if parameters(rules.electric) == parameters(rules.gas):
        yield rules.electric, None
        return
    for code, name in enumerate(SERVICES):
        rows = service == code
        if rows.any():
            yield rules.service(name), rows


def reason_lists(reasons: Int64) -> pl.Series:
    """List column of reason codes of bitmasks."""
    texts = {mask: reason_codes(mask) for mask in np.unique(reasons).tolist()}
    return pl.Series("reasons", [texts[mask] for mask in reasons.tolist()], dtype=pl.List(pl.String))


def dates(days: Array) -> pl.Series:
    """Date column of epoch days; NO_DAY is null."""
    series = pl.Series(days)
    return pl.select(pl.when(series != NO_DAY).then(series)).to_series().cast(pl.Date)


def words(codes: Array, dtype: Any) -> pl.Series:  # noqa: ANN401 - a Polars Enum; Polars types it as an instance or a class
    """Enum column of codes."""
    return pl.Series(codes).cast(pl.UInt8).cat.to(dtype)


def assemble(
    dataset: Dataset, frame: pl.DataFrame, columns: dict[str, Any], reasons: Int64, inputs: dict[str, Array]
) -> Evaluation:
    """Good rows of the result columns in the contract's order; columns of text come from the frame."""
    series = []
    for name, dtype in dataset.results.items():
        if name in columns:
            values = columns[name]
            column = values if isinstance(values, pl.Series) else pl.Series(values)
        else:
            column = frame[name].cast(pl.String)
        series.append(column.cast(dtype).alias(name))
    results = pl.DataFrame(series)
    bad = reasons != 0
    if bad.any():
        good = ~bad
        results = results.filter(pl.Series(good))
        inputs = {name: values[good] for name, values in inputs.items()}
    return Evaluation(results, reasons, inputs)
