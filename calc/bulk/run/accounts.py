"""The step of the accounts: what their rows rest on is brought to them from the other datasets.

Comes in: a part as it was read. Goes out: the part with what is held of each row, and the calculator that knows its
participants and its customers' totals. Before the first part, customers are added up over all parts.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial

import polars as pl

from calc.bulk.inputs.chunk import Part
from calc.bulk.inputs.source import Source
from calc.bulk.publish.output import Run
from calc.bulk.publish.parts import PartFile
from calc.bulk.reconcile.findings import Finding
from calc.bulk.reconcile.readings import Evaluate, with_moves
from calc.bulk.run.bounds import UNMATCHED
from calc.bulk.run.customers import Customers, name_customers
from calc.bulk.run.dataset_run import known_reasons, run_stage
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.night import Night
from calc.bulk.run.outcome import Outcome, Progress
from calc.bulk.shuffle.holdings import Holdings
from calc.bulk.shuffle.key_index import KeyIndexes
from calc.bulk.shuffle.participation import Participation
from calc.columns.contract import ACCOUNTS, CUSTOMERS
from calc.columns.deposit_limit import customers_of, evaluate
from calc.columns.evaluation import Evaluation
from calc.errors import InputError, Reason
from calc.kernels.arrays import Int64
from calc.rules.resolve import Rules


def run_accounts(night: Night, deposits: Outcome) -> dict[str, Outcome]:
    """Compute all parts, and before them the customers where rows can name one; errors as `run_stage`.

    `deposits` are told how many of them name no account.
    """
    job, source = night.job, night.sources[ACCOUNTS.name]
    rests_on = AccountsRestOn(night.run, night.sources, night.keys)
    deposits.without_account = rests_on.spill(deposits.held_parts.values(), job.threads)
    outcomes = rests_on.customers(night.rules, job, night.report)

    def accounts(frame: pl.DataFrame, flagged: Int64, part: Part) -> Evaluation:
        frame, calculator = rests_on.of_part(frame, flagged, part, job.as_of)
        return with_moves(night.readings, ACCOUNTS.name, part, frame, flagged, calculator)

    outcome = run_stage(source, night.run, accounts, job.threads, night.keys.of(ACCOUNTS.name), night.report)
    outcome.findings[UNMATCHED] = rests_on.unmatched(job.threads)
    return outcomes | outcome.every


class AccountsRestOn:
    """What is held of the accounts, who takes part, and whose accounts they are; asked from any thread."""

    def __init__(self, run: Run, sources: Mapping[str, Source], keys: KeyIndexes) -> None:
        """Nothing is known yet. Customers are added up where rows of the accounts can name one."""
        self._run = run
        self._sources = sources
        self._keys = keys
        accounts = sources.get("accounts")
        self._customers = Customers(run, accounts) if accounts and name_customers(accounts) else None
        self._holdings = Holdings(run, self._customers.add_unmatched_held if self._customers else None)
        self._participation: Participation | None = None
        self._unmatched: Finding | None = None

    def spill(self, files: Iterable[PartFile], threads: int) -> int:
        """Send what is held, and who takes part, to the parts of the accounts; errors as `Holdings.spill`.

        Gives the number of refused deposits whose account cannot be read.
        """
        directory = self._keys.of("accounts").directory()
        self._holdings.spill(files, directory, threads)
        if "participants" in self._sources:
            self._participation = Participation(self._run, self._sources["participants"], directory, threads)
        return self._holdings.refused_without_account

    def of_part(self, frame: pl.DataFrame, flagged: Int64, part: Part, as_of: date) -> tuple[pl.DataFrame, Evaluate]:
        """A part's rows with held_cents, and their calculator; rows that rest on a refused deposit are flagged."""
        held, refused = self._holdings.of_accounts(part, frame)
        flagged[refused] |= Reason.depends_on_quarantined
        customers = self._customers.of_part(part) if self._customers else None
        calculator = partial(evaluate, as_of=as_of, participants=self._participants(part), customers=customers)
        return frame.with_columns(held_cents=pl.Series(held)), calculator

    def customers(self, rules: Rules, job: NightlyJob, report: Callable[[Progress], None]) -> dict[str, Outcome]:
        """Add up the customers of all parts, and write them; errors as reading and writing parts have them.

        Their outcome by the dataset's name; nothing where no row can name a customer.
        """
        if self._customers is None:
            return {}
        repeated = self._keys.of("accounts").repeated()

        def own_totals(part: Part) -> pl.DataFrame:
            chunk = part.load()
            flagged = known_reasons(part, chunk, repeated)
            held, refused = self._holdings.of_accounts(part, chunk.frame)
            flagged[refused] |= Reason.depends_on_quarantined
            try:
                return customers_of(
                    chunk.frame, held, rules=rules, as_of=job.as_of, flagged=flagged,
                    participants=self._participants(part),
                )  # fmt: skip
            except InputError as error:
                raise InputError(f"{chunk.file}: {error}") from error

        self._customers.gather(own_totals, job.threads)
        repeated.verify()
        self.unmatched(job.threads)  # what is held beside the accounts is all known from here on
        return {CUSTOMERS.name: self._customers.write(job.threads, report)}

    def unmatched(self, threads: int) -> Finding:
        """Open deposits without a row of their account; see `Holdings.unmatched`."""
        if self._unmatched is None:
            self._unmatched = self._holdings.unmatched(self._sources["accounts"], threads)
        return self._unmatched

    def _participants(self, part: Part) -> pl.Series:
        none = pl.Series("account_id", [], dtype=pl.String)
        return self._participation.of_part(part) if self._participation else none
