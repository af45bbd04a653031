"""The steps of a night, a dataset each, in the order of the graph.

A step takes a dataset's rows to its parts, its quarantine and its totals. What differs between datasets is the
calculator, and what is brought to its rows from datasets before it. A dataset of a topic's own has the step that all of
them share.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from calc.bulk.inputs.source import Source
from calc.bulk.reconcile.roll_forward import RollForward
from calc.bulk.run.accounts import run_accounts
from calc.bulk.run.bounds import REPEATED
from calc.bulk.run.dataset_run import Evaluate, run_stage
from calc.bulk.run.dependents import Dependents, Judging, fit_parts
from calc.bulk.run.deposits import run_deposits
from calc.bulk.run.graph import dependents_of
from calc.bulk.run.night import Night
from calc.bulk.run.outcome import Outcome
from calc.bulk.run.participants import run_participants
from calc.columns.matching import gated_transactions
from calc.columns.participant_events import act_once, gated_events
from calc.kernels import (
    arrearage,
    bounds,
    bucket_digests,
    control_totals,
    deposit_limit,
    fixed_credit,
    participant_year,
    text_views,
    transactions,
    unclaimed,
)
from calc.kernels._jit import Kernel
from calc.rates.computing.table import RateTable
from calc.report.explaining.step import Law
from calc.rules.resolve import Rules
from calc.topics import nightly_datasets
from calc.topics.topic import Question, Topic

JUDGING: Final[Mapping[str, Judging]] = {
    "transactions": Judging(gated_transactions, counts_copies=True),
    "events": Judging(gated_events, once_with=("date", "kind"), once=act_once),
}
"""How rows that belong to another dataset's are judged by themselves."""
_ALWAYS: Final = (
    text_views.word_codes, text_views.blank_suspects, text_views.edge_suspects, bounds.filled_numbers,
    bounds.filled_days, control_totals.grouped_sums,
)  # fmt: skip
"""Kernels of the gate and of the control totals, which every dataset needs."""
_KERNELS: Final[Mapping[str, tuple[Kernel, ...]]] = {
    "transactions": (transactions.balances, transactions.interest_on_balances),
    "deposits": (
        unclaimed.unclaimed, bucket_digests.bucket_cells, bucket_digests.bucket_sums,
        bucket_digests.bucket_flows,
    ),
    "accounts": (deposit_limit.deposit_limit, deposit_limit.grounds),
    "participants": (
        fixed_credit.eligibility, fixed_credit.fixed_credit, arrearage.schedule_offsets, arrearage.arrearage_schedule,
    ),
    "events": (),
    "customers": (),
    "participant_months": (participant_year.participant_year,),
}  # fmt: skip
"""What each dataset needs compiled beside those: done beside the first passes over the files."""


def walk(night: Night, rolled: RollForward) -> dict[str, Outcome]:
    """Take every dataset's step, and return the outcomes in their order; the deposits are told to `rolled`."""
    outcomes: dict[str, Outcome] = {}
    spilled: dict[str, Dependents] = {}
    steps: Mapping[str, Callable[[], dict[str, Outcome]]] = {
        "deposits": lambda: run_deposits(night, spilled.get("transactions"), rolled).every,
        "accounts": lambda: run_accounts(night, outcomes["deposits"]),
        "participants": lambda: run_participants(night, spilled.get("events")).every,
    }
    of_topics = evaluations_of_topics(night.rules, night.rates, night.job.as_of)
    for name, source in night.sources.items():
        if owner := source.dataset.owner:
            spilled[name] = Dependents(night.run, source.dataset, JUDGING[name], night.job.as_of)
            owners = night.keys.of(owner.dataset)
            outcomes[name] = spilled[name].spill(source, owners, night.job.threads, night.report)
            continue
        if name in of_topics:
            keys = night.keys.of(name)
            found = run_stage(source, night.run, of_topics[name], night.job.threads, keys, night.report).every
        else:
            found = steps[name]()
        outcomes |= found
        night.keys.drop(name)
        for dependents in (spilled[each] for each in dependents_of(name) if each in spilled):
            dependents.close()
            if dependents.copies:
                given = outcomes[dependents.dataset.name]
                given.findings[REPEATED] = dependents.copies.finding(given.rows_out)
    return outcomes


def cut_to_fit(sources: Mapping[str, Source]) -> dict[str, Source]:
    """Sources with parts small enough for what belongs to their rows, and for what comes of them."""
    cut = dict(sources)
    for name, source in sources.items():
        rows_per_row = max([1, *(each.rows_per_row for each in source.gives)])
        cut[name] = replace(source, part_rows=max(1, source.part_rows // rows_per_row))
        for each in dependents_of(name):
            if each in sources:
                cut[name] = fit_parts(cut[name], sources[each])
    return cut


def evaluations_of_topics(rules: Rules, rates: RateTable, as_of: date) -> dict[str, Evaluate]:
    """Evaluations of the datasets that topics declare beside the contract's, by name; each row is one of its own."""
    question = Question(Law(rules, "electric"), as_of, rates)

    def of_topic(topic: Topic) -> Evaluate:
        return lambda frame, flagged, _: topic.evaluate(frame, question, 1, flagged)

    return {name: of_topic(topic) for name, topic in nightly_datasets.own_datasets().items()}


def kernels_of(names: Iterable[str]) -> list[Kernel]:
    """What datasets need compiled, what all of them need first."""
    own = nightly_datasets.own_datasets()
    return [*_ALWAYS, *(kernel for name in names for kernel in (own[name].kernels if name in own else _KERNELS[name]))]
