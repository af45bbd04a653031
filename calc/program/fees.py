"""Propose the monthly fees of the next twelve months, rule 3412(g)(II)(B)-(D): cost by class, fees, the ceiling."""

from collections.abc import Sequence
from typing import NamedTuple

from calc.program.program_file import RESIDENTIAL, CustomerClass


class ProposedFee(NamedTuple):
    """Hold a class's part of the cost, its monthly fee, and what the ceiling cuts off, in cents."""

    name: str
    allocated_cents: int
    fee_cents: int
    cut_off_cents: int


def allocated(total_cents: int, weights: Sequence[int]) -> list[int]:
    """Allocate a total in proportion to weights, to the cent, by largest remainder; of equal ones the first gains.

    Args:
        total_cents: The total, at least 0.
        weights: Weights, none below zero and not all zero.
    """
    whole = sum(weights)
    parts = [divmod(total_cents * weight, whole) for weight in weights]
    shares = [share for share, _ in parts]
    by_remainder = sorted(range(len(parts)), key=lambda place: (-parts[place][1], place))
    for place in by_remainder[: total_cents - sum(shares)]:
        shares[place] += 1
    return shares


def proposed_fees(classes: Sequence[CustomerClass], total_cents: int, highest_cents: int) -> list[ProposedFee]:
    """Propose fees.

    A fee is the class's part / its customer-months, half up to the cent; the residential one is rounded down and at
    most `highest_cents`. What that cuts off is not moved to other classes.

    Args:
        classes: Classes of customers in their order.
        total_cents: What the fees are to recover, at least 0.
        highest_cents: Highest residential fee.
    """
    shares = allocated(total_cents, [each.revenue_requirement_cents for each in classes])
    found = []
    for each, share in zip(classes, shares, strict=True):
        months = each.customer_months
        fee, cut_off = (2 * share + months) // (2 * months), 0
        if each.name == RESIDENTIAL:
            fee = share // months
            if fee > highest_cents:
                fee, cut_off = highest_cents, share - highest_cents * months
        found.append(ProposedFee(each.name, share, fee, cut_off))
    return found
