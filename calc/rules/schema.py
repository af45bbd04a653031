"""Define what the rules may say: one frozen dataclass per topic; each field is one dated, cited value of `data/rules/`.

A field's name carries its unit. Its type says what it may hold: words, or whole numbers from the first bound through
the second. The fields in SWITCHES are readings or methods, which `--set NAME=VALUE` overrides. Field names are unique
over all topics, so a switch needs no topic prefix. `calc.rules.fields` reads these types.
"""

from dataclasses import dataclass
from typing import Annotated, Final, Literal, get_args

from calc.units import CENTS_MAX, PPM

Decimals = Annotated[int, (0, 4)]
BasisPoints = Annotated[int, (0, 10_000)]
Ppm = Annotated[int, (0, 10 * PPM)]
ChangePpm = Annotated[int, (0, 9 * PPM)]
"""A change by ppm of a basis: the product with CENTS_MAX stays within int64, which 10 * PPM would leave."""
Share = Annotated[int, (0, PPM)]
Cents = Annotated[int, (0, CENTS_MAX)]
Days = Annotated[int, (0, 3_660)]
Months = Annotated[int, (0, 120)]
BilledMonths = Annotated[int, (1, 12)]
TermMonths = Annotated[int, (1, 120)]
Count = Annotated[int, (0, 1_000)]
Use = Annotated[int, (0, 10_000_000)]
Hour = Annotated[int, (0, 24)]
MinuteOfDay = Annotated[int, (0, 1_439)]
Fahrenheit = Annotated[int, (0, 150)]
SERVICES: Final = ("electric", "gas")
"""The two services; each has a rule of its own."""
Rounding = Literal["half_up", "half_even", "down", "up"]
ROUNDINGS: Final[tuple[str, ...]] = get_args(Rounding)
ThresholdStage = Literal["rounded", "unrounded"]
MoreThan = Literal["day_after", "anniversary"]
DayCount = Literal["actual_actual", "actual_365", "actual_360", "thirty_e_360"]
DayEnds = Literal["start_included_end_excluded", "start_excluded_end_included", "both", "neither"]


@dataclass(frozen=True, slots=True)
class AnnualRate:
    """Rule (o)(II): how the yearly deposit rate is computed."""

    average_decimals: Decimals
    average_rounding: Rounding
    threshold_bp: BasisPoints
    threshold_inclusive: bool
    threshold_stage: ThresholdStage
    published_override: bool


@dataclass(frozen=True, slots=True)
class DepositInterest:
    """Rule (o): how simple interest on a deposit is computed."""

    day_count: DayCount
    day_ends: DayEnds
    rounding_mode: Rounding
    rounding_point: Literal["posting", "year"]


@dataclass(frozen=True, slots=True)
class DepositLimit:
    """Rules (c)-(e), (h), (j), (l): how much may be held, what bars a deposit, when it is explained and due back."""

    limit_days: Days
    limit_in_advance_days: Days
    estimate: Literal["average_daily", "monthly_average", "peak_consecutive"]
    limit_months: BilledMonths
    limit_in_advance_months: BilledMonths
    good_payment_window_days: Days
    assistance_window_months: Months
    return_late_payments_max: Count
    return_window: Literal["last_12", "any_12"]
    explanation_business_days: Days


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """Rules (q)-(s): when monies are unclaimed and what the delay costs."""

    abandonment_months: Months
    grace_months: Months
    surcharge_ppm: Share
    more_than: MoreThan
    surcharge_start: Literal["day_after_period", "last_day_of_period"]
    surcharge_mode: Literal["points", "multiplicative"]
    surcharge_base: Literal["principal", "principal_plus_accrued"]
    surcharge_principal: Literal["gross", "net_of_owed"]
    efforts_scope: Literal["order", "both"]
    weekend_extension: Literal["none", "payment", "statute"]
    owed_applied: Literal["remittance", "service_ended"]


ACCOUNT_CLASSES: Final = (
    "electric_heat",  # electric service, electricity is the primary heat
    "electric_heat_with_gas",  # the same, with gas service from a regulated utility too
    "electric_other_heat",  # electric service, not the primary heat
    "gas_heat",  # gas service, gas is the primary heat
    "gas_electric_heat",  # gas service, electricity is the primary heat
)
ARREARAGE_CONDITIONS: Final = ("none", "payment")
MINIMUM_PAYMENT_CLASSES: Final = ("electric_heat", "electric_other_heat", "gas")


