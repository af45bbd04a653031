"""Resolve the rules in force on a date: dated values, switches and a tariff become integer parameters for the kernels.

Input: a date, the switches as text, the tariff's name or path, the jurisdiction. Output: `Rules`, which every
calculator takes and every result names. `calc.rates` computes the annual rates.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from calc import datafiles
from calc.errors import DataError, UsageError
from calc.rules.citation import Citation
from calc.rules.clause_rules import Clauses, has_services, load_clauses
from calc.rules.clause_tariff import NoRule
from calc.rules.fields import Value, fields
from calc.rules.income_plan import plan_parameters
from calc.rules.load import load_topic
from calc.rules.schema import (
    ACCOUNT_CLASSES,
    SERVICES,
    TOPICS,
    AnnualRate,
    Arrearage,
    Contributions,
    DepositInterest,
    DepositLimit,
    Discontinuance,
    FixedCredit,
    ParticipantYear,
    Plans,
    Program,
    Restoration,
    Unclaimed,
)
from calc.rules.switches import parse_switches
from calc.rules.tariff import FuelRule, load_tariff
from calc.rules.tariff_schema import Tariff

DEFAULT_DAY_ENDS: Final = "start_included_end_excluded"


@dataclass(frozen=True, slots=True)
class ServiceRules:
    """Hold one service's parameters in force, one dataclass per topic.

    `citations` has the citation of each field that the service's rule holds. A switch changes a parameter but not its
    citation, which then shows what the switch departs from.
    """

    annual_rate: AnnualRate
    deposit_interest: DepositInterest
    deposit_limit: DepositLimit
    unclaimed: Unclaimed
    fixed_credit: FixedCredit
    arrearage: Arrearage
    plans: Plans
    discontinuance: Discontinuance
    restoration: Restoration
    contributions: Contributions
    participant_year: ParticipantYear
    program: Program
    citations: Mapping[str, Citation]


@dataclass(frozen=True, slots=True)
class Rules:
    """Hold everything that the rules and the tariff say on a date.

    Attributes:
        jurisdiction: Folder of `data/rules/`.
        on: The date.
        electric: Parameters for electric service.
        gas: Parameters for gas service.
        tariff: The utility's choices.
        switches: What `--set` gave, as text by name.
        checksum: One SHA-256 over the jurisdiction's rule files and the authorities.
        clauses: The deposit clauses of a jurisdiction that has no folders by service; None for Colorado, whose
            calculators they do not concern.
    """

    jurisdiction: str
    on: date
    electric: ServiceRules
    gas: ServiceRules
    tariff: Tariff
    switches: Mapping[str, str]
    checksum: str
    clauses: Clauses | None = None

    def service(self, name: str) -> ServiceRules:
        """Return the parameters of one service.

        Args:
            name: "electric" or "gas".

        Returns:
            The service's parameters.

        Raises:
            UsageError: The name is neither.
        """
        if name not in SERVICES:
            raise UsageError(f"no service {name}; expected one of {', '.join(SERVICES)}")
        return self.electric if name == "electric" else self.gas


def load_rules(
    on: date,
    *,
    switches: Mapping[str, str] | None = None,
    tariff: str = "default",
    jurisdiction: str = "us-co",
) -> Rules:
    """Load the rules in force on a date.

    Args:
        on: The date.
        switches: Values by switch name, as text; they apply to both services.
        tariff: Name of a shipped tariff, or path of a .toml file; checked against the bands of both services.
        jurisdiction: Folder of `data/rules/`.

    Returns:
        The resolved parameters.

    Raises:
        UsageError: The date is before the first value; the jurisdiction, a switch or the tariff's name is unknown; a
            switch cannot hold its value; or the day count does not go with the day ends.
        DataError: A file is missing, was altered, or breaks its format, or the ends of a band are reversed.
    """
    given = tuple(sorted((switches or {}).items()))
    if jurisdiction in _known() and not has_services(jurisdiction):
        return _of_clauses(jurisdiction, on, dict(given), tariff)
    electric, gas, checksum = _resolved(datafiles.data_root(), jurisdiction, on, given)
    return Rules(
        jurisdiction=jurisdiction,
        on=on,
        electric=electric,
        gas=gas,
        tariff=load_tariff(
            tariff,
            jurisdiction=jurisdiction,
            electric=FuelRule.of(electric.fixed_credit, electric.arrearage, electric.citations),
            gas=FuelRule.of(gas.fixed_credit, gas.arrearage, gas.citations),
        ),
        switches=dict(given),
        checksum=checksum,
    )


def _known() -> list[str]:
    return sorted({name.split("/")[1] for name in datafiles.names("rules")})


def _of_clauses(jurisdiction: str, on: date, switches: Mapping[str, str], tariff: str) -> Rules:
    """Build the rules of a jurisdiction that has clauses: topics that it has no rule for refuse any use."""
    clauses, chosen = load_clauses(jurisdiction, on, switches, tariff)
    topics: dict[str, Any] = {topic: NoRule(jurisdiction, topic) for topic in TOPICS}
    own = clauses.interest
    if own is not None:
        topics["deposit_interest"] = DepositInterest(own.day_count, own.day_ends, own.rounding_mode, "posting")
    if clauses.plan is not None:
        topics.update(plan_parameters(clauses.plan))
    service = ServiceRules(**topics, citations=clauses.citations)
    checksum = datafiles.checksum((f"rules/{jurisdiction}/",))
    return Rules(jurisdiction, on, service, service, chosen, switches, checksum, clauses)


@lru_cache(maxsize=512)
def _resolved(
    root: Path, jurisdiction: str, on: date, switches: tuple[tuple[str, str], ...]
) -> tuple[ServiceRules, ServiceRules, str]:
    """Resolve both services' parameters and the data's checksum; cached, because the data do not change in a run."""
    known = _known()
    if jurisdiction not in known:
        raise UsageError(f"no jurisdiction {jurisdiction} in {root / 'rules'}; expected one of {', '.join(known)}")
    values = parse_switches(dict(switches))
    electric, gas = (_service(jurisdiction, service, on, values) for service in SERVICES)
    return electric, gas, datafiles.checksum((f"rules/{jurisdiction}/", "authorities/"))


def _service(jurisdiction: str, service: str, on: date, switches: Mapping[str, Value]) -> ServiceRules:
    values: dict[str, Any] = dict.fromkeys(fields())  # None for what the other service's rule holds
    citations = {}
    for topic in TOPICS:
        for name, dated in load_topic(jurisdiction, service, topic).items():
            in_force = [value for value in dated if value.citation.effective_from <= on]
            if not in_force:
                start = dated[0].citation.effective_from
                raise UsageError(
                    f"no {name} is in force on {on}: the rules of {jurisdiction} for {service} begin on {start}; "
                    "give a later date"
                )
            values[name], citations[name] = in_force[-1].value, in_force[-1].citation
    values.update(switches)
    _check_together(values, citations, f"rules/{jurisdiction}/{service}", on)

    def parameters(topic: str) -> dict[str, Any]:
        return {name: values[name] for name, field in fields().items() if field.topic == topic}

    return ServiceRules(
        annual_rate=AnnualRate(**parameters("annual_rate")),
        deposit_interest=DepositInterest(**parameters("deposit_interest")),
        deposit_limit=DepositLimit(**parameters("deposit_limit")),
        unclaimed=Unclaimed(**parameters("unclaimed")),
        fixed_credit=FixedCredit(**parameters("fixed_credit")),
        arrearage=Arrearage(**parameters("arrearage")),
        plans=Plans(**parameters("plans")),
        discontinuance=Discontinuance(**parameters("discontinuance")),
        restoration=Restoration(**parameters("restoration")),
        contributions=Contributions(**parameters("contributions")),
        participant_year=ParticipantYear(**parameters("participant_year")),
        program=Program(**parameters("program")),
        citations=citations,
    )


def _check_together(values: Mapping[str, Any], citations: Mapping[str, Citation], folder: str, on: date) -> None:
    """Check what no field shows alone: the ends of each band in order, and day ends that 30E/360 can count."""
    bands = [(f"{account}_lowest_ppm", f"{account}_highest_ppm") for account in ACCOUNT_CLASSES]
    for lowest, highest in [*bands, ("arrearage_months_min", "arrearage_months_max")]:
        if lowest in citations and values[lowest] > values[highest]:
            raise DataError(
                f"{folder}/{fields()[lowest].topic}.toml: on {on} {lowest} is {values[lowest]} and {highest} is "
                f"{values[highest]}; expected the first to be no greater than the second"
            )
    if values["day_count"] == "thirty_e_360" and values["day_ends"] != DEFAULT_DAY_ENDS:
        raise UsageError(
            f"day_count thirty_e_360 goes with day_ends {DEFAULT_DAY_ENDS} only, not with {values['day_ends']}"
        )
