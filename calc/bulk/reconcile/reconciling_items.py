"""Why totals of the open deposits differ: between two days, and between two views of one day.

Comes in: rows of deposits on both days, or the tables of both views (`calc.bulk.reconcile.bucket_digests`). Goes out:
amounts by service, figure and cause, in cents (rows: deposits). All causes are added to a total but `paid`, which is
taken off.
"""

from collections import Counter
from typing import Final

import numpy as np
import polars as pl

from calc.bulk.reconcile.bucket_digests import DIGEST, FIGURES, KNOWN, MONEY, NO_SERVICE, Rows
from calc.columns.blocks import in_blocks
from calc.columns.contract import SERVICES
from calc.kernels import bucket_digests as kernels
from calc.kernels.arrays import Bool

RESTATED: Final = ("late", "released", "gone", "quarantined", "corrected", "law")
"""Why a day looks different than it did: deposits dated on or before it that were not there, or were in quarantine;
that are not there any more, or are in quarantine; of which an amount, a date or the id has changed; of which nothing
has, but the rules, rates, switches or versions."""
FLOWS: Final = ("posted", "new", "accrual", "paid")
"""What happens between two days: postings (and changes of posted_cents, which bears no date), principal received,
interest earned; what is returned, remitted or refunded."""
UNNAMED: Final = "unnamed"

Amounts = Counter[tuple[str, str, str]]
"""(service, figure, cause) -> cents, or rows."""
_POSTED: Final = "posted_cents"
_FLOWING: Final = ("status", *MONEY)


def flows(good: Bool, before: Rows, after: Rows) -> Amounts:
    """What happened to the good ones of some rows from one day to a later one."""
    found: Amounts = Counter()

    def work(rows: slice) -> None:
        sums = np.zeros((len(SERVICES), len(kernels.FLOWS)), dtype=np.int64)
        figures = (kernels.DayFigures(*day.of(_FLOWING, rows)) for day in (before, after))
        kernels.bucket_flows(good[rows], *after.of(("service",), rows), *figures, sums)
        for service, amounts in zip(SERVICES, sums.tolist(), strict=True):
            for (figure, cause), amount in zip(kernels.FLOWS, amounts, strict=True):
                found[service, figure, cause] += amount

    in_blocks(good.size, 1, work)
    return found


def restatements(before: pl.DataFrame, after: pl.DataFrame, *, law: bool) -> Amounts:
    """Why two tables of the same day differ, a cell named after the first cause that applies; `law`: it has changed.

    Cells without a cause are UNNAMED, which is there, if only as 0, where there is such a cell.
    """
    found: Amounts = Counter()
    if before.equals(after):
        return found
    both = after.join(before, on=["service", "cell"], how="full", coalesce=True, suffix="_before").fill_null(0)
    sums = (KNOWN, DIGEST, *FIGURES)
    difference = both.select("service", "cell", *(pl.col(name) - pl.col(f"{name}_before") for name in sums))
    beside = difference.filter(pl.col("service") == NO_SERVICE).select("cell", refused=KNOWN, transactions=DIGEST)
    cells = difference.filter(pl.col("service") != NO_SERVICE).join(beside, on="cell", how="left").fill_null(0)
    fewer, same = pl.col(KNOWN) < 0, pl.col(KNOWN) == 0
    cause = (
        pl.when(fewer & (pl.col("refused") > 0)).then(pl.lit("quarantined"))
        .when(fewer).then(pl.lit("gone"))
        .when(~same & (pl.col("refused") < 0)).then(pl.lit("released"))
        .when(~same).then(pl.lit("late"))
        .when((pl.col(DIGEST) != 0) | (pl.col("transactions") != 0)).then(pl.lit("corrected"))
        .otherwise(pl.lit("law" if law else UNNAMED))
    )  # fmt: skip
    posted = cells.filter(same).select("service", pl.lit("posted").alias("cause"), _POSTED)
    others = cells.select(
        "service", cause.alias("cause"), *FIGURES[:-1], pl.when(same).then(0).otherwise(_POSTED).alias(_POSTED)
    ).filter(pl.any_horizontal(pl.col(FIGURES) != 0))
    for frame in (posted, others):
        figures = [name for name in FIGURES if name in frame.columns]
        for row in frame.group_by("service", "cause").agg(pl.col(figures).cast(pl.Int128).sum()).iter_rows(named=True):
            for figure in figures:
                found[str(row["service"]), figure, str(row["cause"])] += int(row[figure])
    return found
