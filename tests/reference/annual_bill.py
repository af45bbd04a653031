"""Twin of the full annual bill, rules 3412(b)(VII), (e)(IV)-(V) and 4412: twelve months of use and a rate schedule in.

Use is in thousandths of a unit (kWh, therm), prices in millionths of a dollar a unit, bills in whole cents. The rules
leave the estimate to the utility; the arithmetic here is this:

    bill of a month = round(base + per-unit riders + percent riders), half up, once
    base = fixed charge + sum over the blocks of the use within the block x its price
    a percent rider = share x base, or x (base + per-unit riders); never a percentage of a percentage
    full annual bill = the sum of the twelve rounded bills
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from tests.reference.books import listed_for_high_use
from tests.reference.fixed_credit import recalculation_due
from tests.reference.rate_table import PPM
from tests.reference.rounding import round_fraction

__all__ = ["Block", "Rider", "Schedule", "Season", "full_annual_bill", "high_use", "month_bill", "rate_changes"]

YEAR = 12
EVERY_MONTH = tuple(range(1, YEAR + 1))
CENTS = Fraction(100, 1000 * PPM)  # thousandths of a unit x millionths of a dollar -> cents


@dataclass(frozen=True)
class Block:
    """A price up to and with so much use in a month, counted from nothing; without a limit: all the rest."""

    price_millionths: int
    limit_thousandths: int | None = None


@dataclass(frozen=True)
class Season:
    """Blocks, the lowest first and the last without a limit, and the calendar months in which they hold."""

    blocks: tuple[Block, ...]
    months: tuple[int, ...] = EVERY_MONTH


@dataclass(frozen=True)
class Rider:
    """Either a price for each unit, below zero where it is a credit, or a share of what is charged.

    ``of``, for a share: charges (base and per-unit riders) | base (fixed charge and blocks).
    """

    price_millionths: int = 0
    share_ppm: int = 0
    of: str = "charges"
    months: tuple[int, ...] = EVERY_MONTH


@dataclass(frozen=True)
class Schedule:
    """Rates: a fixed charge a month, the seasons, which share out the twelve months, and riders."""

    fixed_charge_cents: int
    seasons: tuple[Season, ...]
    riders: tuple[Rider, ...] = ()


def blocks_of(schedule: Schedule, month: int) -> tuple[Block, ...]:
    """Blocks of a calendar month. ValueError unless one season has it and the limits rise to a last without one."""
    found = [season for season in schedule.seasons if month in season.months]
    if len(found) != 1:
        raise ValueError(f"month {month} is in {len(found)} seasons")
    blocks = found[0].blocks
    limits = [block.limit_thousandths for block in blocks[:-1]]
    known = [limit for limit in limits if limit is not None]
    rising = all(low < high for low, high in zip([0, *known], known, strict=False))
    if not blocks or blocks[-1].limit_thousandths is not None or len(known) != len(limits) or not rising:
        raise ValueError(f"the blocks of month {month} do not rise to one without a limit")
    return blocks


def energy_cents(blocks: Sequence[Block], use_thousandths: int) -> Fraction:
    """Charge of a month's use by blocks, exact; what lies on a limit is in the lower block."""
    total = Fraction(0)
    below = 0
    for block in blocks:
        top = use_thousandths if block.limit_thousandths is None else min(use_thousandths, block.limit_thousandths)
        total += max(0, top - below) * block.price_millionths * CENTS
        below = max(below, top)
    return total


def month_bill(schedule: Schedule, month: int, use_thousandths: int) -> int:
    """Bill of a calendar month in cents. ValueError where the use is below zero."""
    if use_thousandths < 0:
        raise ValueError("use below zero")
    riders = [rider for rider in schedule.riders if month in rider.months]
    base = schedule.fixed_charge_cents + energy_cents(blocks_of(schedule, month), use_thousandths)
    per_unit = sum((use_thousandths * rider.price_millionths * CENTS for rider in riders), Fraction(0))
    shared = {"base": base, "charges": base + per_unit}
    percent = sum((shared[rider.of] * rider.share_ppm / PPM for rider in riders), Fraction(0))
    return round_fraction(base + per_unit + percent, "half_up")


def full_annual_bill(schedule: Schedule, use_thousandths: Sequence[int], *, first_month: int = 1) -> list[int]:
    """The twelve bills in cents, the first of them of calendar month ``first_month``; they sum to the annual bill."""
    if len(use_thousandths) != YEAR:
        raise ValueError(f"{len(use_thousandths)} months of use")
    months = [(first_month - 1 + n) % YEAR + 1 for n in range(YEAR)]
    return [month_bill(schedule, month, use) for month, use in zip(months, use_thousandths, strict=True)]


def rate_changes(
    use_thousandths: Sequence[int],
    basis_bill_cents: int,
    changes: Iterable[tuple[date, Schedule]],
    *,
    first_month: int = 1,
) -> list[dict[str, Any]]:
    """Each change of rates against the bill on which the present credits rest: 3412(e)(V).

    due: the same use at the new rates comes to a bill a quarter or more away from the basis; it is the basis from then
    on. Below that the basis stays, so that small changes add up against it. Each is a rate_change event as well.
    """
    found = []
    basis = basis_bill_cents
    for day, schedule in sorted(changes, key=lambda change: change[0]):
        new = sum(full_annual_bill(schedule, use_thousandths, first_month=first_month))
        due = recalculation_due(new, basis)
        found.append(
            {
                "date": day,
                "kind": "rate_change",
                "amount_cents": new,
                "basis_bill_cents": basis,
                "recalculation_due": due,
            }
        )
        basis = new if due else basis
    return found


def high_use(service: str, use_thousandths: Sequence[int]) -> bool:
    """Whether a household is listed, (i)(II): the year's use is above 10,000 kWh or 600 therms."""
    return listed_for_high_use(service, Fraction(sum(use_thousandths), 1000))
