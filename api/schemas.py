"""What quotes and batches take: a model a topic, in whole cents and ppm, ISO dates, with the bounds of the contract.

A row's fields are the columns of the files, where a null in an optional one is its default; a quote adds what the
command line's options say once (tariff, switches, rates, explain), a batch says it once for all of its rows. Nothing is
coerced, nothing unknown is let through.
"""

from datetime import date
from functools import lru_cache, partial
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from api.allowed import allowed_at
from api.problems import Item, items
from calc.rules.schema import SWITCHES
from calc.units import CENTS_MAX, FIRST_DATE, LAST_DATE, PPM, RATE_PPM_MAX, parse_date

ROWS_MAX: Final = 10_000
_DAYS_MAX: Final = 36_600


_parsed: Final = lru_cache(maxsize=8_192)(parse_date)
"""A batch holds few days, each many times."""


def _day(value: object) -> date:
    if type(value) is not str:
        raise PydanticCustomError("bad_date", "no date", {"text": "not text; write YYYY-MM-DD"})
    try:
        return _parsed(value)
    except ValueError as error:
        raise PydanticCustomError("bad_date", "no date", {"text": str(error)}) from None


_DAY_SCHEMA: Final = {
    "type": "string",
    "format": "date",
    "description": f"YYYY-MM-DD, {FIRST_DATE} through {LAST_DATE}",
}
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema(_DAY_SCHEMA)]
OptionalDay = Annotated[
    date | None,
    BeforeValidator(lambda value: None if value is None else _day(value)),
    WithJsonSchema({"anyOf": [_DAY_SCHEMA, {"type": "null"}]}),
]
Cents = Annotated[int, Field(ge=0, le=CENTS_MAX)]
OptionalCents = Annotated[int | None, Field(ge=0, le=CENTS_MAX)]
Ppm = Annotated[int, Field(ge=0, le=PPM)]
Service = Literal["electric", "gas"]
Switch = Literal[SWITCHES]  # type: ignore[valid-type]  # the words stand in one place, the rules' schema
SwitchValue = Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9_]+$")]
TariffName = Annotated[str, Field(max_length=64, pattern=r"^[a-z0-9-]+$")]


class Strict(BaseModel):
    """Nothing coerced, nothing unknown."""

    model_config: ClassVar[ConfigDict] = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class RateRow(Strict):
    """A yearly rate and the day from which it is in force."""

    effective_from: Day
    rate_ppm: Annotated[int, Field(ge=0, le=RATE_PPM_MAX)]


def invalid(error: ValidationError, model: type[BaseModel], prefix: str = "") -> list[Item]:
    """What a model finds wrong with a value that stands at `prefix`."""
    known = frozenset(model.model_fields) | RateRow.model_fields.keys()
    return items(error.errors(include_url=False), known, prefix, partial(allowed_at, model))


class Options(Strict):
    """The reading of the rules: the utility's tariff by its shipped name, and switches."""

    tariff: TariffName = "default"
    switches: dict[Switch, SwitchValue] = {}


class RateOptions(Options):
    """Rates instead of the shipped ones: one flat rate, or a table by ascending effective date."""

    rate_ppm: Annotated[int | None, Field(ge=0, le=RATE_PPM_MAX)] = None
    rates: Annotated[tuple[RateRow, ...] | None, Field(min_length=1, max_length=200)] = None

    @model_validator(mode="before")
    @classmethod
    def _listed(cls, data: Any) -> Any:  # noqa: ANN401 - whatever was sent
        """A JSON array is a list, which strict tuples refuse."""
        if isinstance(data, dict) and isinstance(data.get("rates"), list):
            return {**data, "rates": tuple(data["rates"])}
        return data

    @model_validator(mode="after")
    def _one_of_both(self) -> "RateOptions":
        if self.rate_ppm is not None and self.rates is not None:
            raise _conflict("rate_ppm and rates are both given: keep one of them")
        days = [row.effective_from for row in self.rates or ()]
        if days != sorted(set(days)):
            raise _conflict("rates are not by ascending effective_from")
        return self


class InterestRow(Strict):
    """A deposit and the days for which it earns."""

    principal_cents: Cents
    received_date: Day
    through_date: Day
    service: Service = "electric"


class UnclaimedRow(Strict):
    """A deposit or construction advance and what has happened to it; through_date is the as-of date."""

    principal_cents: Cents
    received_date: Day
    through_date: Day
    service: Service = "electric"
    kind: Literal["deposit", "construction_advance", "overcharge_refund", "cost_adjustment_credit"] | None = "deposit"
    paid_date: OptionalDay = None
    remitted_date: OptionalDay = None
    service_ended_date: OptionalDay = None
    order_payable_date: OptionalDay = None
    efforts_made: bool | None = True
    interest_payable: bool | None = True
    posted_cents: OptionalCents = 0
    amounts_owed_cents: OptionalCents = 0


