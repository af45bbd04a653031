"""How a jurisdiction's rate of interest on deposits comes about, as data: `data/rules/ID/rate_rule.toml`.

A period's average is taken over a window of a series, or given by order, or fixed. The rate is average x multiplier,
rounded to a step, at least a floor, at most a cap, and the existing rate where the two differ by less than a threshold.
`calc.rates.ruled.periods` computes it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, Literal

from calc import datafiles
from calc.errors import NoRuleError
from calc.rules.cited_file import Cited, in_force
from calc.rules.document import Document, Place
from calc.rules.schema import BasisPoints, Ppm, Rounding, ThresholdStage
from calc.units import PPM

RATE_RULE_FILE: Final = "rate_rule.toml"
Step = Annotated[int, (1, 10_000)]
WindowMonths = Annotated[int, (1, 120)]
Method = Literal[
    "mean_of_months",  # of the monthly figures of the window
    "mean_of_days",  # of the daily figures of the window
    "mean_of_weeks",  # of the weekly means whose Friday lies in the window
    "last_full_week",  # of the window's last week with five market days
    "first_business_day",  # the figure of the window's first business day
    "order",  # set by order: no formula
    "fixed",  # the rule itself gives the rate
]


@dataclass(frozen=True, slots=True)
class RateRule:
    """A jurisdiction's rate rule.

    Attributes:
        method: How the period's average is taken.
        period: Whether a rate is one year's or one quarter's.
        series: Name of the series: "gs1" (the months in use), or a file of `data/rates/series/`.
        window_starts_months_before: Months from the first of the window to the first of the period.
        window_months: Months of the window.
        fixed_bp: The rate that the rule fixes.
        multiplier_ppm: What the average is multiplied by.
        step_bp: The rate is a multiple of this, in basis points.
        step_rounding: How it is rounded to the step.
        floor_bp: Lowest rate.
        floor_after_rounding: Whether the floor comes after the rounding.
        cap_bp: Highest rate.
        rate_threshold_bp: The existing rate continues where the difference is smaller than this.
        rate_threshold_inclusive: Whether a difference of exactly the threshold resets the rate.
        rate_threshold_stage: Whether the rounded or the exact average is compared.
        published_outranks: Whether a published rate outranks the computed one.
    """

    method: Method
    period: Literal["year", "quarter"]
    series: str | None = None
    window_starts_months_before: WindowMonths | None = None
    window_months: WindowMonths | None = None
    fixed_bp: BasisPoints | None = None
    multiplier_ppm: Ppm = PPM
    step_bp: Step = 1
    step_rounding: Rounding = "half_up"
    floor_bp: BasisPoints | None = None
    floor_after_rounding: bool = True
    cap_bp: BasisPoints | None = None
    rate_threshold_bp: BasisPoints | None = None
    rate_threshold_inclusive: bool = True
    rate_threshold_stage: ThresholdStage = "rounded"
    published_outranks: bool = True

    @property
    def is_observed(self) -> bool:
        """Tell whether the average is taken over a series."""
        return self.method not in {"order", "fixed"}

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the fields that the method needs and the rule lacks."""
        needs = {"fixed": ("fixed_bp",), "order": ()}.get(
            self.method, ("series", "window_starts_months_before", "window_months")
        )
        return tuple(name for name in needs if getattr(self, name) is None)


def rate_rule(jurisdiction: str, on: date) -> Cited[RateRule]:
    """Load a jurisdiction's rate rule in force on a day.

    Raises:
        UsageError: The day is before the rule's first.
        DataError: The file is missing, breaks its format or lacks what its method needs.
    """
    return rate_rules(jurisdiction)(on)


def rate_rules(jurisdiction: str) -> Callable[[date], Cited[RateRule]]:
    """Read a jurisdiction's rate rules once, for many days; errors as in `rate_rule`, when a day is asked for.

    Raises:
        NoRuleError: The jurisdiction has no rate rule.
    """
    name = f"rules/{jurisdiction}/{RATE_RULE_FILE}"
    if name not in datafiles.names(f"rules/{jurisdiction}"):
        raise NoRuleError(jurisdiction, RATE_RULE_FILE.removesuffix(".toml"))
    path, text = str(datafiles.data_root() / name), datafiles.read_text(name)

    def on(day: date) -> Cited[RateRule]:
        found = in_force(path, text, RateRule, day)
        check_complete(path, text, found.values)
        return found

    return on


def check_complete(path: str, text: str, rule: RateRule) -> None:
    """Raise DataError, naming file, line and what is missing, unless a rule has what its method needs."""
    if rule.missing:
        tables = ", ".join(f"[[{name}]]" for name in rule.missing)
        raise Document.parse(path, text).error(Place("method"), f"is {rule.method}; missing: {tables}")
