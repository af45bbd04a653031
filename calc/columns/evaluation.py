"""What every calculator gives back, and the steps that all share: rules by service, results of the good rows."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from calc.columns.contract import SERVICES, Dataset
from calc.errors import Reason
from calc.rules.resolve import Rules, ServiceRules
from calc.units import NO_DAY

Int64 = npt.NDArray[np.int64]
Array = npt.NDArray[Any]

_UNREADABLE = (
    Reason.missing_value | Reason.bad_date | Reason.date_order | Reason.unknown_value | Reason.bad_line
    | Reason.not_a_number | Reason.out_of_range | Reason.negative_amount | Reason.too_many_decimals
)  # fmt: skip


class Evaluation(NamedTuple):
    """Results of the good rows in input order, every row's reasons (0: good), and the good rows' inputs as arrays."""

    results: pl.DataFrame
    reasons: Int64
    inputs: dict[str, Array]


def add_refusal(reasons: Int64, rows: Array, reason: Reason) -> None:
    """Mark rows that the rules refuse, save those whose own values are refused already: the rules never saw those."""
    if rows.any():
        reasons[rows & (reasons & int(_UNREADABLE) == 0)] |= reason


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


def dates(days: Array) -> pl.Series:
    """Date column of epoch days; NO_DAY is null."""
    series = pl.Series(days)
    return pl.select(pl.when(series != NO_DAY).then(series)).to_series().cast(pl.Date)


def words(codes: Array, dtype: Any) -> pl.Series:  # noqa: ANN401 - a Polars Enum; Polars types it as an instance or a class
    """Enum column of codes."""
    return pl.Series(codes).cast(pl.UInt32).cast(dtype)


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
