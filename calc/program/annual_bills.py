"""Bill every participant's use at the prices of a day: bills for the next night, and events where rates change, (e)(V).

In: participants, and their use by month (rows of `annual_bills`). Out: each one's full annual bill against the bill on
which the present credits rest; events `rate_change`; the participants with the new bill; rows that are refused.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl

from calc import atomic_write
from calc.bulk.inputs.chunk import Chunk, Part
from calc.bulk.inputs.source import Source
from calc.bulk.publish.quarantine import quarantined, refused_in
from calc.bulk.publish.results import read_results
from calc.bulk.shuffle.duplicates import RepeatedKeys
from calc.bulk.shuffle.key_index import KeyIndex
from calc.columns import annual_bill
from calc.columns.contract import ANNUAL_BILLS, NONE, PARTICIPANTS, Dataset
from calc.columns.gate import gate
from calc.errors import Reason
from calc.kernels.annual_bill import CHANGES
from calc.kernels.arrays import Int64
from calc.rules.resolve import Rules

_KEY: Final = ["participant_id", "service"]
_BASIS: Final = "basis_bill_cents"
_BILL: Final = "full_annual_bill_cents"
MAY_LACK_BILL: Final[Dataset] = replace(
    PARTICIPANTS,
    columns=tuple(
        replace(each, optional=True, nullable=True, default=NONE) if each.name == _BILL else each
        for each in PARTICIPANTS.columns
    ),
)
"""Participants whose bill is not known yet."""


class Billed(NamedTuple):
    """Hold every participant's bill.

    Attributes:
        bills: participant_id, service, rate_schedule, basis and full annual bill, difference, bill_change.
        participants: The participants, as read, with the new bill and the basis in cents.
        refused: Refused rows as read, with their reasons, by dataset.
        without_use: Participants of which no use is known.
    """

    bills: pl.DataFrame
    participants: pl.DataFrame
    refused: dict[str, pl.DataFrame]
    without_use: int


def bill_participants(
    participants: Source, use: Source, rules: Rules, as_of: date, *, results: Path | None = None, threads: int = 1
) -> Billed:
    """Bill every participant's use.

    Args:
        participants: Rows of `MAY_LACK_BILL`; the basis is a row's own, or its bill where it has none.
        use: Rows of `annual_bills`.
        rules: Rules on the day, with the tariff that names the rate schedules.
        as_of: Day whose prices are in force.
        results: Folder of the latest night; a participant's basis is then that of the last bill of its months by the
            day, since moves and changes of rates during the year have moved it.
        threads: Number of threads.
    """
    refused: dict[str, list[pl.DataFrame]] = {PARTICIPANTS.name: [], ANNUAL_BILLS.name: []}
    known = pl.concat([*_participants(participants, refused, threads)], how="diagonal_relaxed")
    if results:
        known = known.join(_basis_of_months(results, as_of), on=_KEY, how="left", maintain_order="left")
        known = known.with_columns(pl.coalesce("basis_of_months", _BASIS).alias(_BASIS)).drop("basis_of_months")
    basis = known.select(*_KEY, pl.col(_BASIS).alias("known_basis"), pl.lit(value=True).alias("known"))
    bills = pl.concat([*_bills(use, basis, refused, rules, as_of, threads)])
    kept = {name: pl.concat(each, how="diagonal_relaxed") for name, each in refused.items() if each}
    billed = known.join(
        bills.select(*_KEY, pl.col(_BILL).alias("new_bill")), on=_KEY, how="left", maintain_order="left"
    )
    without_use = billed["new_bill"].null_count()
    own = pl.coalesce("new_bill", _BILL).alias(_BILL)
    return Billed(bills, billed.with_columns(own).drop("new_bill"), kept, without_use)


def events_of(bills: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return an event `rate_change` for each participant whose bill differs from its basis, as a night reads it."""
    return bills.filter(pl.col("bill_change").is_in(["not_due", "due"])).select(
        *_KEY,
        pl.lit(as_of).alias("date"),
        pl.lit("rate_change").alias("kind"),
        pl.col(_BILL).alias("amount_cents"),
        pl.lit(None, dtype=pl.String).alias("word"),
    )


def summary_of(billed: Billed, rules: Rules, as_of: date) -> dict[str, Any]:
    """Return what a run of bills came to: participants by what their bill is to its basis, and cents."""
    bills = billed.bills
    changes = dict(bills["bill_change"].value_counts().rows())
    return {
        "as_of": as_of.isoformat(),
        "tariff": rules.tariff.name,
        "tariff_sha256": rules.tariff.checksum,
        "participants": billed.participants.height,
        "billed": bills.height,
        "without_use": billed.without_use,
        **{change if change != "none" else "unchanged": changes.get(change, 0) for change in CHANGES},
        "basis_bill_cents": sum(bills[_BASIS].drop_nulls().to_list()),
        "full_annual_bill_cents": sum(bills[_BILL].to_list()),
        "difference_cents": sum(bills["difference_cents"].drop_nulls().to_list()),
        "refused": {name: frame.height for name, frame in billed.refused.items()},
    }


