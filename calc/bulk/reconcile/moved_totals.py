"""What another reading of the rules would move: sums of a part's figures under one reading less those under another."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from calc.bulk.reconcile.part_totals import amounts
from calc.bulk.reconcile.rests_on import REFUSED
from calc.bulk.reconcile.totals import FIGURES, GROUPS
from calc.columns.contract import DATASETS
from calc.columns.evaluation import Evaluation
from calc.kernels.arrays import Array, Bool, Int64


class ComparedRows(NamedTuple):
    """What is compared of some rows, refused ones among them: cents, places of their group in `words`, flags."""

    good: Bool
    cents: Mapping[str, Int64]
    groups: Array
    words: tuple[str, ...]
    flags: Mapping[str, Bool]


_HALF, _LOWER = 32, 0xFFFFFFFF


def sums_of(compared: ComparedRows, good: Bool) -> dict[str, int]:
    """Totals of some rows, and how many have each status (or what else the dataset is told by) or flag."""
    sums = {name: _sum(_some(cents, good)) for name, cents in compared.cents.items()}
    counts = np.bincount(_some(compared.groups, good), minlength=len(compared.words)).tolist()
    sums.update({f"{word}_rows": count for word, count in zip(compared.words, counts, strict=True)})
    sums.update({f"{name}_rows": int(np.count_nonzero(_some(flags, good))) for name, flags in compared.flags.items()})
    return sums


def _some(column: Array, good: Bool) -> Array:
    return column if good.all() else column[good]


def _sum(cents: Int64) -> int:
    """Exact sum: 64 bits would wrap."""
    return (int((cents >> _HALF).sum()) << _HALF) + int((cents & _LOWER).sum())


def moved_between(usual: ComparedRows, sums: dict[str, int], other: ComparedRows) -> dict[str, int]:
    """What differs from `sums`, those of `usual`, over the rows that are good both times."""
    good = usual.good & other.good
    refused = int(np.count_nonzero(usual.good & ~other.good))
    if refused:
        sums = sums_of(usual, good)
    found = sums_of(other, good)
    moved = {figure: amount - sums[figure] for figure, amount in found.items()}
    return {figure: amount for figure, amount in {**moved, REFUSED: refused}.items() if amount}


def compared_rows(name: str, evaluation: Evaluation) -> ComparedRows:
    """What is compared of a dataset's evaluation."""
    good = evaluation.reasons == 0
    results = evaluation.results

    def whole(column: Any) -> Array:  # noqa: ANN401 - a series or an array
        of_all = np.zeros(good.size, dtype=column.dtype)
        of_all[good] = column
        return of_all

    cents = {figure: found for figure in FIGURES[name] if (found := amounts(figure, evaluation)) is not None}
    groups = results[GROUPS[name]]
    flags = {column: results[column] for column, dtype in DATASETS[name].results.items() if dtype == pl.Boolean}
    cents = {figure: found for figure, found in cents.items() if figure not in flags}
    return ComparedRows(
        good,
        {figure: whole(found) for figure, found in cents.items()},
        whole(groups.to_physical().to_numpy()),
        tuple(groups.dtype.categories.to_list()) if isinstance(groups.dtype, pl.Enum) else (),
        {column: whole(found.to_numpy()) for column, found in flags.items()},
    )
