"""How the deposits stand on a day, by cells of their keys: what a run keeps so that the next can roll its totals on.

Comes in: the deposits part by part, as arrays. Goes out: a small table. A cell takes the deposits of a service whose
key's hash begins with the cell's number: how many there are, a digest of what is known of them by that day, and sums
over those that are open. Two tables of one day differ in a cell exactly where a deposit in it differs, and nothing is
joined to see it. One more block of cells, of no service, counts refused rows and digests transactions.
"""

from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from calc.columns.contract import SERVICES
from calc.columns.matching import Events
from calc.kernels import bucket_digests as kernels
from calc.kernels.arrays import Array, Bool, UInt64
from calc.kernels.unclaimed import ACTIVE, OVERDUE, STATUSES, UNCLAIMED, WAITING

OPEN: Final = tuple(STATUSES[code] for code in (ACTIVE, WAITING, UNCLAIMED, OVERDUE))
"""States of monies that are held."""
MONEY: Final = ("principal_cents", "base_interest_cents", "surcharge_interest_cents", "posted_cents")
FIGURES: Final = ("rows", *MONEY)
"""Summed over open deposits; `rows` is their number."""
KNOWN: Final = "known"
"""Number of deposits received by the day; of refused rows where there is no service."""
DIGEST: Final = "digest"
NO_SERVICE: Final = "none"
_SUMS: Final = (KNOWN, DIGEST, *FIGURES)
_BLOCK: Final = pl.Enum((*SERVICES, NO_SERVICE))
_SCHEMA: Final = pl.Schema([("service", _BLOCK), ("cell", pl.Int32()), *((name, pl.Int64()) for name in _SUMS)])
_BITS_LEAST, _BITS_MOST, _ROWS_A_CELL = 10, 16, 64
_SEED: Final = 0x27D4EB2F165667C5
_KNOWN_OF: Final = (
    "service", "status", "kind", "efforts_made", "interest_payable", "received_date", "paid_date", "remitted_date",
    "service_ended_date", "order_payable_date", "principal_cents", "amounts_owed_cents",
)  # fmt: skip


class Rows(NamedTuple):
    """Deposits on a day, refused rows among them: the calculator's inputs and outputs by the contract's names."""

    day: int
    columns: dict[str, Array]

    def of(self, names: tuple[str, ...], rows: slice = slice(None)) -> list[Array]:
        """Columns, of some of the rows."""
        return [self.columns[name][rows] for name in names]


class BucketDigests:
    """Gathers how deposits stand on a day, from any thread."""

    def __init__(self, bits: int) -> None:
        """No deposit yet; 2**bits cells a service."""
        self._bits = bits
        self._adding = Lock()
        # One cell more than there are: for rows not received yet.
        self._sums = np.zeros(((kernels.BLOCKS << bits) + 1, kernels.CELL_SUMS), dtype=np.int64)

    def add(self, hashes: UInt64, good: Bool, rows: Rows) -> None:
        """Add the good ones of deposits, with the hashes of their keys, and count the refused ones."""
        cells, digests = np.empty(hashes.size, dtype=np.int32), np.empty(hashes.size, dtype=np.int64)
        known = kernels.KnownColumns(*rows.of(_KNOWN_OF))
        kernels.bucket_cells(hashes, good, known, rows.day, self._bits, cells, digests)
        with self._adding:
            kernels.bucket_sums(cells, digests, good, kernels.DayFigures(*rows.of(("status", *MONEY))), self._sums)

    def add_transactions(self, hashes: UInt64, day: int, events: Events) -> None:
        """Digest the transactions dated on or before the day; `hashes` are those of the part's deposits."""
        dates, kinds, cents = events.columns
        rows = pl.DataFrame({
            "key": hashes[np.repeat(events.rows, np.diff(events.offset))], "date": dates, "kind": kinds, "cents": cents
        }).filter(pl.col("date") <= day)  # fmt: skip
        digests = rows.hash_rows(_SEED).to_numpy() >> np.uint64(64 - kernels.DIGEST_BITS)
        cells = rows["key"].to_numpy() >> np.uint64(64 - self._bits)
        first = kernels.REFUSED << self._bits
        with self._adding:
            np.add.at(self._sums[first:, kernels.DIGEST], cells, digests.astype(np.int64))

    def table(self) -> pl.DataFrame:
        """The cells that hold anything."""
        sums = self._sums[:-1, : len(_SUMS)]
        used = np.flatnonzero(sums.any(axis=1))
        block = pl.Series("service", used >> self._bits).cast(pl.UInt8).cat.to(_BLOCK)
        cell = pl.Series("cell", used & ((1 << self._bits) - 1))
        return pl.DataFrame(sums[used], schema=_SUMS).select(block, cell, pl.all()).cast(_SCHEMA)


def bits_for(rows: int) -> int:
    """Bits of a cell's number, so that a cell has some 64 rows: at least 1,024 cells a service, at most 65,536."""
    return min(_BITS_MOST, max(_BITS_LEAST, (rows // _ROWS_A_CELL).bit_length()))


def key_hashes(keys: pl.Series) -> UInt64:
    """A hash of each key's text, the same within one version of Polars."""
    hashes: UInt64 = keys.cast(pl.String).hash(_SEED).to_numpy()
    return hashes


def read_table(path: Path) -> pl.DataFrame:
    """A table that was written."""
    return pl.read_parquet(path, glob=False).cast(_SCHEMA)


def folded(table: pl.DataFrame, bits: int) -> pl.DataFrame:
    """A table whose cells' numbers have so many bits fewer: neighbours added."""
    if not bits:
        return table
    cell = pl.col("cell") // (1 << bits)
    return table.group_by("service", cell).agg(pl.col(_SUMS).sum())