@dataclass(frozen=True, slots=True)
class FixedCredit:
    """Rules 3412 and 4412 (b), (c), (e)(I)-(V): fixed credit; None for classes of the other service's rule."""

    electric_heat_lowest_ppm: Share | None
    electric_heat_highest_ppm: Share | None
    electric_heat_with_gas_lowest_ppm: Share | None
    electric_heat_with_gas_highest_ppm: Share | None
    electric_other_heat_lowest_ppm: Share | None
    electric_other_heat_highest_ppm: Share | None
    gas_heat_lowest_ppm: Share | None
    gas_heat_highest_ppm: Share | None
    gas_electric_heat_lowest_ppm: Share | None
    gas_electric_heat_highest_ppm: Share | None
    electric_heat_minimum_payment_max_cents: Cents | None
    electric_other_heat_minimum_payment_max_cents: Cents | None
    gas_minimum_payment_max_cents: Cents | None
    recalculation_ppm: ChangePpm
    poverty_guideline_ppm: Ppm
    area_median_income_ppm: Ppm
    ami_basis: Literal["hud_limit", "share_of_median"]


@dataclass(frozen=True, slots=True)
class Arrearage:
    """Rules 3412 and 4412 (e)(VII): bands of the arrearage credits."""

    arrearage_months_min: TermMonths
    arrearage_months_max: TermMonths
    copayment_max_ppm: Share


@dataclass(frozen=True, slots=True)
class Plans:
    """Rule 3404 (proposed): installment plans and budget billing."""

    down_payment_ppm: Share
    installments_max: TermMonths
    budget_payments: BilledMonths


@dataclass(frozen=True, slots=True)
class Discontinuance:
    """Rules 3407 and 4407 (b), (e): what bars the discontinuance of service; heat has no gas rule."""

    least_past_due_cents: Cents
    past_due_from_days: Days
    opens_hour: Hour
    closes_hour: Hour
    last_weekday: Annotated[int, (1, 7)]
    day_before_hour: Hour
    day_after_hour: Hour
    warned_from_hour: Hour
    certificate_days: Days
    certificate_months: Months
    cold_f: Fahrenheit
    electric_hot_f: Fahrenheit | None
    application_hold_days: Days


@dataclass(frozen=True, slots=True)
class Restoration:
    """Rules 3409 and 4409 (c), (d): when service must be back; (e) of a proposed text: the credit for delay."""

    restore_hours: Annotated[int, (0, 240)]
    after_hours_hours: Annotated[int, (0, 240)]
    before_close_minutes: MinuteOfDay
    latest_request_minute: MinuteOfDay
    usual_close_minute: MinuteOfDay
    late_day_credit_cents: Cents


@dataclass(frozen=True, slots=True)
class Contributions:
    """Rules 3411 and 4411 (d): when contributions to energy assistance are transferred and reported."""

    transfer_months: Months
    report_month: Annotated[int, (1, 12)]


@dataclass(frozen=True, slots=True)
class ParticipantYear:
    """Rules 3412 and 4412 (g)(V): how a grant that comes during a participant's year is applied."""

    grant_timing: Literal["remaining", "annual"]


@dataclass(frozen=True, slots=True)
class Program:
    """Rules 3412 and 4412 (b)(I), (g), (i)(II), (k)(III), (m): the program's books; high use in the fuel's own unit."""

    administrative_share_ppm: Share
    administrative_least_cents: Cents
    set_aside_hundredths: Annotated[int, (0, 10_000)]
    highest_fee_cents: Cents
    out_of_balance_ppm: Ppm
    electric_high_use_kwh: Use | None
    gas_high_use_therms: Use | None
    benefit_charge_cents: Cents


TOPICS: Final[dict[str, type]] = {
    "annual_rate": AnnualRate,
    "deposit_interest": DepositInterest,
    "deposit_limit": DepositLimit,
    "unclaimed": Unclaimed,
    "fixed_credit": FixedCredit,
    "arrearage": Arrearage,
    "plans": Plans,
    "discontinuance": Discontinuance,
    "restoration": Restoration,
    "contributions": Contributions,
    "participant_year": ParticipantYear,
    "program": Program,
}
"""Dataclass of each rule file, by the file's name without suffix."""
SWITCHES: Final = (
    "average_decimals",
    "average_rounding",
    "threshold_bp",
    "threshold_inclusive",
    "threshold_stage",
    "published_override",
    "day_count",
    "day_ends",
    "rounding_mode",
    "rounding_point",
    "estimate",
    "return_window",
    "more_than",
    "surcharge_start",
    "surcharge_mode",
    "surcharge_base",
    "surcharge_principal",
    "efforts_scope",
    "weekend_extension",
    "owed_applied",
    "ami_basis",
    "grant_timing",
)
"""Fields that `--set NAME=VALUE` overrides, for electric and gas alike."""
