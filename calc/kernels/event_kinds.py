"""Name the kinds of a deposit's dated events, and the columns in which kernels take them."""

from typing import Final, NamedTuple

from calc.kernels.arrays import Int8, Int32, Int64

EVENTS: Final = ("principal", "posting", "owed")
PRINCIPAL, POSTING, OWED = range(3)


class DatedEvents(NamedTuple):
    """Events of many rows, each row's own by day.

    Attributes:
        offset: Row r owns events offset[r] ... offset[r + 1] - 1; shape (rows + 1,).
        day: Epoch days, shape (events,).
        kind: PRINCIPAL, POSTING or OWED.
        amount_cents: Cents; refunds are negative.
    """

    offset: Int64
    day: Int32
    kind: Int8
    amount_cents: Int64
