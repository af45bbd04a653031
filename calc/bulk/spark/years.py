"""Participants with their events on a cluster: brought together by a hash of their key, computed as on one machine.

Comes in: flagged participants and events, as they are. Goes out: one DataFrame whose rows are a participant's result, a
refused participant, a month of a year, or a refused event; each is a struct, the others are null.
"""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
import polars as pl
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that Spark's own pages use
from pyspark.sql.types import StructField, StructType

import calc
from calc.bulk.spark.part import FLAGGED, PLACE, frame_of, good_rows, refused_of
from calc.columns.contract import PARTICIPANT_EVENTS, PARTICIPANT_MONTHS, PARTICIPANTS
from calc.columns.evaluation import Evaluation
from calc.columns.participant_year import Year
from calc.errors import UsageError
from calc.kernels.arrays import Int64

KEY: Final = ("participant_id", "service")
COLUMNS: Final = ("result", "refused", "month", "refused_event")
GROUP_ROWS: Final = 200_000
"""Participants that a task takes at once, about: a year of each has some 2 kB."""
_GROUP: Final = "group"


class EvaluateYears(Protocol):
    """A calculator that knows rules, guidelines and day: participants and events -> their years."""

    def __call__(self, frame: pl.DataFrame, events: pl.DataFrame, *, flagged: Int64) -> Year:
        """Evaluate some participants with all of their events."""


def evaluated_years(
    participants: DataFrame, events: DataFrame, evaluate: EvaluateYears, structs: Sequence[StructType]
) -> DataFrame:
    """Evaluate participants with their events, computed once and kept.

    Args:
        participants: Rows with FLAGGED.
        events: Rows of the dataset `events`.
        evaluate: Taken along to every worker.
        structs: Types of COLUMNS.
    """
    groups = max(1, -(-participants.count() // GROUP_ROWS))
    version = calc.__version__

    def work(left: pa.Table, right: pa.Table) -> pa.Table:
        return years_of(left.drop([_GROUP]), right.drop([_GROUP]), evaluate, version)

    schema = StructType([StructField(name, struct) for name, struct in zip(COLUMNS, structs, strict=True)])
    left, right = (each.withColumn(_GROUP, _group(groups)).groupBy(_GROUP) for each in (participants, events))
    return left.cogroup(right).applyInArrow(work, schema).persist()


def years_of(participants: pa.Table, events: pa.Table, evaluate: EvaluateYears, version: str) -> pa.Table:
    """What becomes of some participants and all of their events.

    Raises:
        UsageError: `version`, the driver's puccalc, is not the worker's.
    """
    if version != calc.__version__:
        raise UsageError(f"the driver runs puccalc {version}, a worker {calc.__version__}: install one on all nodes")
    own, happened = _one_batch(participants), _one_batch(events)
    flagged = np.array(own.column(FLAGGED), dtype=np.int64)
    year = evaluate(frame_of(own), frame_of(happened), flagged=flagged)
    about_events = Evaluation(year.months, year.event_reasons, {}, year.event_refusals)
    parts = (
        good_rows(PARTICIPANTS, year.participants.results),
        refused_of(PARTICIPANTS, own, year.participants),
        good_rows(PARTICIPANT_MONTHS, year.months),
        refused_of(PARTICIPANT_EVENTS, happened, about_events),
    )
    rows = sum(map(len, parts))
    columns, before = [], 0
    for part in parts:
        nulls = pa.nulls(before, part.type), pa.nulls(rows - before - len(part), part.type)
        columns.append(pa.concat_arrays([nulls[0], part, nulls[1]]))
        before += len(part)
    return pa.Table.from_arrays(columns, names=list(COLUMNS))


def of_kind(evaluated: DataFrame, column: str) -> DataFrame:
    """Return the rows of one of COLUMNS, with the fields of its struct."""
    return evaluated.where(F.col(column).isNotNull()).select(f"{column}.*")


def known_columns(events: DataFrame) -> DataFrame:
    """Return the columns of the dataset `events` that a frame has, and the place of its rows."""
    known = {name for column in PARTICIPANT_EVENTS.columns for name in column.names}
    return events.select([name for name in events.columns if name in known or name in PLACE])


def _group(groups: int) -> Column:
    return F.pmod(F.xxhash64(*(F.col(name).cast("string") for name in KEY)), F.lit(groups))


def _one_batch(table: pa.Table) -> pa.RecordBatch:
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema)
