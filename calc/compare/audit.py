"""Audit another's interest: their column against ours, row by row, and the reading that reproduces most of it.

In: deposits with a column of another's amounts. Out: a row of differences for each deposit of which both have a figure,
and for each reading of the rules the share of those rows that it gives to the cent.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from calc.bulk.inputs.mapping import DatasetMap
from calc.bulk.inputs.source import Source
from calc.bulk.publish.quarantine import count_reasons, quarantined, refused_in
from calc.columns import unclaimed
from calc.columns.contract import DEPOSITS
from calc.columns.dataset import NONE, Column, Dataset, Holds
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.compare.readings import Reading
from calc.errors import UsageError
from calc.kernels.arrays import Int64

OURS: Final = ("interest_cents", "interest_due_cents", "base_interest_cents", "surcharge_interest_cents")
"""Results that another's column can be compared with; the first by default."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found.

    Attributes:
        rows: deposit_id, theirs_cents, ours_cents, difference_cents (theirs less ours) of each row compared.
        readings: reading, rows, equal_rows, share; the one that explains most rows first.
        refused: Rows that cannot be computed, as read, with their place and reasons.
        reasons: Refused rows by reason code.
        blank_rows: Rows without a figure of theirs.
    """

    rows: pl.DataFrame
    readings: pl.DataFrame
    refused: pl.DataFrame
    reasons: Counter[str]
    blank_rows: int

    @property
    def equal_rows(self) -> int:
        """Rows whose figures are equal to the cent."""
        return int((self.rows["difference_cents"] == 0).sum())


def audited_dataset(theirs: str) -> Dataset:
    """Return the dataset `deposits` with another's column.

    Args:
        theirs: The column's name: cents where it ends in _cents, else decimal dollars.

    Raises:
        UsageError: The name is one of the contract's own columns.
    """
    if any(theirs in column.names for column in DEPOSITS.columns):
        raise UsageError(f"--theirs {theirs}: is a column of the deposits themselves; name the column to be audited")
    name = theirs if theirs.endswith("_cents") else f"{theirs}_cents"
    column = Column(name, Holds.MONEY, "Interest as another computed it, in cents.", nullable=True, default=NONE)
    return replace(DEPOSITS, columns=(*DEPOSITS.columns, column))


def mapped_too(mapped: DatasetMap, dataset: Dataset) -> DatasetMap:
    """Return a map that reads another's column as it reads the other money, where all of that is written one way."""
    styles = set(mapped.money.values())
    return (
        replace(mapped, money={**mapped.money, dataset.columns[-1].name: styles.pop()}) if len(styles) == 1 else mapped
    )


def audit(source: Source, readings: Sequence[Reading], as_of: date, ours: str = OURS[0], threads: int = 1) -> Audit:
    """Compare another's column with ours, under the reading in force and under each other one.

    Args:
        source: Rows of `audited_dataset`.
        readings: The reading in force first.
        as_of: Day through which interest runs.
        ours: One of OURS.
        threads: Number of threads.

    Returns:
        The audit. Rows that another reading refuses count as not reproduced by it.
    """
    dataset, theirs = source.dataset, source.dataset.columns[-1].name
    rows, refused = [], []
    reasons: Counter[str] = Counter()
    blank_rows = 0
    equal = np.zeros(len(readings), dtype=np.int64)
    for part in source.parts():
        chunk = part.load()
        gated = gate(dataset, chunk.frame, chunk.flagged)
        given = gated.values[theirs]
        found, of_row, refusals = _figures(gated, readings[0], as_of, ours, threads)
        compared = (of_row == 0) & (given != NONE)
        blank_rows += int(((of_row == 0) & (given == NONE)).sum())
        if of_row.any():
            refused.append(quarantined(chunk, refused_in(dataset, chunk, of_row, refusals.refusals)))
            reasons += count_reasons(of_row)
        rows.append(
            pl.DataFrame(
                {
                    "deposit_id": chunk.frame["deposit_id"].cast(pl.String).filter(pl.Series(compared)),
                    "theirs_cents": given[compared],
                    "ours_cents": found[compared],
                    "difference_cents": (given - found)[compared],
                }
            )
        )
        equal[0] += int(((given == found) & compared).sum())
        for place, reading in enumerate(readings[1:], 1):
            other, others_reasons, _ = _figures(gated, reading, as_of, ours, threads)
            equal[place] += int(((given == other) & compared & (others_reasons == 0)).sum())
    compared_rows = pl.concat(rows) if rows else pl.DataFrame(schema=_ROWS)
    return Audit(
        compared_rows.cast(_ROWS),
        _shares(readings, equal, compared_rows.height),
        pl.concat(refused, how="diagonal_relaxed") if refused else pl.DataFrame(),
        reasons,
        blank_rows,
    )


_ROWS: Final = pl.Schema(
    {"deposit_id": pl.String, "theirs_cents": pl.Int64, "ours_cents": pl.Int64, "difference_cents": pl.Int64}
)


def _figures(gated: Gated, reading: Reading, as_of: date, ours: str, threads: int) -> tuple[Int64, Int64, Gated]:
    """Return our cents and the reasons of each row under a reading, and what was refused."""
    own = gated.copy()
    outputs = unclaimed.compute(own, rules=reading.rules, rates=reading.rates, as_of=as_of, threads=threads)
    return outputs[ours], own.reasons, own


def _shares(readings: Sequence[Reading], equal: Int64, rows: int) -> pl.DataFrame:
    """Return the table of readings: most equal rows first, then the fewest settings, then in the order tried."""
    order = sorted(range(len(readings)), key=lambda place: (-int(equal[place]), len(readings[place].settings), place))
    counts = [int(equal[place]) for place in order]
    return pl.DataFrame(
        {
            "reading": [readings[place].name for place in order],
            "rows": [rows] * len(order),
            "equal_rows": counts,
            "share": [count / rows if rows else 0.0 for count in counts],
        },
        schema={"reading": pl.String, "rows": pl.Int64, "equal_rows": pl.Int64, "share": pl.Float64},
    )
