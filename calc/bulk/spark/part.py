"""What a Spark worker does to some rows of a dataset: Arrow batches in, Arrow batches out, every row accounted for.

Comes in: the contract's columns as they are, FILE and ROW where they are known, FLAGGED (reasons found before, as bits)
and, for accounts, HELD. Goes out: for a good row `result`, a struct of the contract's result columns, and the inputs
that are totalled beside them; for a bad one `refused`, a struct of the columns as they came, the reason codes and,
beside each, the columns that it is about and what is allowed there. What a row is not is null. Nothing here needs Spark
itself.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from typing import Any, Final, Protocol

import numpy as np
import polars as pl
import pyarrow as pa
from polars import selectors

import calc
from calc.columns.contract import DATASETS, Dataset
from calc.columns.deposit_limit import evaluate as evaluate_accounts
from calc.columns.evaluation import Evaluation
from calc.columns.fixed_credit import evaluate as evaluate_participants
from calc.columns.refusals import names_in, refused_rows
from calc.columns.unclaimed import evaluate as evaluate_deposits
from calc.errors import UsageError
from calc.kernels.arrays import Int64
from calc.rates.computing.table import RateTable
from calc.rules.guidelines import load_guidelines
from calc.rules.resolve import Rules

FILE: Final = "file"
ROW: Final = "row"
PLACE: Final = (FILE, ROW)
"""Where a row stands in the input: its file, and its number among the file's data rows, from 1."""
FLAGGED: Final = "flagged"
HELD: Final = "held_cents"
TAKES_PART: Final = "takes_part"
"""Whether the account has a row among the participants, rule (e)."""
INPUTS: Final[dict[str, tuple[str, ...]]] = {
    "deposits": ("kind", "principal_cents", "posted_cents"),
    "accounts": (),
    "participants": (),
}
"""Inputs of good rows, as int64, that control totals and held totals rest on."""
_ARROW: Final[dict[Any, pa.DataType]] = {
    pl.Int32: pa.int32(),
    pl.Int64: pa.int64(),
    pl.Date: pa.date32(),
    pl.Boolean: pa.bool_(),
    pl.List(pl.Int64): pa.list_(pa.int64()),
    pl.List(pl.String): pa.list_(pa.string()),
}


class Evaluate(Protocol):
    """A calculator that knows rules, rates and day: frame and the reasons known so far -> its evaluation."""

    def __call__(self, frame: pl.DataFrame, *, flagged: Int64) -> Evaluation:
        """Evaluate some rows."""


def evaluations(rules: Rules, rates: RateTable, as_of: date) -> dict[str, Evaluate]:
    """What each dataset is evaluated by on a day: made once, and taken along to every worker."""
    return {
        "deposits": partial(evaluate_deposits, rules=rules, rates=rates, as_of=as_of),
        "accounts": partial(_accounts, rules=rules, as_of=as_of),
        "participants": partial(evaluate_participants, rules=rules, as_of=as_of, guidelines=load_guidelines()),
    }


def result_schema(dataset: Dataset) -> pa.Schema:
    """Arrow types of the result columns; words are text."""
    return pa.schema([(name, _ARROW.get(dtype, pa.string())) for name, dtype in dataset.results.items()])


def evaluate_batches(
    batches: Iterable[pa.RecordBatch], name: str, evaluate: Evaluate, version: str
) -> Iterator[pa.RecordBatch]:  # fmt: skip
    """Good rows of each batch, then its bad ones where there are any; how rows are cut into batches does not show.

    UsageError where `version`, the driver's puccalc, is not the worker's: rules and rates travel inside `evaluate`, the
    code that applies them does not.
    """
    if version != calc.__version__:
        raise UsageError(f"the driver runs puccalc {version}, a worker {calc.__version__}: install one on all nodes")
    for batch in batches:
        evaluation = evaluate(frame_of(batch), flagged=np.array(batch.column(FLAGGED), dtype=np.int64))
        good = good_rows(DATASETS[name], evaluation.results)
        bad = refused_of(DATASETS[name], batch, evaluation)
        inputs = {each: pa.array(evaluation.inputs[each], pa.int64()) for each in INPUTS[name]}
        yield pa.RecordBatch.from_pydict({"result": good, "refused": pa.nulls(len(good), bad.type), **inputs})
        if len(bad):
            nulls = {each: pa.nulls(len(bad), pa.int64()) for each in INPUTS[name]}
            yield pa.RecordBatch.from_pydict({"result": pa.nulls(len(bad), good.type), "refused": bad, **nulls})


def _accounts(frame: pl.DataFrame, *, flagged: Int64, rules: Rules, as_of: date) -> Evaluation:
    """Accounts with what was put beside them: what is held, and where it is known, which take part in a program."""
    participants = frame.filter(TAKES_PART)["account_id"].cast(pl.String) if TAKES_PART in frame.columns else None
    return evaluate_accounts(frame, rules=rules, as_of=as_of, flagged=flagged, participants=participants)


def frame_of(batch: pa.RecordBatch) -> pl.DataFrame:
    """The batch for a calculator. An instant is a day in UTC, whatever zone the Spark session shows it in."""
    frame = pl.DataFrame(pl.from_arrow(batch))
    return frame.with_columns(selectors.datetime(time_zone="*").dt.convert_time_zone("UTC"))


def good_rows(dataset: Dataset, results: pl.DataFrame) -> pa.StructArray:
    """Return results as structs of a dataset's result columns."""
    schema = result_schema(dataset)
    table = results.with_columns(selectors.enum().cast(pl.String)).to_arrow().cast(schema)
    return pa.StructArray.from_arrays([column.combine_chunks() for column in table.columns], fields=list(schema))


def refused_of(dataset: Dataset, batch: pa.RecordBatch, evaluation: Evaluation) -> pa.StructArray:
    """Return the refused rows as structs of the columns as they came, and why they are refused."""
    names = names_in(dataset, batch.schema.names)
    bad = refused_rows(dataset, evaluation.reasons, evaluation.refusals, names)
    rows = batch.select([name for name in batch.schema.names if name not in {FLAGGED, HELD, TAKES_PART}]).take(
        pa.array(bad.places)
    )
    for texts in bad.texts():
        rows = rows.append_column(texts.name, texts.to_arrow().cast(pa.list_(pa.string())))
    return rows.to_struct_array()
