"""A rate of a period by the rules of a jurisdiction, with what it rests on."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from calc.errors import RatesMissingError
from calc.rates.register.published import PublishedRate
from calc.rates.ruled.windows import Window
from calc.units import PPM, PPM_PER_BP, format_percent, rounded

if TYPE_CHECKING:
    from calc.rules.rate_rule import RateRule


@dataclass(frozen=True, slots=True)
class RuledRate:
    """Hold a period's rate and how it comes about.

    Attributes:
        starts_on: First day of the period.
        ends_before: The day after its last.
        rule: The rate rule in force on the first day.
        window: What the average was taken of; None where the rule has no window, or the series does not hold it.
        average_ppm: The average, exact: of the window, by order, or fixed; None where there is none.
        rounded_ppm: The average times the multiplier, rounded, within floor and cap.
        existing_ppm: Rate in force on the day before the period; None if none was.
        decision: "reset" to the rounded average, or "keep" the existing rate; None where nothing is computed.
        computed_ppm: The rate that the rule gives; None where the window is not whole.
        is_provisional: Whether a derived figure is in the window, or in that of an existing rate that continues.
        published: The rate published for the period, or the order that sets it; None if there is none.
        lacking: Why the rule gives no rate; empty if it does.
    """

    starts_on: date
    ends_before: date
    rule: "RateRule"
    window: Window | None
    average_ppm: Fraction | None
    rounded_ppm: int | None
    existing_ppm: int | None
    decision: Literal["reset", "keep"] | None
    computed_ppm: int | None
    is_provisional: bool
    published: PublishedRate | None
    lacking: str = ""

    @property
    def period(self) -> str:
        """Return the period as text: "2024" or "2024-Q3"."""
        return period_text(self.starts_on, self.rule.period)

    @property
    def published_in_force(self) -> bool:
        """Tell whether the published rate is in force."""
        if self.published is None or self.rule.method == "order":
            return False
        return self.rule.published_outranks or self.computed_ppm is None

    @property
    def rate_ppm(self) -> int:
        """Return the rate in force: the published one where it outranks, otherwise the computed one."""
        if self.published is not None and self.published_in_force:
            return self.published.rate_ppm
        if self.computed_ppm is None:
            raise RatesMissingError(self.lacking)
        return self.computed_ppm

    @property
    def source(self) -> Literal["published", "computed", "provisional"]:
        """Tell where the rate in force comes from; an order's rate is a published one."""
        if self.published_in_force or self.rule.method == "order":
            return "published"
        return "provisional" if self.is_provisional else "computed"

    @property
    def note(self) -> str:
        """Say what to note: that a published rate outranks another, or could not be computed again."""
        if self.published is None:
            return ""
        if self.computed_ppm is None:
            return f"published; not computed again: {self.lacking}"
        if self.published.rate_ppm == self.computed_ppm:
            return self.published.note
        published, computed = format_percent(self.published.rate_ppm), format_percent(self.computed_ppm)
        if self.rule.method == "order":
            told = f"the order says {published}; the rule makes it {computed}"
        elif self.published_in_force:
            told = f"{self.published.publisher} published {published}, which is in force; the rule gives {computed}"
        else:
            told = f"the rule gives {computed}; {self.published.publisher} published {published}, set aside here"
        return "; ".join(filter(None, (told, self.published.note)))


def period_text(starts_on: date, period: str) -> str:
    """Return a period as text: "2024" or "2024-Q3"."""
    return f"{starts_on.year}" if period == "year" else f"{starts_on.year}-Q{(starts_on.month + 2) // 3}"


def rounded_ppm(rule: "RateRule", average_ppm: Fraction) -> int:
    """Return average x multiplier in ppm, rounded to the step, at least the floor, at most the cap."""
    step, floor = rule.step_bp * PPM_PER_BP, None if rule.floor_bp is None else rule.floor_bp * PPM_PER_BP
    exact = average_ppm * rule.multiplier_ppm / PPM
    if floor is not None and not rule.floor_after_rounding:
        exact = max(exact, Fraction(floor))
    rate = rounded(exact / step, rule.step_rounding) * step
    if floor is not None and rule.floor_after_rounding:
        rate = max(rate, floor)
    return rate if rule.cap_bp is None else min(rate, rule.cap_bp * PPM_PER_BP)
