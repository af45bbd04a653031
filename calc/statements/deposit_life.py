"""Compute one deposit of a published night anew: its row and transactions as the night read them, result, steps.

Input: a night's folder and a deposit's id. Output: a `DepositLife`, computed from the night's own inputs; the
computation must lead to the published result.
"""

from collections.abc import Mapping
from contextlib import chdir
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from calc.bulk.inputs.map_file import load_map
from calc.bulk.inputs.source import Source
from calc.bulk.publish.output import Run
from calc.bulk.run.checkpoint import Started, read_started
from calc.bulk.run.law import law_of
from calc.bulk.run.manifest import basis_of
from calc.bulk.run.nightly import open_sources
from calc.columns.contract import DEPOSITS, TRANSACTIONS
from calc.columns.dataset import Column, Holds
from calc.columns.gated import Gated
from calc.columns.matching import gated_transactions, match_owned
from calc.columns.owned import Owned
from calc.columns.transactions import settle
from calc.columns.unclaimed import assembled, compute
from calc.compare.nights import Night, night
from calc.errors import InputError, PublishRefusedError
from calc.kernels.event_kinds import EVENTS
from calc.rates.computing.table import RateTable
from calc.report.explaining import transactions as transaction_steps
from calc.report.explaining.step import Law, Step
from calc.report.explaining.transactions import Transaction
from calc.statements.night_rows import KEY, Place, checked_hashes, published_row, rows_of
from calc.units import NO_DAY, to_date


@dataclass(frozen=True, slots=True)
class DepositLife:
    """One deposit of a published night.

    Attributes:
        night: The night.
        row: Columns of `deposits` as the transactions have made them.
        undated: Cents of postings and debts that the row itself has, without a day.
        transactions: The deposit's own by day, those after the as-of date too.
        result: The published result.
        steps: How it comes about.
        law: The rules of the deposit's service.
        rates: The rates.
        as_of: The night's date.
        tariff: The tariff as the night was told it: a name or a file.
        read_from: Where the row stands in the input.
        published_in: Where the result stands.
    """

    night: Night
    row: Mapping[str, Any]
    undated: Mapping[str, int]
    transactions: tuple[Transaction, ...]
    result: Mapping[str, Any]
    steps: tuple[Step, ...]
    law: Law
    rates: RateTable
    as_of: date
    tariff: str
    read_from: Place
    published_in: Place

    @property
    def closed_on(self) -> date | None:
        """Return the day on which the money was paid back or remitted; None while it is held."""
        ends = (self.row["paid_date"], self.row["remitted_date"])
        return min((day for day in ends if day and day <= self.as_of), default=None)


def deposit_life(folder: Path, deposit_id: str) -> DepositLife:
    """Return a deposit of a published night, computed anew.

    Args:
        folder: Output folder of a nightly run, or a run's own folder in its `runs`.
        deposit_id: The deposit's id.

    Raises:
        UsageError: The night has no result of such a deposit.
        InputError: An input of the night is gone or is not the file that the night read.
        PublishRefusedError: The computation does not lead to the published result: rules, rates or versions differ.
    """
    found = night(folder)
    published, result = published_row(found, deposit_id)
    started = read_started(Run(found.folder.absolute(), str(found.manifest["run_id"])))
    if not started.folder.is_dir():
        raise InputError(f"{started.folder}: the night named its inputs from this folder, which is gone")
    with chdir(started.folder):  # inputs, map and tariff are named from there
        return _recomputed(found, started, deposit_id, published, result)


