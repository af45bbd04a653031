"""Serve `GET /v1/rates`, `/v1/rates/{year}`, `/v1/rules` and `/v1/jurisdictions`: what results are based on."""

from dataclasses import fields as fields_of
from datetime import date
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from starlette.responses import Response

from api.answering import law
from api.answering.topics import today
from api.http.access import may_use
from api.http.problems import Item, Problem
from api.models.reference import Jurisdictions, Rates, RulesInForce, YearRate
from api.models.year import Year
from api.routes.replies import json_reply, refusals
from calc.errors import NoRuleError, RatesMissingError
from calc.rates.computing.annual import rate_of_year
from calc.rates.computing.table import RateTable
from calc.rates.proposal import figures
from calc.rates.ruled.figures import figures as ruled_figures
from calc.rates.ruled.listing import listing
from calc.rates.ruled.periods import rate_of_period
from calc.report.explaining.provenance import provenance
from calc.report.explaining.step import citation_dict
from calc.rules.fields import fields
from calc.rules.jurisdictions import COLORADO
from calc.rules.resolve import Rules
from calc.rules.schema import SERVICES, SWITCHES, TOPICS
from calc.units import format_percent

Jurisdiction = Annotated[
    str, Query(max_length=64, pattern=r"^[a-z0-9-]+$", description="Whose rates: an id of /v1/jurisdictions.")
]


def add(app: FastAPI) -> None:
    """Add the routes."""

    @app.get(
        "/v1/rates", tags=["reference"], summary="The rates in force by effective date",
        responses={200: {"model": Rates}, **refusals(422)},
    )  # fmt: skip
    def rates(jurisdiction: Jurisdiction = COLORADO) -> Response:
        """Published rates, and those that the rule gives where none was published."""
        rules, table = _in_use(_known(jurisdiction))
        found = [
            {
                "effective_from": row.effective_from.isoformat(),
                "rate_ppm": row.rate_ppm,
                "rate_percent": format_percent(row.rate_ppm),
                "source": row.source,
                "known_on": row.known_on.isoformat(),
                "note": row.note,
                "provenance": row.provenance,
            }
            for row in table.rows
        ]
        return json_reply(
            {
                "rates": found,
                "end_date": table.end_date.isoformat(),
                "sha256": table.checksum,
                **_rests_on(rules, table),
            }
        )

    @app.get(
        "/v1/rates/{year}",
        tags=["reference"],
        summary="How a year's rate comes about",
        responses={200: {"model": YearRate}, **refusals(404, 422)},
    )
    def rate(year: Year, jurisdiction: Jurisdiction = COLORADO) -> Response:
        """The months of the window, their average, the test against the rate before, and the decision."""
        if _known(jurisdiction) != COLORADO:
            return json_reply(_ruled(jurisdiction, year))
        _, table = _in_use()
        rules = law.rules_on(date(year, 1, 1), "default", ())
        try:
            found = rate_of_year(year, rules.electric.annual_rate)
        except RatesMissingError as error:
            items = [Item("", "no_rate_in_force", f"the window lacks {', '.join(error.missing_months)}")]
            raise Problem("not-found", items) from None
        return json_reply(
            {
                "year": year,
                **figures(found),
                "average_is": found.average_is,
                "rate_ppm": found.rate_ppm,
                "rate_percent": format_percent(found.rate_ppm),
                "effective_from": found.effective_from.isoformat(),
                "source": found.source,
                "note": found.note,
                **_rests_on(rules, table),
            }
        )

    @app.get(
        "/v1/jurisdictions",
        tags=["reference"],
        summary="Whose rules are at hand, and what each has rules for",
        operation_id="jurisdictions",
        responses={200: {"model": Jurisdictions}, **refusals()},
    )
    def jurisdictions() -> Response:
        """Ids for the field `jurisdiction`, with the days that have rates."""
        return json_reply({"jurisdictions": _listed()})

    @app.get(
        "/v1/rules", tags=["reference"], summary="Every value in force today, with its citation",
        responses={200: {"model": RulesInForce}, **refusals()},
    )  # fmt: skip
    def rules_in_force(request: Request) -> Response:
        """Values by service, the switches that may be set, and the shipped tariffs that the key may use."""
        rules, table = _in_use()
        return json_reply(
            {
                "services": {service: _values(rules, service) for service in SERVICES},
                "switches_known": {name: fields()[name].expected for name in SWITCHES},
                "tariffs": [name for name in sorted(law.tariffs()) if may_use(request, name)],
                **_rests_on(rules, table),
            }
        )


@law.cached(1)
def _listed() -> list[dict[str, Any]]:
    return listing()


def _in_use(jurisdiction: str = COLORADO) -> tuple[Rules, RateTable]:
    rules = law.rules_on(today(), "default", (), jurisdiction)
    try:
        return rules, law.rates_in(rules, "electric")
    except NoRuleError:
        raise _without_rule() from None
    except RatesMissingError:
        detail = "no rate of this jurisdiction is at hand: it is set by order"
        raise Problem("rates-missing", [Item("/jurisdiction", "no_rate_in_force", detail)]) from None


def _without_rule() -> Problem:
    """Return the problem of a jurisdiction that has no rule on rates of interest."""
    detail = "this jurisdiction has no rule for the rate of interest; /v1/jurisdictions shows what each has"
    return Problem("refused-by-rules", [Item("/jurisdiction", "no_rule", detail)])


def _known(jurisdiction: str) -> str:
    """Return a jurisdiction's id; raise Problem if there is none of that id."""
    if jurisdiction not in law.jurisdictions():
        detail = "there is no jurisdiction of this id; /v1/jurisdictions lists them"
        raise Problem("invalid-values", [Item("/jurisdiction", "unknown_value", detail)])
    return jurisdiction


def _ruled(jurisdiction: str, year: int) -> dict[str, Any]:
    """Return how a jurisdiction's rate of a year, or the rates of its quarters, come about."""
    try:
        found = rate_of_period(jurisdiction, year)
    except NoRuleError:
        raise _without_rule() from None
    except RatesMissingError as error:
        lacks = f"the window lacks {', '.join(error.missing_months)}" if error.missing_months else "it is set by order"
        raise Problem("not-found", [Item("", "no_rate_in_force", lacks)]) from None
    shown = [ruled_figures(jurisdiction, each) for each in found]
    return shown[0] if len(shown) == 1 else {"jurisdiction": jurisdiction, "year": year, "periods": shown}


def _rests_on(rules: Rules, table: RateTable) -> dict[str, Any]:
    return {"engine": provenance(rules, table, "shipped", provisional=False)["provenance"]}


def _values(rules: Rules, service: str) -> list[dict[str, Any]]:
    own = rules.service(service)
    return [
        {
            "topic": topic,
            "name": field.name,
            "value": getattr(getattr(own, topic), field.name),
            "citation": citation_dict(own.citations[field.name]),
        }
        for topic, parameters in TOPICS.items()
        for field in fields_of(parameters)
        if field.name in own.citations
    ]
