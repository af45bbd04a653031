"""Sum deposits on a day by buckets of their keys, and sum what happens to them between two days.

In: deposits as the calculator takes and returns them, with a hash of each one's key; a cell is a bucket, the first bits
of a hash. Out: a digest per row, sums by cell, and sums by service of what happened. Amounts are cents; a caller passes
so few rows at a time that no sum exceeds 64 bits.
"""

from typing import Final, NamedTuple

import numpy as np

from calc.kernels._jit import JIT, inner, kernel
from calc.kernels.arrays import Bool, Int8, Int32, Int64, Int64Matrix, UInt64
from calc.kernels.unclaimed import ACTIVE, NOT_RECEIVED, OVERDUE, REMITTED, RETURNED
from calc.units import NO_DAY

KNOWN, DIGEST, ROWS, PRINCIPAL, BASE, SURCHARGE, POSTED = range(7)
"""Sums of a cell: deposits received and their digests; number and amounts of the open ones."""
CELL_SUMS: Final = 8
"""Positions per cell, one of them unused, so that a cell fills one line of the processor's cache."""
REFUSED: Final = 2
"""Block of cells that counts refused rows, after those of the services."""
BLOCKS: Final = 3
FLOWS: Final = (
    ("rows", "new"), ("principal_cents", "new"), ("base_interest_cents", "new"), ("surcharge_interest_cents", "new"),
    ("base_interest_cents", "accrual"), ("surcharge_interest_cents", "accrual"), ("posted_cents", "posted"),
    ("rows", "paid"), ("principal_cents", "paid"), ("base_interest_cents", "paid"),
    ("surcharge_interest_cents", "paid"), ("posted_cents", "paid"),
)  # fmt: skip
"""Sums of what happened: figure and cause."""
(
    NEW_ROWS, NEW_PRINCIPAL, NEW_BASE, NEW_SURCHARGE, ACCRUED_BASE, ACCRUED_SURCHARGE, POSTED_SINCE, PAID_ROWS,
    PAID_PRINCIPAL, PAID_BASE, PAID_SURCHARGE, PAID_POSTED,
) = range(len(FLOWS))  # fmt: skip
"""Positions in FLOWS."""
DIGEST_BITS: Final = 40
"""So few that the digests of eight million rows add up within 64 bits."""
_FACTOR: Final = 0x9E3779B97F4A7C15
_WORD: Final = (1 << 64) - 1

if JIT:

    @inner
    def mixed(word: np.uint64, low: int, high: int) -> np.uint64:
        """Mix a number, low + 2**32 high, into a 64-bit word; the upper bits depend on every bit of both."""
        part = np.uint64(low) | (np.uint64(high) << np.uint64(32))
        product: np.uint64 = (word ^ part) * np.uint64(_FACTOR)
        return product ^ (product >> np.uint64(32))

else:

    def mixed(word: np.uint64, low: int, high: int) -> np.uint64:
        """Do the same in Python integers, since NumPy's would warn where Numba's wrap."""
        part = (int(low) & _WORD) | (int(high) << 32)
        product = (int(word) ^ part) * _FACTOR & _WORD
        return np.uint64(product ^ (product >> 32))


@inner
def known_by(day: int, as_of: int) -> int:
    """Return an epoch day if it has come by the as-of day, else NO_DAY."""
    return day if day <= as_of else NO_DAY


class KnownColumns(NamedTuple):
    """What is known of deposits on a day, shape (rows,).

    Attributes:
        service: Code of the service.
        status: Code of `unclaimed.STATUSES`.
        kind: Code of `unclaimed.KINDS`.
        efforts_made: Whether reasonable efforts were made to locate the customer.
        interest_payable: Whether interest is payable on an advance.
        received_day: Epoch days, NO_DAY where there is none, as for all days.
        paid_day: Epoch days.
        remitted_day: Epoch days.
        service_ended_day: Epoch days.
        order_payable_day: Epoch days.
        principal_cents: Cents.
        amounts_owed_cents: Cents.
    """

    service: Int8
    status: Int8
    kind: Int8
    efforts_made: Bool
    interest_payable: Bool
    received_day: Int32
    paid_day: Int32
    remitted_day: Int32
    service_ended_day: Int32
    order_payable_day: Int32
    principal_cents: Int64
    amounts_owed_cents: Int64


