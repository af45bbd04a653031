"""The deposits' control totals rolled forward: the previous night's + new + accrual - paid = tonight's, by service.

Comes in: the deposits part by part, as tonight's input says they stood on the previous run's day and as they stand
tonight; what the previous run kept of them. Goes out: the way of each figure of the open deposits from the one total to
the other. Between the days everything follows from dates. Where the two runs see the previous day differently, the
cells of the buckets tell why; a difference that nothing explains refuses to publish.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any, Final

import polars as pl

from calc.bulk.inputs.source import file_sha256
from calc.bulk.publish.output import Run
from calc.bulk.publish.parts import write_part
from calc.bulk.reconcile.bucket_digests import (
    DIGEST,
    FIGURES,
    MONEY,
    OPEN,
    BucketDigests,
    Rows,
    folded,
    key_hashes,
    read_table,
)
from calc.bulk.reconcile.reconciling_items import FLOWS, RESTATED, UNNAMED, Amounts, flows, restatements
from calc.bulk.reconcile.totals import Totals
from calc.columns.contract import SERVICES
from calc.columns.matching import Events
from calc.errors import InputError, PublishRefusedError
from calc.kernels.arrays import Bool
from calc.units import to_day

CARRIED_FORWARD: Final = "standing"
"""What a run keeps for the next: the file's name in the run's folder, and its entry in the manifest."""
DUE: Final = "interest_due_cents"
_DUE_IS: Final = {"base_interest_cents": 1, "surcharge_interest_cents": 1, "posted_cents": -1}
_ALWAYS: Final = {"new", "accrual", "paid"}
_ORDER: Final = ("previous", *RESTATED, *FLOWS, UNNAMED, "tonight")
_LAW: Final = {"rules", "rates", "switches", "known_on", "versions"}

Way = dict[str, dict[str, int]]
"""figure -> previous, causes, tonight -> cents, or rows."""


@dataclass(frozen=True, slots=True)
class Previous:
    """The published run that tonight's is rolled forward from."""

    manifest: Mapping[str, Any]
    day: int
    table: pl.DataFrame
    bits: int


