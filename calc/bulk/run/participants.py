"""The step of the participants: their yearly figures."""

from functools import partial

import polars as pl

from calc.bulk.inputs.chunk import Part
from calc.bulk.reconcile.readings import with_moves
from calc.bulk.run.dataset_run import Int64, run_stage
from calc.bulk.run.night import Night
from calc.bulk.run.outcome import Outcome
from calc.columns.contract import PARTICIPANTS
from calc.columns.evaluation import Evaluation
from calc.columns.fixed_credit import evaluate


def run_participants(night: Night) -> Outcome:
    """Compute all parts; errors as `run_stage`."""
    name = PARTICIPANTS.name

    def participants(frame: pl.DataFrame, flagged: Int64, part: Part) -> Evaluation:
        calculator = partial(evaluate, as_of=night.job.as_of)
        return with_moves(night.readings, name, part, frame, flagged, calculator)

    return run_stage(night.sources[name], night.run, participants, night.job.threads, night.seed, night.report)
