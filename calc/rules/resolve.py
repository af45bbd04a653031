"""The rules in force on a day: dated values, switches and a tariff -> the integer parameters that kernels take.

Comes in: a date, the switches as text, the tariff's name or path, the jurisdiction. Goes out: `Rules`, which every
calculator takes and every result names. The annual rates themselves are the business of `calc.rates`.
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
from calc.rules.fields import Value, fields
from calc.rules.load import load_topic
from calc.rules.schema import (
    ACCOUNT_CLASSES,
    TOPICS,
    AnnualRate,
    Arrearage,
    DepositInterest,
    DepositLimit,
    FixedCredit,
    Tariff,
    Unclaimed,
)
from calc.rules.switches import parse_switches
from calc.rules.tariff import FuelRule, load_tariff

SERVICES: Final = ("electric", "gas")
DEFAULT_DAY_ENDS: Final = "start_included_end_excluded"


@dataclass(frozen=True, slots=True)
class ServiceRules:
    """One service's parameters in force. `citations` has the citation of each field that the service's rule holds.

    A switch changes a parameter and leaves its citation, which then tells what the switch departs from.
    """

    annual_rate: AnnualRate
    deposit_interest: DepositInterest
    deposit_limit: DepositLimit
    unclaimed: Unclaimed
    fixed_credit: FixedCredit
    arrearage: Arrearage
    citations: Mapping[str, Citation]


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that the rules and the tariff say on a day. `switches` is what `--set` gave, as text.

    `checksum` is one SHA-256 over the jurisdiction's rule files and the authorities.
    """

    jurisdiction: str
    on: date
    electric: ServiceRules
    gas: ServiceRules
    tariff: Tariff
    switches: Mapping[str, str]
    checksum: str

    def service(self, name: str) -> ServiceRules:
        """Parameters of electric or gas; UsageError for another name."""
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
    """Rules in force on a day, with the switches set for both services and the tariff checked against the bands.

    UsageError for a day before the first value, an unknown jurisdiction, switch or tariff name; DataError for a file
    that is missing, altered or breaks its form.
    """
    given = tuple(sorted((switches or {}).items()))
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


@lru_cache(maxsize=512)
def _resolved(
    root: Path, jurisdiction: str, on: date, switches: tuple[tuple[str, str], ...]
) -> tuple[ServiceRules, ServiceRules, str]:
    """Both services' parameters and their data's checksum: the same for a data folder as long as the program runs."""
    known = sorted({name.split("/")[1] for name in datafiles.names("rules")})
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
        citations=citations,
    )


def _check_together(values: Mapping[str, Any], citations: Mapping[str, Citation], folder: str, on: date) -> None:
    """What no field can tell alone: the ends of each band in order, and day ends that 30E/360 can count."""
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
