"""Serve the rules page: every value in force with its text, the tariffs, and versions of all data in use."""

from collections.abc import Iterable, Iterator
from dataclasses import fields as fields_of
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from fastapi import FastAPI, Request
from starlette.responses import Response

from api.answering import law, topics
from api.http.access import may_use
from api.pages import cache
from api.pages.rendering import page
from calc import datafiles
from calc.rates.fred.snapshot import current_series
from calc.rates.register.entries import load_register
from calc.rules.citation import Citation
from calc.rules.jurisdictions import COLORADO
from calc.rules.resolve import Rules
from calc.rules.schema import SWITCHES, TOPICS
from calc.rules.tariff_schema import Tariff

_TITLES = {
    "annual_rate": "The yearly deposit rate",
    "deposit_interest": "Interest on deposits",
    "deposit_limit": "Deposit limit",
    "unclaimed": "Unclaimed monies",
    "fixed_credit": "Bill affordability credit",
    "arrearage": "Arrearage credits",
    "participant_year": "Grants during a participant's year",
    "discontinuance": "Discontinuance of service",
    "restoration": "Restoration of service",
    "contributions": "Contributions to energy assistance",
    "program": "The affordability program's books",
    "plans": "Installment plans and budget billing",
}


class RuleValue(NamedTuple):
    """Describe a value in force and its source; one entry for both services where they share it.

    Attributes:
        name: Name of the rule's field.
        value: Its value.
        citations: Where it stands, electric first.
        is_switch: Whether a request may set it.
    """

    name: str
    value: Any
    citations: tuple[Citation, ...]
    is_switch: bool


def add(app: FastAPI) -> None:
    """Add the page."""

    def rules(request: Request) -> Response:
        in_force = law.rules_on(topics.today(), "default", ())
        table, register, tariffs = cache.rates(), load_register(), _tariffs(request)
        context: dict[str, Any] = {
            "on": in_force.on,
            "topics": [(_TITLES[topic], list(_values(in_force, topic))) for topic in TOPICS],
            "tariffs": tariffs,
            "in_use": {
                "Rules": in_force.checksum,
                "Rates": table.checksum,
                "Treasury months": current_series().checksum,
                "Register of approvals": register.checksum or "no entry",
            },
            "months": current_series().provenance,
            "files": {
                name: checksum
                for name, checksum in datafiles.recorded_checksums().items()
                if _may_be_named(PurePosixPath(name), tariffs)
            },
        }
        return page(request, "rules.html", **context)

    app.add_api_route("/rules", rules, include_in_schema=False)


def _values(rules: Rules, topic: str) -> Iterator[RuleValue]:
    """Yield a topic's values, electric first; an equal value for gas adds its citation to the same entry."""
    for field in fields_of(TOPICS[topic]):
        found: list[tuple[Any, list[Citation]]] = []
        for own in (rules.electric, rules.gas):
            citation = own.citations.get(field.name)
            value = getattr(getattr(own, topic), field.name)
            if citation is None:
                continue
            same = next((cited for known, cited in found if known == value), None)
            if same is None:
                found.append((value, [citation]))
            else:
                same.append(citation)
        for value, citations in found:
            yield RuleValue(field.name, value, tuple(citations), field.name in SWITCHES)


def _tariffs(request: Request) -> list[Tariff]:
    return [law.rules_on(topics.today(), name, ()).tariff for name in sorted(law.tariffs()) if may_use(request, name)]


def _may_be_named(file: PurePosixPath, tariffs: Iterable[Tariff]) -> bool:
    """Return whether a data file is no tariff's, or belongs to one of these."""
    match file.parts[0]:
        case "tariffs":
            return file.parts[1] == COLORADO and file.stem in {tariff.name for tariff in tariffs}
        case "rate_schedules":
            return file.stem in {PurePosixPath(tariff.rate_schedules_file).stem for tariff in tariffs}
    return True