def _recomputed(
    found: Night, started: Started, deposit_id: str, published: Place, result: dict[str, Any]
) -> DepositLife:
    """Compute the deposit from the night's inputs, in the folder from which they are named."""
    mapped = load_map(started.job.mapping) if started.job.mapping else None
    if mapped and mapped.sha256 != started.basis.get("map"):
        raise InputError(f"{mapped.path}: is not the map of the night: restore it, or run the night again")
    alone = replace(
        started.job, accounts=None, participants=None, events=None, more={}, customers=False, keep_columns=False,
        expect_sha256={},
    )  # fmt: skip
    rules, rates = law_of(alone)
    sources = open_sources(alone, mapped)
    hashes = {name: checked_hashes(found, name, source) for name, source in sources.items()}
    chunk, place = next(rows_of(sources[DEPOSITS.name], deposit_id), (None, 0))
    if chunk is None:
        raise InputError(f"{alone.deposits}: has no deposit {deposit_id!r}, which the night read there")
    read_from = Place(chunk.file, int(chunk.rows_at(np.array([place]))[0]), hashes[DEPOSITS.name][Path(chunk.file)])
    frame = chunk.frame[place : place + 1]
    dated = _dated(sources.get(TRANSACTIONS.name), deposit_id)
    matched = match_owned(frame, dated)
    if dated.rows.size:
        gated, outputs = settle(matched, rules=rules, rates=rates, as_of=alone.as_of)
    else:
        gated, outputs = matched.gated, compute(matched.gated, rules=rules, rates=rates, as_of=alone.as_of)
    if gated.reasons[0]:
        raise _differs(found, deposit_id, basis_of(rules, rates))
    again = assembled(frame, gated, outputs).results.row(0, named=True)
    if any(again[name] != value for name, value in result.items() if name in again):
        raise _differs(found, deposit_id, basis_of(rules, rates))
    row = {**_plain_row(gated), **{name: again[name] for name in (KEY, "account_id")}}
    law = Law(rules, row["service"])
    transactions = tuple(
        Transaction(to_date(day), EVENTS[kind], cents)
        for day, kind, cents in zip(*(column.tolist() for column in matched.events.columns), strict=True)
    )
    return DepositLife(
        night=found,
        row=row,
        undated={name: _undated(row[name], kind, transactions, alone.as_of) for name, kind in _ADDED_TO.items()},
        transactions=transactions,
        result=again,
        steps=transaction_steps.steps(row, transactions, again, law=law, rates=rates, as_of=alone.as_of),
        law=law,
        rates=rates,
        as_of=alone.as_of,
        tariff=alone.tariff,
        read_from=read_from,
        published_in=published,
    )


_ADDED_TO: Final = {"posted_cents": "posting", "amounts_owed_cents": "owed"}


def _undated(cents: int, kind: str, transactions: tuple[Transaction, ...], as_of: date) -> int:
    return cents - sum(each.amount_cents for each in transactions if each.kind == kind and each.day <= as_of)


def _differs(found: Night, deposit_id: str, basis: Mapping[str, Any]) -> PublishRefusedError:
    """Make the error of a computation that does not lead to the published result, with what has changed since."""
    changed = [
        f"{name} ({group})"
        for group in ("checksums", "versions")
        for name, value in basis[group].items()
        if found.manifest.get(group, {}).get(name) != value
    ]
    because = f"changed since that night: {', '.join(changed)}" if changed else "run puccalc check on the folder"
    return PublishRefusedError(
        f"deposit {deposit_id!r}: the computation does not lead to the published result, so nothing is made of it; "
        f"{because}"
    )


def _dated(source: Source | None, deposit_id: str) -> Owned:
    """Return a deposit's transactions as the gate gives them, all of the row 0."""
    gated = [
        gated_transactions(chunk.frame[place : place + 1])
        for chunk, place in (() if source is None else rows_of(source, deposit_id))
    ]
    columns = {"date": np.int32, "kind": np.int8, "amount_cents": np.int64}
    values = {
        name: np.concatenate([np.empty(0, dtype), *(each.values[name] for each in gated)]).astype(dtype)
        for name, dtype in columns.items()
    }
    return Owned(np.zeros(len(gated), dtype=np.int64), values)


def _plain_row(gated: Gated) -> dict[str, Any]:
    """Return the one gated row as Python values, without its texts."""
    return {
        column.name: _plain(column, int(gated.values[column.name][0]))
        for column in DEPOSITS.columns
        if column.name in gated.values
    }


def _plain(column: Column, value: int) -> Any:  # noqa: ANN401 - what the column holds
    if column.holds is Holds.WORD:
        return column.words[value] if value >= 0 else None
    if column.holds is Holds.DATE:
        return None if value == NO_DAY else to_date(value)
    return bool(value) if column.holds is Holds.FLAG else value
