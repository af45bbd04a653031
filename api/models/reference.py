"""Describe answers about rates, rules, jurisdictions and the service, for the OpenAPI document."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.models.answers import Provenance
from api.models.explanation import Citation


class _Closed(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


class Health(_Closed):
    """The process lives."""

    status: Annotated[Literal["ok"], Field(description="Always ok.")]


class Ready(_Closed):
    """The service may be sent requests."""

    status: Annotated[Literal["ready"], Field(description="Always ready; while it is not, the status is 503.")]


class Rate(_Closed):
    """A yearly rate and the day from which it is in force."""

    effective_from: Annotated[str, Field(description="The first day.")]
    rate_ppm: Annotated[int, Field(description="The rate, parts per million.")]
    rate_percent: Annotated[str, Field(description="The rate in percent, as a decimal.")]
    source: Annotated[str, Field(description="published, computed or provisional.")]
    known_on: Annotated[str, Field(description="The day on which it was known.")]
    note: Annotated[str, Field(description="What a reader should know besides.")]
    provenance: Annotated[str, Field(description="How it came about.")]


class Rates(_Closed):
    """The rates in force by effective date."""

    rates: Annotated[list[Rate], Field(description="Rates, the earliest first.")]
    end_date: Annotated[str, Field(description="The day from which no rate is at hand.")]
    sha256: Annotated[str, Field(description="SHA-256 of the table.")]
    engine: Annotated[Provenance, Field(description="What the answer rests on.")]


class RateMonth(_Closed):
    """A month of the series."""

    month: Annotated[str, Field(description="The month, YYYY-MM.")]
    rate_percent: Annotated[str, Field(description="Its average yield in percent.")]
    status: Annotated[str, Field(description="published or derived.")]


class YearRate(BaseModel):
    """How the rate of a year, or of one of its periods, comes about; which keys there are depends on the rule."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow")

    year: Annotated[int, Field(description="The year.")]
    jurisdiction: Annotated[str | None, Field(description="Whose rule; absent for Colorado's.")] = None
    period: Annotated[str | None, Field(description="The year or quarter.")] = None
    periods: Annotated[list[dict[str, Any]], Field(description="The year's quarters, where each has a rate.")] = []
    months: Annotated[list[RateMonth | dict[str, Any]], Field(description="Months of the window.")] = []
    sum_percent: Annotated[str | None, Field(description="Sum of the months, in percent.")] = None
    average_exact: Annotated[str | None, Field(description="The average as a fraction n/d, in percent.")] = None
    average_percent: Annotated[str | None, Field(description="The average, rounded.")] = None
    average_is: Annotated[str | None, Field(description="above, below or equal: beside the rate before.")] = None
    existing_percent: Annotated[str | None, Field(description="The rate before.")] = None
    difference_bp: Annotated[int | str | None, Field(description="How far they are apart, basis points.")] = None
    decision: Annotated[str | None, Field(description="reset, keep, or how the rule decides.")] = None
    computed_percent: Annotated[str | None, Field(description="The rate that the rule gives.")] = None
    published_percent: Annotated[str | None, Field(description="The rate that was published.")] = None
    rate_ppm: Annotated[int | None, Field(description="The rate, parts per million.")] = None
    rate_percent: Annotated[str | None, Field(description="The rate in percent.")] = None
    effective_from: Annotated[str | None, Field(description="The first day.")] = None
    source: Annotated[str | None, Field(description="published, computed or provisional.")] = None
    note: Annotated[str | None, Field(description="What a reader should know besides.")] = None
    engine: Annotated[Provenance | None, Field(description="What the answer rests on.")] = None


class JurisdictionEntry(_Closed):
    """A jurisdiction and what it has rules for."""

    id: Annotated[str, Field(description="Its id, for the field jurisdiction.")]
    name: Annotated[str, Field(description="Its name.")]
    rule: Annotated[str, Field(description="The rule on deposits or rates.")]
    rules: Annotated[list[str], Field(description="What it has rules for.")]
    rates_from: Annotated[str | None, Field(description="The first day with a rate; null: rates have to be given.")]
    rates_through: Annotated[str | None, Field(description="The last day with a rate.")]
    note: Annotated[str, Field(description="What a reader should know besides.")]
    rules_sha256: Annotated[str, Field(description="SHA-256 of its files.")]


class Jurisdictions(_Closed):
    """Whose rules are at hand."""

    jurisdictions: Annotated[list[JurisdictionEntry], Field(description="Jurisdictions by id.")]


class RuleValue(_Closed):
    """A value of the rules."""

    topic: Annotated[str, Field(description="What the rule is about.")]
    name: Annotated[str, Field(description="Name of the value.")]
    value: Annotated[
        int | str | bool | list[Any] | dict[str, Any] | None, Field(description="The value in force today.")
    ]
    citation: Annotated[Citation, Field(description="Where it is written.")]


class RulesInForce(_Closed):
    """Every value in force today."""

    services: Annotated[dict[str, list[RuleValue]], Field(description="Values by service.")]
    switches_known: Annotated[dict[str, str], Field(description="What each switch may be set to.")]
    tariffs: Annotated[list[str], Field(description="Names of the shipped tariffs.")]
    engine: Annotated[Provenance, Field(description="What the answer rests on.")]