def write(billed: Billed, summary: dict[str, Any], as_of: date, folder: Path) -> list[str]:
    """Write bills, events, participants, refused rows and the summary, which is last, and return the files' names.

    Raises:
        OutputError: A file cannot be written.
    """
    atomic_write.make_folders(folder)
    frames = {
        "bills.parquet": billed.bills, "events.parquet": events_of(billed.bills, as_of),
        "participants.parquet": billed.participants,
        **{f"refused_{name}.parquet": frame for name, frame in billed.refused.items()},
    }  # fmt: skip
    for name in (PARTICIPANTS.name, ANNUAL_BILLS.name):
        (folder / f"refused_{name}.parquet").unlink(missing_ok=True)
    for name, frame in frames.items():
        buffer = BytesIO()
        frame.write_parquet(buffer, compression="zstd")
        atomic_write.write_atomically(folder / name, buffer.getvalue())
    atomic_write.write_json(folder / "summary.json", summary)
    return [*frames, "summary.json"]


def _participants(source: Source, refused: dict[str, list[pl.DataFrame]], threads: int) -> Iterator[pl.DataFrame]:
    """Yield the sound rows of each part, as read, with bill and basis in cents."""
    repeated = KeyIndex(source, threads).repeated()
    for part in source.parts():
        chunk = part.load()
        gated = gate(source.dataset, chunk.frame, _flagged(part, chunk, repeated))
        _keep_refused(source, chunk, gated.reasons, gated.refusals, refused)
        bill, basis = (pl.Series(gated.values[name]) for name in (_BILL, _BASIS))
        frame = chunk.frame.drop("full_annual_bill", "basis_bill", strict=False).with_columns(
            *(pl.col(name).cast(pl.String) for name in _KEY),
            bill.replace(NONE, None).alias(_BILL),
            basis.replace(NONE, None).fill_null(bill.replace(NONE, None)).alias(_BASIS),
        )
        yield frame.filter(pl.Series(gated.reasons == 0))
    repeated.verify()


def _bills(
    source: Source, basis: pl.DataFrame, refused: dict[str, list[pl.DataFrame]], rules: Rules, as_of: date, threads: int
) -> Iterator[pl.DataFrame]:
    """Yield the bills of each part's sound rows against their participants' basis."""
    repeated = KeyIndex(source, threads).repeated()
    for part in source.parts():
        chunk = part.load()
        keys = chunk.frame.select(pl.col(name).cast(pl.String) for name in _KEY)
        own = keys.join(basis, on=_KEY, how="left", maintain_order="left")
        flagged = _flagged(part, chunk, repeated)
        flagged[own["known"].is_null().to_numpy()] |= int(Reason.unknown_participant)
        frame = chunk.frame.drop("basis_bill", _BASIS, strict=False).with_columns(own["known_basis"].alias(_BASIS))
        found = annual_bill.evaluate(frame, rules=rules, as_of=as_of, threads=threads, flagged=flagged)
        _keep_refused(source, chunk, found.reasons, found.refusals, refused)
        before = own["known_basis"].filter(pl.Series(found.reasons == 0)).alias(_BASIS)
        yield found.results.select(
            *(pl.col(name).cast(pl.String) for name in (*_KEY, "rate_schedule")),
            before,
            _BILL,
            (pl.col(_BILL) - before).alias("difference_cents"),
            pl.col("bill_change").cast(pl.String),
        )
    repeated.verify()


def _basis_of_months(folder: Path, as_of: date) -> pl.DataFrame:
    """Return each participant's basis on its last bill of the year through a day."""
    months = read_results(folder, "participant_months").filter(pl.col("in_program") & (pl.col("bill_date") <= as_of))
    last = months.sort("bill_date").group_by(_KEY, maintain_order=True).last()
    return last.select(*(pl.col(name).cast(pl.String) for name in _KEY), basis_of_months=_BASIS).collect()


def _flagged(part: Part, chunk: Chunk, repeated: RepeatedKeys) -> Int64:
    flagged = np.zeros(chunk.frame.height, dtype=np.int64) if chunk.flagged is None else chunk.flagged.copy()
    flagged[repeated.rows_of(part.number, chunk.frame)] |= int(Reason.duplicate_key)
    return flagged


def _keep_refused(
    source: Source, chunk: Chunk, reasons: Int64, refusals: list[Any], refused: dict[str, list[pl.DataFrame]]
) -> None:
    if reasons.any():
        refused[source.dataset.name].append(quarantined(chunk, refused_in(source.dataset, chunk, reasons, refusals)))
