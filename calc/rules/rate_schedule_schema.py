"""What a rate schedule holds: a utility's standard prices of one service from a day on, by name and type."""

from dataclasses import dataclass
from datetime import date
from typing import Final

RIDER_BASES: Final = ("base", "charges")
"""What a percentage is taken of: fixed charge and tiers, or these and the riders per unit."""


@dataclass(frozen=True, slots=True)
class Tier:
    """Hold a block of a month's use: up to `through_thousandths` in all (None: all the rest), at a price per unit."""

    through_thousandths: int | None
    price_micros: int


@dataclass(frozen=True, slots=True)
class Rider:
    """Hold an addition to a bill, per unit or in percent; below zero it is taken off.

    Attributes:
        name: Its name.
        price_micros: Millionths of a dollar per unit of use; 0 where it is a percentage.
        share_ppm: The percentage, in ppm; 0 where it is a price.
        of: What the percentage is taken of, one of RIDER_BASES; empty where it is a price.
        months: Calendar months in which it is charged.
    """

    name: str
    price_micros: int
    share_ppm: int
    of: str
    months: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RateSchedule:
    """Hold the standard prices of a rate schedule from a day until its next version's.

    Attributes:
        code: What rows call it.
        title: Its title.
        service: "electric" or "gas".
        unit: Unit of use, such as kWh.
        effective_from: First day on which it is in force.
        citation: Where the prices stand.
        fixed_charge_micros: Charge of each month, millionths of a dollar.
        tiers: Tiers of each calendar month, January first.
        riders: Riders in their order.
    """

    code: str
    title: str
    service: str
    unit: str
    effective_from: date
    citation: str
    fixed_charge_micros: int
    tiers: tuple[tuple[Tier, ...], ...]
    riders: tuple[Rider, ...]
