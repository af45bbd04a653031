"""What a tariff holds: a utility's choices within the bands of the rules, by name and type."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from calc.rules.rate_schedule_schema import RateSchedule

POSTING_DAYS: Final = ("december_31", "anniversary")
"""Days of the year on which a utility posts the interest of deposits whose customers asked for it annually."""


@dataclass(frozen=True, slots=True)
class PlanChoices:
    """Hold what a percentage-of-income plan of another jurisdiction sets besides; the defaults are Colorado's rules.

    Attributes:
        monthly_income: Whether the share is taken of a month's income, and rounded down each month.
        payment_least_cents: Least payment a month.
        payment_most_cents: Highest payment a month; None without one.
        credit_least_cents: Least credit of a month that has one.
        credit_most_cents: Highest credit a month; None without one.
        credit_condition: What bill credits are conditional on, one of ARREARAGE_CONDITIONS.
        grant_to_arrearage: Whether what a grant leaves after the unaffordable portion goes to the arrearage.
        arrearage_waits: Whether an arrearage credit that is withheld waits for the next payment, instead of being
            spread over the months that remain.
    """

    monthly_income: bool = False
    payment_least_cents: int = 0
    payment_most_cents: int | None = None
    credit_least_cents: int = 0
    credit_most_cents: int | None = None
    credit_condition: str = "none"
    grant_to_arrearage: bool = True
    arrearage_waits: bool = False


@dataclass(frozen=True, slots=True)
class FuelTerms:
    """Hold what a tariff chooses for one fuel.

    Attributes:
        leap_offset: Whether the utility uses the LEAP offset.
        all_electric_without_leap: Marks an electric utility under 3412(g)(V)(D), which must not offset. Rule 4412 has
            no such bar; for gas it decides nothing.
        arrearage_months: Months over which an arrearage is credited away.
        copayment_ppm: The whole arrearage copayment as a share of a year's income, in ppm, where a row gives none.
        arrearage_condition: What arrearage credits are conditional on, one of ARREARAGE_CONDITIONS: nothing, or
            payment of the bills ((e)(VII)(C)(i)).
        plan: What another jurisdiction's plan sets besides.
    """

    leap_offset: bool
    all_electric_without_leap: bool
    arrearage_months: int
    copayment_ppm: int
    arrearage_condition: str = "none"
    plan: PlanChoices = PlanChoices()


@dataclass(frozen=True, slots=True)
class Tariff:
    """Hold a utility's choices within the rule's bands.

    Attributes:
        name: The tariff's name; stated in every result.
        title: Its title.
        share_ppm: Share of income for each of ACCOUNT_CLASSES, in ppm.
        minimum_monthly_payment_cents: Payment asked of a household without income, for each of MINIMUM_PAYMENT_CLASSES.
        electric: Choices for electric service that do not differ by class.
        gas: Choices for gas service that do not differ by class.
        posting_day: Day of the year on which annual interest is posted, one of POSTING_DAYS.
        checksum: SHA-256 of the file, and of the file of rate schedules where it names one.
        rate_schedules_file: Name or path of the file of rate schedules; empty where the tariff has none.
        rate_schedules: Versions of each rate schedule by its code, earliest first.
    """

    name: str
    title: str
    share_ppm: dict[str, int]
    minimum_monthly_payment_cents: dict[str, int]
    electric: FuelTerms
    gas: FuelTerms
    checksum: str
    posting_day: str = POSTING_DAYS[0]
    rate_schedules_file: str = ""
    rate_schedules: Mapping[str, tuple[RateSchedule, ...]] = field(default_factory=dict)

    def terms(self, service: str) -> FuelTerms:
        """Return the choices for "electric" or "gas"."""
        return {"electric": self.electric, "gas": self.gas}[service]
