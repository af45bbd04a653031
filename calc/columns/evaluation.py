"""Define what every calculator returns, and the steps they share: rules by service, and arrays to a frame of good rows.

A calculator has three steps: a gate turns input into arrays and reasons (`gate` for a frame, `rows.Rows.gate` for
Python values), `compute` adds results and further reasons, and `assemble` here or `rows.Rows.results` returns them.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from calc.columns.contract import SERVICES, Dataset
from calc.columns.gated import Gated
from calc.columns.lazy_polars import pl
from calc.columns.lists import Lists
from calc.columns.plain import plain
from calc.columns.refusals import Refusal
from calc.kernels.arrays import Array, Int64
from calc.rules.resolve import Rules, ServiceRules
from calc.units import NO_DAY, NO_MOMENT


class Coded(NamedTuple):
    """A result column of codes; each code is a position in `meanings`."""

    codes: Array
    meanings: tuple[Any, ...]

    def tolist(self) -> list[Any]:
        """Return each row's meaning."""
        return [self.meanings[code] for code in self.codes.tolist()]


class Records(NamedTuple):
    """A result column of records: row r has those at offset[r] ... offset[r + 1] - 1 of the columns."""

    offset: Int64
    columns: Mapping[str, Array | Coded]


Outputs = Mapping[str, Array | Lists | Coded | Records]
"""Result columns by the contract's names: codes of words, epoch days (NO_DAY: none), whole numbers, or truth values."""


class Evaluation(NamedTuple):
    """Results of the good rows in input order, every row's reasons (0: good), and the good rows' inputs as arrays.

    `refusals` say which columns the reasons are about. `gives` are further results of the good rows, by the name of
    their dataset. A nightly run adds `rests_on`: what it reports of the money of a part
    (`calc.bulk.reconcile.rests_on`).
    """

    results: "pl.DataFrame"
    reasons: Int64
    inputs: dict[str, Array]
    refusals: list[Refusal]
    rests_on: Mapping[str, Any] | None = None
    gives: "Mapping[str, pl.DataFrame]" = MappingProxyType({})


def results_alone(results: "pl.DataFrame") -> Evaluation:
    """Return the evaluation of rows that are results already, all of them good."""
    return Evaluation(results, np.zeros(results.height, dtype=np.int64), {}, [])


def by_service(
    rules: Rules, service: Array, parameters: Callable[[ServiceRules], Any]
) -> Iterator[tuple[ServiceRules, Array | None]]:
    """Yield each service's rules with the mask of its rows, shape (rows,).

    Yields once, with None for all rows, if both services have the same parameters; a service without rows is skipped.

    Args:
        rules: Rules of both services.
        service: Code of each row's service.
        parameters: Picks from a service's rules what decides the results.
    """
    if parameters(rules.electric) == parameters(rules.gas):
        yield rules.electric, None
        return
    for code, name in enumerate(SERVICES):
        rows = service == code
        if rows.any():
            yield rules.service(name), rows


def compute_by_service(
    rules: Rules,
    values: dict[str, Array],
    outputs: dict[str, Array],
    parameters: Callable[[ServiceRules], Any],
    compute: Callable[[ServiceRules, dict[str, Array], dict[str, Array]], None],
) -> None:
    """Fill `outputs` service by service, each under its own rules.

    Args:
        rules: Rules of both services.
        values: Input columns by name, `service` among them.
        outputs: Result columns by name, filled.
        parameters: As for `by_service`.
        compute: Called with a service's rules, the values of its rows, and the outputs of its rows to fill.
    """
    for own, rows in by_service(rules, values["service"], parameters):
        if rows is None:
            compute(own, values, outputs)
            continue
        part = {name: np.empty(int(rows.sum()), dtype=figures.dtype) for name, figures in outputs.items()}
        compute(own, {name: column[rows] for name, column in values.items()}, part)
        for name, figures in part.items():
            outputs[name][rows] = figures


def dates(days: Array) -> "pl.Series":
    """Convert epoch days to a date column; NO_DAY becomes null."""
    series = pl.Series(days)
    return pl.select(pl.when(series != NO_DAY).then(series)).to_series().cast(pl.Date)


def moments(seconds: Array) -> "pl.Series":
    """Convert seconds to a column of local times; NO_MOMENT becomes null."""
    series = pl.Series(seconds)
    micros = pl.select(pl.when(series != NO_MOMENT).then(series) * 1_000_000).to_series()
    return micros.cast(pl.Datetime("us"))


def words(codes: Array, dtype: Any) -> "pl.Series":  # noqa: ANN401 - a Polars Enum; Polars types it as an instance or a class
    """Convert one-byte codes to an Enum column."""
    return pl.Series(codes.view(np.uint8)).cat.to(dtype)


def lists(column: Lists) -> "pl.Series":
    """Convert lists to a list column without copying the values."""
    import pyarrow as pa  # noqa: PLC0415 - only lists need it

    # `pa.array` would load pandas, where it is installed, to ask whether it was given a column of it.
    offset, values = (
        pa.Array.from_buffers(pa.int64(), each.size, [None, pa.py_buffer(np.ascontiguousarray(each, dtype=np.int64))])
        for each in column
    )
    return pl.Series(pl.from_arrow(pa.LargeListArray.from_arrays(offset, values)))


def assemble(
    dataset: Dataset, frame: "pl.DataFrame", outputs: Outputs, gated: Gated, inputs: dict[str, Array]
) -> Evaluation:
    """Build the evaluation: the good rows of the result columns, in the contract's order.

    Args:
        dataset: Contract of the results.
        frame: Input rows; text columns of the results are taken from it.
        outputs: Result columns as arrays, over all rows.
        gated: Gated input with all reasons.
        inputs: Input columns to return with the results, over all rows.
    """
    series = []
    for name, dtype in dataset.results.items():
        column = _series(outputs[name], dtype) if name in outputs else plain(frame[name]).cast(pl.String)
        series.append(column.cast(dtype).alias(name))
    results = pl.DataFrame(series)
    good = gated.reasons == 0
    if not good.all():
        results = results.filter(pl.Series(good))
        beside = {name: column for name, column in inputs.items() if column is not outputs.get(name)}
        kept = pl.DataFrame(beside).filter(pl.Series(good)) if beside else results
        inputs = {name: (kept if name in beside else results)[name].to_numpy() for name in inputs}
    return Evaluation(results, gated.reasons, inputs, gated.refusals)


def _series(column: Array | Lists | Coded | Records, dtype: Any) -> "pl.Series":  # noqa: ANN401 - as in `words`
    if isinstance(column, Lists):
        return lists(column)
    if isinstance(column, Records):
        return _record_lists(column, dtype)
    if isinstance(column, Coded):
        return pl.Series(column.meanings, dtype=dtype).gather(pl.Series(column.codes))
    if isinstance(dtype, pl.Enum):
        return words(column, dtype)
    if dtype == pl.Datetime:
        return moments(column)
    return dates(column) if dtype == pl.Date else pl.Series(column)


def _record_lists(column: Records, dtype: Any) -> "pl.Series":  # noqa: ANN401 - as in `words`
    import pyarrow as pa  # noqa: PLC0415 - as in `lists`

    fields = [
        _series(column.columns[field.name], field.dtype).cast(field.dtype).alias(field.name)
        for field in dtype.inner.fields
    ]
    records = pl.DataFrame(fields).to_struct().to_arrow(compat_level=pl.CompatLevel.oldest())
    return pl.Series(pl.from_arrow(pa.LargeListArray.from_arrays(pa.array(column.offset), records)))
