"""What other rules, rates or another tariff change over a portfolio: each row under both, in cents.

In: rows of a topic's dataset, and the two questions that they are asked under. Out: the rows whose figures differ, and
sums before and after over the rows that both compute. Nothing of a published night is read or written.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from calc.bulk.inputs.source import Source
from calc.columns.plain import plain
from calc.kernels.arrays import Bool
from calc.topics.topic import Question, Topic

CHANGED: Final = "changed"
ONLY_BEFORE: Final = "only_before"
ONLY_AFTER: Final = "only_after"


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes.

    Attributes:
        rows: The rows that differ: key, change (`changed`, or `only_before` and `only_after` where the other refuses
            the row), and each figure before, after and its difference, in cents.
        rows_in: Rows of the input.
        computed: Rows that both compute.
        sums: Sums of each figure before and after over the rows that both compute.
    """

    rows: pl.DataFrame
    rows_in: int
    computed: int
    sums: dict[str, tuple[int, int]]

    def count(self, change: str) -> int:
        """Return how many rows differ in a way."""
        return self.rows.filter(pl.col("change") == change).height


def effect(topic: Topic, source: Source, before: Question, after: Question, threads: int = 1) -> Effect:
    """Ask every row of a source under two questions.

    Args:
        topic: Whose dataset the rows are; its totals are the figures.
        source: The rows.
        before: The first rules, rates and tariff.
        after: The others.
        threads: Number of threads.
    """
    dataset = topic.dataset
    figures = [name for name in dataset.totals if name in dataset.results]
    differing: list[pl.DataFrame] = []
    sums = {name: [0, 0] for name in figures}
    rows_in = computed = 0
    for part in source.parts():
        chunk = part.load()
        sides = {}
        wide = pl.DataFrame([plain(chunk.frame[name]).cast(pl.String).alias(name) for name in dataset.key])
        for name, question in (("before", before), ("after", after)):
            found = topic.evaluate(chunk.frame, question, threads, chunk.flagged)
            sides[name] = found.reasons == 0
            wide = wide.hstack(_spread(_cents(found.results, figures), sides[name], name))
        good = sides["before"] & sides["after"]
        rows_in, computed = rows_in + good.size, computed + int(good.sum())
        for figure in figures:
            for place, name in enumerate(sides):
                column = wide[f"{name}_{figure}"].filter(pl.Series(good))
                sums[figure][place] += int(column.cast(pl.Int128).sum() or 0)
        differing.append(_differing(wide, sides, figures, dataset.key))
    rows = pl.concat(differing) if differing else pl.DataFrame(schema={"change": pl.String})
    return Effect(rows, rows_in, computed, {name: (was, now) for name, (was, now) in sums.items()})


def _cents(results: pl.DataFrame, figures: list[str]) -> pl.DataFrame:
    """Return figures as numbers: a list by its sum."""
    return results.select(
        pl.col(name).list.sum().alias(name)
        if isinstance(results.schema[name], pl.List)
        else pl.col(name).cast(pl.Int64)
        for name in figures
    )


def _spread(cents: pl.DataFrame, good: Bool, name: str) -> pl.DataFrame:
    """Return good rows' figures at the places of all rows; null where a row is refused."""
    places = pl.Series(np.where(good, np.cumsum(good) - 1, -1))
    at = pl.select(pl.when(places >= 0).then(places)).to_series().cast(pl.UInt32)
    return cents.select(pl.all().gather(at)).rename({each: f"{name}_{each}" for each in cents.columns})


def _differing(wide: pl.DataFrame, good: dict[str, Bool], figures: list[str], key: tuple[str, ...]) -> pl.DataFrame:
    was, now = (pl.lit(pl.Series(good[name])) for name in ("before", "after"))
    differs = pl.any_horizontal(pl.col(f"before_{each}") != pl.col(f"after_{each}") for each in figures)
    change = (
        pl.when(now & ~was).then(pl.lit(ONLY_AFTER)).when(was & ~now).then(pl.lit(ONLY_BEFORE))
        .when(differs).then(pl.lit(CHANGED)).alias("change")
    )  # fmt: skip
    amounts = [
        column
        for each in figures
        for column in (
            pl.col(f"before_{each}"),
            pl.col(f"after_{each}"),
            (pl.col(f"after_{each}") - pl.col(f"before_{each}")).alias(f"difference_{each}"),
        )
    ]
    return wide.with_columns(change).filter(pl.col("change").is_not_null()).select(*key, "change", *amounts)
