"""Control totals of a part from the arrays and results at hand, before they are written.

Arrow computes the same totals again over the written files (`calc.bulk.reconcile.totals`): neither way knows of the
other.
"""

import numpy as np
import polars as pl

from calc.bulk.reconcile.totals import FIGURES, GROUPS, OF_ACCOUNT, OF_CUSTOMERS, Totals
from calc.columns.evaluation import Evaluation
from calc.kernels.arrays import Array, Int64, UInt8
from calc.kernels.control_totals import LOW_BITS, grouped_sums
from calc.kernels.deposit_limit import LIMITS_OF


def totals_of_part(dataset: str, evaluation: Evaluation) -> Totals:
    """Sums of the dataset's figures, in the results or among the inputs beside them, by service and group."""
    services, groups = (evaluation.results[name] for name in ("service", GROUPS[dataset]))
    (names, of_service), (words, of_word) = (_coded(each) for each in (services, groups))
    group = of_service * np.uint8(len(words)) + of_word
    places = len(words) * len(names)
    rows = np.bincount(group, minlength=places).tolist()
    sums = {
        name: _sums(group, found, places)
        for name in FIGURES[dataset]
        if (found := amounts(name, evaluation)) is not None
    }
    totals: Totals = {}
    for place, (service, word) in enumerate((each, word) for each in names for word in words):
        if rows[place]:
            figures = {name: found[place] for name, found in sums.items()}
            totals.setdefault(service, {})[word] = {"rows": rows[place], **figures}
    return totals


def _coded(column: pl.Series) -> tuple[list[str], UInt8]:
    """The words of a column and each row's place among them; of whole numbers, those up to the highest."""
    if column.dtype == pl.Int32:
        numbers = column.cast(pl.UInt8).to_numpy()
        return [str(number) for number in range(int(numbers.max(initial=0)) + 1)], numbers
    if not isinstance(column.dtype, pl.Enum):
        raise TypeError(f"{column.name} is of type {column.dtype}, not a code of known words")
    return column.dtype.categories.to_list(), column.to_physical().to_numpy()


def amounts(name: str, evaluation: Evaluation) -> Int64 | None:
    """A figure's cents a row, a list's summed, 1 for a flag; None where there is no such figure."""
    if name in evaluation.inputs:
        return np.ascontiguousarray(evaluation.inputs[name])
    if name not in evaluation.results.columns:
        return None
    cents = evaluation.results[name]
    if name in OF_CUSTOMERS and "limit_of" in evaluation.results.columns:
        of_account = evaluation.results["limit_of"].to_physical().to_numpy() == LIMITS_OF.index(OF_ACCOUNT)
        return np.where(of_account, cents.to_numpy(), 0)
    if isinstance(cents.dtype, pl.List):
        cents = cents.list.sum()
    if cents.dtype == pl.Boolean:
        cents = cents.cast(pl.Int64)
    return cents.fill_null(0).to_numpy()


def _sums(group: Array, amounts: Int64, places: int) -> list[int]:
    low, high = (np.zeros(places, dtype=np.int64) for _ in range(2))
    grouped_sums(group, amounts, low, high)
    return [(above << LOW_BITS) + below for above, below in zip(high.tolist(), low.tolist(), strict=True)]