class DepositLimitRow(Strict):
    """What was billed to an account, what is held, and what may bar a deposit on applied_date (by default today)."""

    billed_cents: OptionalCents = None
    billed_days: Annotated[int | None, Field(ge=1, le=_DAYS_MAX)] = None
    bills_in_advance: bool | None = False
    held_cents: OptionalCents = 0
    late_payments_12m: Annotated[int | None, Field(ge=0, le=10_000)] = None
    premises_billed_cents: OptionalCents = None
    premises_billed_days: Annotated[int | None, Field(ge=1, le=_DAYS_MAX)] = None
    class_billed_cents: OptionalCents = None
    class_billed_days: Annotated[int | None, Field(ge=1, le=_DAYS_MAX)] = None
    monthly_bill_cents: Annotated[list[Cents] | None, Field(min_length=1, max_length=120)] = None
    service: Service = "electric"
    applied_date: OptionalDay = None
    clean_past_service: bool | None = None
    good_payment_ended_date: OptionalDay = None
    assistance_last_date: OptionalDay = None
    assistance_now: bool | None = None
    return_qualified_date: OptionalDay = None

    @model_validator(mode="after")
    def _dated_grounds(self) -> "DepositLimitRow":
        if (self.good_payment_ended_date or self.assistance_last_date) and self.applied_date is None:
            raise _conflict("good_payment_ended_date and assistance_last_date are counted from applied_date: give it")
        return self


class FixedCreditRow(Strict):
    """A household of a percentage-of-income program, by the guidelines of as_of_date (by default today)."""

    primary_heating: Literal["electric", "gas", "other"]
    household_income_cents: Cents
    household_size: Annotated[int, Field(ge=1, le=30)]
    full_annual_bill_cents: Cents
    service: Service = "electric"
    regulated_gas: bool = False
    county_fips: Annotated[
        str | None, Field(pattern=r"^[0-9]{5}$", description="Five digits, the leading zero among them")
    ] = None
    leap_qualified: bool = False
    share_ppm: Annotated[int | None, Field(ge=0, le=PPM)] = None
    basis_bill_cents: OptionalCents = None
    months_remaining: Annotated[int | None, Field(ge=0, le=12)] = None
    leap_grant_cents: OptionalCents = 0
    arrearage_cents: OptionalCents = 0
    arrearage_months: Annotated[int | None, Field(ge=1, le=24)] = None
    arrearage_copay_cents: OptionalCents = None
    as_of_date: OptionalDay = None


class _Quote(Strict):
    explain: bool = False


class InterestQuote(_Quote, RateOptions, InterestRow):
    """A quote of interest on a deposit, rule (o)."""


class UnclaimedQuote(_Quote, RateOptions, UnclaimedRow):
    """A quote of unclaimed monies, rule (q)."""


class LimitOptions(Options):
    """The estimate of a bill, which may as well be set as the switch of that name."""

    estimate: Literal["average_daily", "monthly_average", "peak_consecutive"] | None = None

    @model_validator(mode="after")
    def _one_estimate(self) -> "LimitOptions":
        if self.estimate is not None and self.switches.get("estimate", self.estimate) != self.estimate:
            raise _conflict("estimate and the switch estimate differ: keep one of them")
        return self


class DepositLimitQuote(_Quote, LimitOptions, DepositLimitRow):
    """A quote of a deposit limit, rule (c)-(e), (j), (l)."""


class FixedCreditQuote(_Quote, Options, FixedCreditRow):
    """A quote of bill and arrearage credits, rules 3412 and 4412."""


class InterestBatch(RateOptions):
    """Quotes of interest on many deposits; see the items of the answer."""

    rows: Annotated[list[InterestRow], Field(max_length=ROWS_MAX)]


class UnclaimedBatch(RateOptions):
    """Quotes of unclaimed monies of many deposits."""

    rows: Annotated[list[UnclaimedRow], Field(max_length=ROWS_MAX)]


class DepositLimitBatch(LimitOptions):
    """Quotes of many deposit limits."""

    rows: Annotated[list[DepositLimitRow], Field(max_length=ROWS_MAX)]


class FixedCreditBatch(Options):
    """Quotes of many participants' credits."""

    rows: Annotated[list[FixedCreditRow], Field(max_length=ROWS_MAX)]


def _conflict(text: str) -> PydanticCustomError:
    return PydanticCustomError("conflict", "fields conflict", {"text": text})
