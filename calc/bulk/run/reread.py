"""A published night's deposits, read again from its inputs: what the results do not carry, and figures of another day.

Comes in: an output folder, whose run says what it was started with. Goes out: rows of the inputs, and the same deposits
computed by the same kernels. The input files must be the ones that the manifest names, by their SHA-256, and what is
computed again must be what the night published, to the cent.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import polars as pl

from calc.bulk.inputs.map_file import load_map
from calc.bulk.inputs.source import Source, file_sha256
from calc.bulk.publish.output import MANIFEST, Run, read_manifest
from calc.bulk.publish.results import read_results
from calc.bulk.run.checkpoint import read_started
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.law import law_of
from calc.bulk.run.nightly import open_sources
from calc.columns.contract import ACCOUNTS, DEPOSITS, TRANSACTIONS
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.columns.known_on import known_on
from calc.columns.matching import Matched, match
from calc.columns.plain import plain
from calc.columns.transactions import settle
from calc.columns.typed_rows import rows_of, typed
from calc.columns.unclaimed import compute
from calc.errors import InputError, PublishRefusedError, UsageError
from calc.kernels.arrays import Array
from calc.rates.computing.table import RateTable
from calc.rules.resolve import Rules
from calc.units import to_day

KEY: Final = "deposit_id"
_RESULTS: Final = ("interest_cents", "interest_due_cents")
_EQUAL: Final = ("principal_cents", "posted_cents", "interest_cents")
"""Figures that must be what the night published."""


@dataclass(frozen=True)
class Reread:
    """A published night and the inputs that it was made of; the class has no slots, so that what is opened is kept.

    Attributes:
        folder: Its output folder.
        manifest: What it published.
        job: What it was asked to do, with the inputs' names made absolute.
    """

    folder: Path
    manifest: Mapping[str, Any]
    job: NightlyJob

    @property
    def run_id(self) -> str:
        """The run's id."""
        return str(self.manifest["run_id"])

    @property
    def named(self) -> dict[str, Any]:
        """The night's day and run, and whether a day before has a provisional rate, for whatever is made of it."""
        provisional = bool(self.manifest.get("provisional"))
        return {"as_of": self.job.as_of.isoformat(), "run_id": self.run_id, "provisional": provisional}

    @cached_property
    def manifest_sha256(self) -> str:
        """SHA-256 of the manifest: what tells this night from any other, whatever folder it lies in."""
        return file_sha256(Run(self.folder, self.run_id).folder / MANIFEST)

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Deposits and transactions, opened; InputError where a file is gone, or is not the one that the night read."""
        return self._opened(replace(self.job, accounts=None))

    @cached_property
    def accounts(self) -> Source:
        """The accounts, opened; UsageError where the night has none, InputError as for the others."""
        if self.job.accounts is None:
            raise UsageError(f"{self.folder}: run {self.run_id} has no accounts: give the night --accounts")
        return self._opened(replace(self.job, transactions=None))[ACCOUNTS.name]

    def _opened(self, job: NightlyJob) -> dict[str, Source]:
        sources = open_sources(job, load_map(job.mapping) if job.mapping else None)
        for name, source in sources.items():
            recorded = [each["sha256"] for each in self.manifest["inputs"][name]]
            if recorded != [file_sha256(file.path) for file in source.files]:
                raise InputError(
                    f"{', '.join(str(file.path) for file in source.files)}: {name} are not the files that run "
                    f"{self.run_id} read: put those back, or run the night again with these"
                )
        return sources

    @cached_property
    def law(self) -> tuple[Rules, RateTable]:
        """The rules and rates of the night."""
        return law_of(self.job)

    def has(self, column: str) -> bool:
        """Whether a file of the deposits has a column of the contract."""
        names = DEPOSITS.column(column).names
        return any(name in file.columns for file in self.sources[DEPOSITS.name].files for name in names)

    def column(self, name: str) -> Iterator[pl.DataFrame]:
        """Each part's deposit_id and one column of words, as they are read; blanks are the column's default."""
        column = DEPOSITS.column(name)
        dataset = replace(DEPOSITS, columns=(DEPOSITS.column(KEY), column))
        for part in self.sources[DEPOSITS.name].parts({KEY, name}):
            yield typed(dataset, part.load().frame)

    def deposits(self, wanted: pl.Series, *, later: date | None = None) -> pl.DataFrame:
        """Some deposits as their transactions have made them by the as-of day, computed again.

        Args:
            wanted: Ids of deposits that the night published.
            later: If set, `later_interest_cents` is the interest through this day of what is known on the as-of day;
                null where a day until then has no rate.

        Returns:
            A row each: every column of the deposits' contract, `interest_cents` and `interest_due_cents`.

        Raises:
            InputError: An input is gone or changed.
            PublishRefusedError: What is computed again is not what was published.
        """
        ids = wanted.cast(pl.String).alias(KEY).to_frame()
        transactions = self.transactions(ids)
        frames = [
            self._computed(frame, transactions, later)
            for part in self.sources[DEPOSITS.name].parts(_NAMES)
            if (frame := _only(part.load().frame, ids)).height
        ]
        rows = pl.concat(frames) if frames else pl.DataFrame(schema={KEY: pl.String})
        self._check(ids, rows)
        return rows

    def transactions(self, ids: pl.DataFrame) -> pl.DataFrame | None:
        """The transactions of some deposits (a frame of ids); None where the night has no transactions."""
        if self.job.transactions is None:
            return None
        source = self.sources[TRANSACTIONS.name]
        frames = [typed(TRANSACTIONS, _only(part.load().frame, ids)) for part in source.parts()]
        return pl.concat(frames) if frames else None

    def customers(self, accounts: pl.DataFrame) -> pl.DataFrame:
        """The customer_id of some accounts (account_id, service) as their rows have it; errors as `accounts`."""
        columns = tuple(ACCOUNTS.column(name) for name in ("account_id", "service", "customer_id"))
        dataset = replace(ACCOUNTS, columns=columns)
        names = {each.name for each in columns}
        frames = [typed(dataset, part.load().frame) for part in self.accounts.parts(names)]
        return pl.concat(frames).join(accounts, on=["account_id", "service"], how="semi")

    def _computed(self, frame: pl.DataFrame, transactions: pl.DataFrame | None, later: date | None) -> pl.DataFrame:
        own = None if transactions is None else _only(transactions, frame.select(_key()))
        given = gate(DEPOSITS, frame) if own is None or not own.height else match(frame, own)
        gated, outputs = self._results(given, self.job.as_of)
        found = rows_of(DEPOSITS, frame, gated).with_columns(**{name: pl.Series(outputs[name]) for name in _RESULTS})
        if later is not None:
            gated_later, outputs_later = self._results(known_on(given, to_day(self.job.as_of)), later)
            interest = pl.Series("later_interest_cents", outputs_later["interest_cents"])
            unrated = pl.Series((gated_later.reasons != 0) & (gated.reasons == 0))
            found = found.with_columns(pl.select(pl.when(~unrated).then(interest)).to_series())
        return found

    def _results(self, given: Matched | Gated, day: date) -> tuple[Gated, Mapping[str, Array]]:
        rules, rates = self.law
        if isinstance(given, Matched):
            return settle(given, rules=rules, rates=rates, as_of=day)
        gated = given.copy()
        return gated, compute(gated, rules=rules, rates=rates, as_of=day)

    def _check(self, ids: pl.DataFrame, rows: pl.DataFrame) -> None:
        published = (
            read_results(self.folder, DEPOSITS.name, self.manifest)
            .select(KEY, *_EQUAL)
            .join(ids.lazy(), on=KEY, how="semi")
            .collect(engine="streaming")
        )
        found = published.join(rows.select(KEY, *_EQUAL), on=KEY, how="left", suffix="_again")
        differing = found.filter(pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_again")) for name in _EQUAL))
        if differing.height:
            raise PublishRefusedError(
                f"{self.folder}: {differing.height} deposits, {differing[KEY][0]} among them, give other figures than "
                f"run {self.manifest['run_id']} published: rules, rates or a version have changed; run the night again"
            )


_NAMES: Final = {name for column in DEPOSITS.columns for name in column.names}


def reread(out: Path) -> Reread:
    """Open a published night; InputError where none is published, or the run does not say what it was started with."""
    manifest = read_manifest(out)
    if manifest is None:
        raise InputError(f"{out}: no {MANIFEST}: no run has published its results here")
    started = read_started(Run(out, manifest["run_id"]))
    job, folder = started.job, started.folder

    def absolute(named: str | None) -> str | None:
        return None if named is None else str(folder / named)

    tariff = job.tariff
    with suppress(OSError):
        tariff = str(folder / tariff) if (folder / tariff).is_file() else tariff
    inputs: dict[str, Any] = {name: absolute(getattr(job, name)) for name in ("deposits", "transactions", "accounts")}
    alone: dict[str, Any] = {
        "participants": None,
        "events": None,
        "more": {},
        "customers": False,
        "keep_columns": False,
    }
    mapping = folder / job.mapping if job.mapping else None
    job = replace(job, **inputs, **alone, tariff=tariff, mapping=mapping, expect_sha256={})
    return Reread(out, manifest, job)


def _key() -> pl.Expr:
    return pl.col(KEY).cast(pl.String)


def _only(frame: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """Rows of some deposits, in their order."""
    place = frame.select(plain(frame[KEY]).cast(pl.String).alias(KEY)).with_row_index("place")
    return frame[place.join(ids, on=KEY, how="semi", maintain_order="left")["place"]]
