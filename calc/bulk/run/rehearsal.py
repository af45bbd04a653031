"""How a dry run evaluates each dataset: as the run does, but for what would have to be written down before.

Of rows that belong to another dataset's, each is looked at and its owner looked for: what they change in their owners
is the run's to reckon. Keys of refused rows are kept in memory, so that rows which rest on them are refused as well.
"""

from collections.abc import Mapping
from threading import Lock

import polars as pl

from calc.bulk.inputs.chunk import Part, detached
from calc.bulk.inputs.source import Source
from calc.bulk.run.dataset_run import Evaluate
from calc.bulk.run.dependents import Judge
from calc.bulk.run.foreseen import Foreseen
from calc.bulk.run.graph import dependents_of
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.steps import JUDGING, evaluations_of_topics
from calc.bulk.shuffle.holdings import by_service, refused_of, resting_on
from calc.bulk.shuffle.key_index import KeyIndexes
from calc.columns.contract import ACCOUNTS, DEPOSITS, PARTICIPANTS, TRANSACTIONS
from calc.columns.customers import no_totals
from calc.columns.deposit_limit import evaluate as evaluate_accounts
from calc.columns.evaluation import Evaluation
from calc.columns.fixed_credit import evaluate as evaluate_participants
from calc.columns.participant_year import evaluate_owned as evaluate_years
from calc.columns.unclaimed import evaluate as evaluate_deposits
from calc.errors import Reason
from calc.kernels.arrays import Int64
from calc.rates.computing.table import RateTable
from calc.rules.resolve import Rules

_OF_ACCOUNTS = ("account_id", "service")


class Rehearsal:
    """Evaluates parts of every dataset in the order of the graph, from any thread."""

    def __init__(
        self, job: NightlyJob, rules: Rules, rates: RateTable, sources: Mapping[str, Source], keys: KeyIndexes
    ) -> None:
        """Read the keys of the datasets to which rows belong."""
        self.foreseen = Foreseen(job, keys.of(ACCOUNTS.name).directory() if ACCOUNTS.name in sources else None)
        self._job, self._rules, self._rates = job, rules, rates
        self._has_accounts = ACCOUNTS.name in sources
        self._has_months = PARTICIPANTS.name in sources and bool(sources[PARTICIPANTS.name].gives)
        self._refused = _Refused()
        self._judges = {
            name: Judge(source, keys.of(source.dataset.owner.dataset), JUDGING[name], job.as_of, job.threads)
            for name, source in sources.items()
            if source.dataset.owner
        }
        self._evaluations: Mapping[str, Evaluate] = {
            DEPOSITS.name: self._deposits,
            ACCOUNTS.name: self._accounts,
            PARTICIPANTS.name: self._participants,
            **evaluations_of_topics(rules, rates, job.as_of),
        }

    def evaluation_of(self, name: str) -> Evaluate:
        """The evaluation of a dataset's parts."""
        if name in self._judges:
            return lambda frame, flagged, part: self._dependents(name, frame, flagged, part)
        own = [each for each in dependents_of(name) if each in self._judges]

        def evaluate(frame: pl.DataFrame, flagged: Int64, part: Part) -> Evaluation:
            for each in own:
                judge = self._judges[each]
                refused = self._refused.of(each, judge.owner.key)
                places = judge.keys(frame).with_row_index("place").join(refused, on=judge.owner.key, how="semi")
                flagged[places["place"].to_numpy()] |= judge.owner.bad
            return self._evaluations[name](frame, flagged, part)

        return evaluate

    def _dependents(self, name: str, frame: pl.DataFrame, flagged: Int64, part: Part) -> Evaluation:
        judge = self._judges[name]
        given, keys = judge.judged(part.number, frame, flagged).gated, judge.keys(frame)
        if name == TRANSACTIONS.name:
            self.foreseen.add_transactions(keys, given)
        self._refused.add(name, keys.filter(pl.Series(given.reasons != 0)))
        return Evaluation(pl.DataFrame(), given.reasons, {}, given.refusals)

    def _deposits(self, frame: pl.DataFrame, flagged: Int64, _: Part) -> Evaluation:
        evaluation = evaluate_deposits(
            frame, rules=self._rules, rates=self._rates, as_of=self._job.as_of, flagged=flagged
        )  # fmt: skip
        if self._has_accounts:
            self._refused.add(DEPOSITS.name, by_service(refused_of(frame, evaluation)))
        self.foreseen.add_deposits(frame, evaluation)
        return evaluation

    def _accounts(self, frame: pl.DataFrame, flagged: Int64, _: Part) -> Evaluation:
        refused = self._refused.of(DEPOSITS.name, _OF_ACCOUNTS)
        flagged[resting_on(frame, refused)] |= Reason.depends_on_quarantined
        return evaluate_accounts(
            frame.with_columns(held_cents=pl.lit(0)), rules=self._rules, as_of=self._job.as_of, flagged=flagged,
            customers=no_totals(),
        )  # fmt: skip

    def _participants(self, frame: pl.DataFrame, flagged: Int64, _: Part) -> Evaluation:
        if self._has_months:
            return evaluate_years(frame, None, rules=self._rules, as_of=self._job.as_of, flagged=flagged)
        return evaluate_participants(frame, rules=self._rules, as_of=self._job.as_of, flagged=flagged)


class _Refused:
    """Keys of refused rows by dataset; other rows rest on them."""

    def __init__(self) -> None:
        self._adding = Lock()
        self._keys: dict[str, list[pl.DataFrame]] = {}

    def add(self, name: str, keys: pl.DataFrame) -> None:
        """Add a part's."""
        with self._adding:
            self._keys.setdefault(name, []).append(detached(keys))

    def of(self, name: str, key: tuple[str, ...]) -> pl.DataFrame:
        """Those of a dataset, each once; to be asked when all of its parts are in."""
        with self._adding:
            found = self._keys.setdefault(name, [pl.DataFrame(schema=dict.fromkeys(key, pl.String))])
            if len(found) > 1:
                found[:] = [pl.concat(found).drop_nulls().unique()]
            return found[0]
