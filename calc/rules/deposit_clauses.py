"""What a jurisdiction says of deposits, as data: `deposit_interest.toml`, `deposit_limit.toml`, `unclaimed.toml`.

A clause that a file leaves out is one that the jurisdiction does not have. The calculators of `calc.columns.clauses`
take these; Colorado's rules have more of their own and stand in `calc.rules.schema`.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from calc.rules.schema import (
    BasisPoints,
    BilledMonths,
    Cents,
    DayCount,
    DayEnds,
    Days,
    Months,
    MoreThan,
    Ppm,
    Rounding,
    Share,
)

AppliesTo = Literal["all", "residential", "non_residential"]
Month = Annotated[int, (1, 12)]
LastDayOfMonth = Annotated[int, (1, 31)]


@dataclass(frozen=True, slots=True)
class RateStep:
    """From the day after so many months of holding on, deposits of a class earn another rate."""

    after_months: Months
    rate_ppm: Ppm
    applies_to: AppliesTo = "all"


@dataclass(frozen=True, slots=True)
class InterestClauses:
    """Interest on a deposit.

    Attributes:
        day_count: Share of a year that a day counts.
        day_ends: Which of the first and the last date count.
        rounding_mode: How cents are rounded.
        least_principal_cents: A smaller deposit earns nothing.
        holding_months: A deposit held for fewer months earns nothing.
        holding_days: As many days more.
        holding_more_than: Whether it has to be held longer than that.
        holding_from_first_day: Whether it then earns from the first day, rather than from the end of that time.
        rate_steps: Rates by class and length of holding.
        rate_share_bp: Share of every rate that is paid, in hundredths of a percent.
        capitalized_month: Month of the day at whose end interest to date becomes principal; None for simple interest.
        capitalized_day: That day of the month.
        stops_at_termination: Whether interest stops when service is terminated.
        stops_at_notice: Whether it stops when a notice is sent that the deposit is no longer required.
    """

    day_count: DayCount
    day_ends: DayEnds
    rounding_mode: Rounding
    least_principal_cents: Cents = 0
    holding_months: Months = 0
    holding_days: Days = 0
    holding_more_than: bool = False
    holding_from_first_day: bool = True
    rate_steps: tuple[RateStep, ...] = ()
    rate_share_bp: BasisPoints = 10_000
    capitalized_month: Month | None = None
    capitalized_day: LastDayOfMonth | None = None
    stops_at_termination: bool = False
    stops_at_notice: bool = False


LimitMethod = Literal["days", "average_months", "highest_consecutive", "highest_months", "year_twelfths"]


@dataclass(frozen=True, slots=True)
class ClassLimit:
    """The most that may be held of a class: so many days of the bill, or so many months of it, by a method."""

    method: LimitMethod
    applies_to: AppliesTo = "all"
    months: BilledMonths = 1
    days: Days = 0


@dataclass(frozen=True, slots=True)
class LimitClauses:
    """How much may be held: a limit by class, and a least deposit below which the limit does not go."""

    limits: tuple[ClassLimit, ...]
    least_deposit_cents: Cents = 0


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is paid a share of unclaimed money."""

    name: str
    share_ppm: Share


@dataclass(frozen=True, slots=True)
class UnclaimedClauses:
    """When a deposit is unclaimed and who is paid: largest share first takes the odd cent; no surcharge."""

    dormancy_months: Months
    payees: tuple[Payee, ...]
    dormancy_more_than: MoreThan = "day_after"