@kernel(fills=("cell", "digest"))
def bucket_cells(
    key_hash: UInt64,
    good: Bool,
    known: KnownColumns,
    as_of: int,
    bits: int,
    cell: Int32,
    digest: Int64,
) -> None:
    """Fill each row's cell and a digest of what is known of the row by the as-of day.

    There is a block of 2**bits cells for each service and one for refused rows; after them comes one cell for rows not
    received yet. Refused rows and rows not received have digest 0. Days later than the as-of day have not come;
    postings carry no date and are left out.

    Args:
        key_hash: Hash of each row's key, shape (rows,).
        good: Whether the row was not refused.
        known: What is known of deposits on a day, shape (rows,).
        as_of: Epoch day.
        bits: Bits of the hash that choose a cell.
        cell: Filled.
        digest: Filled: DIGEST_BITS bits.
    """
    for row in range(cell.size):
        block = np.int32(known.service[row]) if good[row] else np.int32(REFUSED)
        place = (block << np.int32(bits)) + np.int32(key_hash[row] >> np.uint64(64 - bits))
        awaited = good[row] and known.status[row] == NOT_RECEIVED
        cell[row] = np.int32(BLOCKS << bits) if awaited else place
    for row in range(cell.size):
        received, paid = known_by(known.received_day[row], as_of), known_by(known.paid_day[row], as_of)
        remitted, ended = known_by(known.remitted_day[row], as_of), known_by(known.service_ended_day[row], as_of)
        payable = known_by(known.order_payable_day[row], as_of)
        flags = int(known.kind[row]) | int(known.efforts_made[row]) << 8 | int(known.interest_payable[row]) << 9
        word = mixed(key_hash[row], received, paid)
        word = mixed(word, remitted, ended)
        word = mixed(word, payable, flags)
        word = mixed(word, known.principal_cents[row], 0)
        word = mixed(word, known.amounts_owed_cents[row], 0)
        counts = good[row] and known.status[row] != NOT_RECEIVED
        digest[row] = np.int64(word >> np.uint64(64 - DIGEST_BITS)) if counts else 0


class DayFigures(NamedTuple):
    """Figures of deposits on a day, shape (rows,).

    Attributes:
        status: Code of `unclaimed.STATUSES`.
        principal_cents: Cents.
        base_interest_cents: Cents.
        surcharge_interest_cents: Cents.
        posted_cents: Cents.
    """

    status: Int8
    principal_cents: Int64
    base_interest_cents: Int64
    surcharge_interest_cents: Int64
    posted_cents: Int64


@kernel(fills=("sums",))
def bucket_sums(cell: Int32, digest: Int64, good: Bool, figures: DayFigures, sums: Int64Matrix) -> None:
    """Add every row to its cell: count and digest; number and amounts too where the row is good and open.

    Args:
        cell: From `bucket_cells`, shape (rows,).
        digest: From `bucket_cells`.
        good: Whether the row was not refused.
        figures: On the day.
        sums: Added to, shape (cells, CELL_SUMS).
    """
    status, principal, base, surcharge, posted = figures
    for row in range(cell.size):
        place = cell[row]
        sums[place, KNOWN] += 1
        sums[place, DIGEST] += digest[row]
        if good[row] and ACTIVE <= status[row] <= OVERDUE:
            sums[place, ROWS] += 1
            sums[place, PRINCIPAL] += principal[row]
            sums[place, BASE] += base[row]
            sums[place, SURCHARGE] += surcharge[row]
            sums[place, POSTED] += posted[row]


@kernel(fills=("sums",))
def bucket_flows(good: Bool, service: Int8, before: DayFigures, after: DayFigures, sums: Int64Matrix) -> None:
    """Add what happened to every good row between two days: a sum by service and by position in FLOWS.

    A deposit is new if it is open on the later day only, or was received and left in between; it is paid if it was open
    or is new, and is not open on the later day. Principal that an open deposit gained counts as new, and principal that
    it lost counts as paid.

    Args:
        good: Whether the row was not refused, shape (rows,).
        service: Code of the service.
        before: On the earlier day.
        after: On the later day.
        sums: Added to, shape (services, len(FLOWS)).
    """
    status_before, principal_before, base_before, surcharge_before, posted_before = before
    status, principal, base, surcharge, posted = after
    for row in range(good.size):
        if not good[row]:
            continue
        was_open = ACTIVE <= status_before[row] <= OVERDUE
        is_open = ACTIVE <= status[row] <= OVERDUE
        left = status[row] == REMITTED or status[row] == RETURNED
        is_new = not was_open and (is_open or (status_before[row] == NOT_RECEIVED and left))
        if not (was_open or is_new):
            continue
        own = service[row]
        sums[own, ACCRUED_BASE] += base[row] - base_before[row]
        sums[own, ACCRUED_SURCHARGE] += surcharge[row] - surcharge_before[row]
        sums[own, POSTED_SINCE] += posted[row]
        if is_new:
            sums[own, NEW_ROWS] += 1
            sums[own, NEW_PRINCIPAL] += principal[row]
            sums[own, NEW_BASE] += base_before[row]
            sums[own, NEW_SURCHARGE] += surcharge_before[row]
        else:
            sums[own, POSTED_SINCE] -= posted_before[row]
            sums[own, NEW_PRINCIPAL] += max(0, principal[row] - principal_before[row])
            sums[own, PAID_PRINCIPAL] += max(0, principal_before[row] - principal[row])
        if not is_open:
            sums[own, PAID_ROWS] += 1
            sums[own, PAID_PRINCIPAL] += principal[row]
            sums[own, PAID_BASE] += base[row]
            sums[own, PAID_SURCHARGE] += surcharge[row]
            sums[own, PAID_POSTED] += posted[row]
