"""The step of the participants: their yearly figures, and the months of those with a first bill, with their events."""

from functools import partial

import numpy as np
import polars as pl

from calc.bulk.inputs.chunk import Part
from calc.bulk.reconcile.moved_totals import ComparedRows, compared_rows
from calc.bulk.reconcile.readings import with_moves
from calc.bulk.reconcile.totals import FIGURES
from calc.bulk.run.dataset_run import run_stage
from calc.bulk.run.dependents import Dependents
from calc.bulk.run.night import Night
from calc.bulk.run.outcome import Outcome
from calc.columns.contract import PARTICIPANT_MONTHS, PARTICIPANTS
from calc.columns.evaluation import Evaluation
from calc.columns.fixed_credit import evaluate
from calc.columns.participant_year import evaluate_owned
from calc.kernels.arrays import Int64
from calc.rates.computing.table import RateTable
from calc.rules.resolve import Rules


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
        places = night.readings.rows(PARTICIPANTS.name, part)
        some, reasons, owned = frame, flagged, own
        if places is not None:
            some, reasons, owned = frame[places], flagged[places], own and own.at(places, part.rows)

        def under(rules: Rules, _: RateTable) -> ComparedRows:
            return compared_years(evaluate_owned(some, owned, rules=rules, as_of=as_of, flagged=reasons))

        moves = night.readings.moves(PARTICIPANTS.name, reasons.size, under)
        rests_on = {"interest_through_day": None, **moves}
        return year._replace(rests_on=rests_on, gives={name: year.gives[name] for name in gives})

    return run_stage(
        source, night.run, participants, night.job.threads, night.keys.of(PARTICIPANTS.name), night.report, gives=gives
    )  # fmt: skip


def compared_years(evaluation: Evaluation) -> ComparedRows:
    """What is compared of participants' years: their yearly figures, and sums of their months as `months_...`."""
    yearly = compared_rows(PARTICIPANTS.name, evaluation)
    cents = [name for name in FIGURES[PARTICIPANT_MONTHS.name] if name.endswith("_cents")]
    key = list(PARTICIPANTS.key)
    sums = evaluation.gives[PARTICIPANT_MONTHS.name].group_by(key).agg(pl.col(cents).sum())
    found = evaluation.results.select(key).join(sums, on=key, how="left", maintain_order="left")
    months = {}
    for name in cents:
        months[f"months_{name}"] = np.zeros(yearly.good.size, dtype=np.int64)
        months[f"months_{name}"][yearly.good] = found[name].fill_null(0).to_numpy()
    return yearly._replace(cents={**yearly.cents, **months})