def previous_of(out: Path, manifest: Mapping[str, Any] | None, as_of_day: int) -> Previous | str:
    """The previous run, or why nothing is rolled forward from it; PublishRefusedError if what it kept is damaged."""
    if manifest is None:
        return "no run was published in this folder before"
    kept = manifest.get(CARRIED_FORWARD)
    if kept is None:
        return f"run {manifest['run_id']} kept nothing to roll forward from"
    day = to_day(date.fromisoformat(manifest["as_of"]))
    if day > as_of_day:
        return f"run {manifest['run_id']} is as of a later day, {manifest['as_of']}"
    path = out / kept["path"]
    try:
        sound = file_sha256(path) == kept["sha256"]
    except InputError:
        sound = False
    if not sound:
        raise PublishRefusedError(
            f"{path}: is not what run {manifest['run_id']} kept to roll its totals forward; restore it, or name "
            "another --out to begin anew"
        )
    return Previous(manifest, day, read_table(path), kept["bits"])


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What of the law, the settings and the versions differs between two manifests."""
    sums = {name for name, digest in after["checksums"].items() if before["checksums"].get(name) != digest}
    settings = {name for name in ("switches", "known_on", "limit", "versions") if before.get(name) != after[name]}
    return sorted(sums | settings)


class RollForward:
    """Gathers the deposits of a run, from any thread, and rolls the previous run's totals forward to theirs."""

    def __init__(self, as_of_day: int, bits: int, previous: Previous | str) -> None:
        """No deposit yet; `bits` as `bits_for` gives them."""
        self.numbers: set[int] = set()
        """Parts that are in."""
        self.earlier_day: int | None = None
        """The day beside the as-of day on which deposits are to be evaluated, where there is one."""
        self.gone: tuple[int, int] | None = None
        """Open deposits of the previous run that are not there any more, and their principal, once `told`; None where
        the previous run's cells say nothing of it."""
        self._previous = previous
        self._bits = bits
        self._tonight = self._before = BucketDigests(bits)
        self._flows: Amounts = Counter()
        self._adding = Lock()
        if isinstance(previous, Previous) and previous.day < as_of_day:
            self.earlier_day = previous.day
            self._before = BucketDigests(bits)

    def add(
        self, number: int, keys: pl.Series, good: Bool, tonight: Rows, before: Rows | None, events: Events | None
    ) -> None:
        """Add a part: its keys, which rows are good, how they stand on the as-of and the earlier day, transactions."""
        hashes = key_hashes(keys)
        found: Amounts = Counter()
        for digests, rows in ((self._tonight, tonight), (self._before, before)):
            if rows:
                digests.add(hashes, good, rows)
                if events:
                    digests.add_transactions(hashes, rows.day, events)
        if before:
            found = flows(good, before, tonight)
        with self._adding:
            _add(self._flows, found)
            self.numbers.add(number)

    def as_json(self, manifest: Mapping[str, Any], totals: Totals) -> dict[str, Any]:
        """What the manifest says of it: `rolled_from` (or why not), and `roll_forward` by service and figure."""
        if isinstance(self._previous, str):
            return {"rolled_from": {"why_not": self._previous}, "roll_forward": {}}
        before = self._previous.manifest
        changed = changes(before, manifest)
        amounts = self._flows.copy()
        comparable = before["versions"]["polars"] == manifest["versions"]["polars"]
        tables = self._tables(self._previous, comparable=comparable)
        restated = restatements(*tables, law=not _LAW.isdisjoint(changed))
        _add(amounts, restated)
        if comparable:
            rows, cents = (-sum(restated[each, name, "gone"] for each in SERVICES) for name in ("rows", MONEY[0]))
            self.gone = rows, cents
        first = before["control_totals"]["deposits"]
        ways = {
            service: _way(service, first.get(service, {}), totals.get(service, {}), amounts) for service in SERVICES
        }
        ways["all"] = {figure: _combined([(1, way[figure]) for way in ways.values()]) for figure in (*FIGURES, DUE)}
        rolled_from = {"run_id": before["run_id"], "as_of": before["as_of"], "changed": changed}
        return {"rolled_from": rolled_from, "roll_forward": ways}

    def write(self, run: Run) -> dict[str, Any]:
        """Write what the next run rolls forward from; its entry in the manifest."""
        part = write_part(run.out, run.folder / f"{CARRIED_FORWARD}.parquet", self._tonight.table())
        return {CARRIED_FORWARD: {**asdict(part), "bits": self._bits}}

    def _tables(self, previous: Previous, *, comparable: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The previous day as it was seen then and tonight, in cells alike; in one cell where hashes do not compare."""
        bits = min(previous.bits, self._bits) if comparable else 0
        tables = folded(previous.table, previous.bits - bits), folded(self._before.table(), self._bits - bits)
        if comparable:
            return tables
        first, second = (table.with_columns(pl.lit(0, pl.Int64).alias(DIGEST)) for table in tables)
        return first, second


def check_named(entries: Mapping[str, Any]) -> None:
    """PublishRefusedError where the way of a figure has a difference without a cause."""
    for service, way in entries["roll_forward"].items():
        for figure, amounts in way.items():
            if UNNAMED in amounts:
                raise PublishRefusedError(
                    f"totals of deposits do not follow from run {entries['rolled_from']['run_id']}: {figure} of "
                    f"{service} differ by {amounts[UNNAMED]} without a cause, in all or in some deposits; nothing "
                    "is published"
                )


def _way(service: str, first: Mapping[str, Any], last: Mapping[str, Any], amounts: Amounts) -> Way:
    """Each figure's way from the totals of one run to those of another."""
    way: Way = {}
    for figure in FIGURES:
        start, end = (sum(by_status.get(status, {}).get(figure, 0) for status in OPEN) for by_status in (first, last))
        causes = {cause: amounts[service, figure, cause] for cause in (*RESTATED, *FLOWS)}
        rest = end - start - sum(causes.values()) + 2 * causes["paid"]
        named = {cause: amount for cause, amount in causes.items() if amount or cause in _ALWAYS}
        unnamed = {UNNAMED: rest} if rest or (service, figure, UNNAMED) in amounts else {}
        way[figure] = {"previous": start, **named, **unnamed, "tonight": end}
    way[DUE] = _combined([(sign, way[figure]) for figure, sign in _DUE_IS.items()])
    return way


def _combined(signed: list[tuple[int, Mapping[str, int]]]) -> dict[str, int]:
    """Sum of ways, each times its sign, cause by cause."""
    return {
        cause: sum(sign * way.get(cause, 0) for sign, way in signed)
        for cause in _ORDER
        if any(cause in way for _, way in signed)
    }


def _add(amounts: Amounts, more: Amounts) -> None:
    """Add amounts to the first ones, in place; unlike Counter's own sum this keeps zeros and what is below them."""
    for key, amount in more.items():
        amounts[key] += amount
