"""Twin of arrearage credits, rules 3412 and 4412: cents that bring an old balance to zero over equal months."""

LONGEST_MONTHS = 24


class OutOfRange(Exception):  # noqa: N818 - named for the reason
    """A figure lies outside what the rules allow."""


def monthly_spread(total_cents: int, n: int) -> list[int]:
    """n amounts that differ by at most one cent and sum to the total, the extra cents on the first of them."""
    each, extra = divmod(total_cents, n)
    return [each + 1] * extra + [each] * (n - extra)


def arrearage_schedule(arrearage_left_cents: int, copayments_cents: int, months: int) -> list[int]:
    """Monthly credits of (arrearage left - copayments) over 1 to 24 months, so that month n ends at exactly zero.

    Copayments beyond the arrearage are cut to it; where nothing is left the schedule is empty. Raises OutOfRange.
    """
    if not 1 <= months <= LONGEST_MONTHS:
        raise OutOfRange(f"arrearage credits run 1 to {LONGEST_MONTHS} months, not {months}")
    if arrearage_left_cents == 0:
        return []
    return monthly_spread(arrearage_left_cents - min(copayments_cents, arrearage_left_cents), months)
