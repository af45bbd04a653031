"""The step of the participants: their yearly figures, and the months of those with a first bill, with their events."""

from functools import partial

import polars as pl

from calc.bulk.inputs.chunk import Part
from calc.bulk.reconcile.readings import moves_of, with_moves
from calc.bulk.run.dataset_run import Int64, run_stage
from calc.bulk.run.dependents import Dependents
from calc.bulk.run.night import Night
from calc.bulk.run.outcome import Outcome
from calc.columns.contract import PARTICIPANTS
from calc.columns.evaluation import Evaluation
from calc.columns.fixed_credit import evaluate
from calc.columns.participant_year import evaluate_owned


def run_participants(night: Night, events: Dependents | None) -> Outcome:
    """Compute all parts, with their events if there are any; errors as `run_stage`."""
    source, as_of = night.sources[PARTICIPANTS.name], night.job.as_of
    gives = tuple(each.name for each in source.gives)

    def participants(frame: pl.DataFrame, flagged: Int64, part: Part) -> Evaluation:
        calculator = partial(evaluate, as_of=as_of)
        if not (events or gives):
            return with_moves(night.readings, PARTICIPANTS.name, part, frame, flagged, calculator)
        own = events.of_part(part, frame, flagged) if events else None
        year = evaluate_owned(frame, own, rules=night.rules, as_of=as_of, flagged=flagged)
        moves = moves_of(night.readings, PARTICIPANTS.name, part, frame, year.reasons, calculator)
        return year._replace(rests_on=moves, gives={name: year.gives[name] for name in gives})

    return run_stage(
        source, night.run, participants, night.job.threads, night.seed, night.report, gives=gives
    )  # fmt: skip
