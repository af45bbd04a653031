"""One row through a calculator and its working, as quotes do it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from calc.columns import fixed_credit, interest, unclaimed
from calc.columns.contract import DEPOSITS, INTEREST, PARTICIPANTS
from calc.rates.computing.table import RateTable, load_rate_table
from calc.report.explaining import fixed_credit as fixed_credit_report
from calc.report.explaining import interest as interest_report
from calc.report.explaining import unclaimed as unclaimed_report
from calc.report.explaining.row import filled
from calc.report.explaining.step import Law, Step
from calc.rules.guidelines import load_guidelines
from calc.rules.resolve import load_rules
from tests.columns.frames import as_frame

Switches = Mapping[str, str]
NONE: Switches = {}


class Worked(NamedTuple):
    """A row, its result, its steps; `again` makes the steps anew for another result."""

    row: dict[str, Any]
    result: dict[str, Any]
    steps: tuple[Step, ...]

    def step(self, label: str) -> Step:
        found = [step for step in self.steps if step.label == label]
        assert len(found) == 1, [step.label for step in self.steps]
        return found[0]

    def parts(self, label: str) -> list[Step]:
        return [step for step in self.steps if step.part and step.label == label]


def shipped() -> RateTable:
    return load_rate_table(load_rules(date(2026, 12, 31)).electric.annual_rate)


def law_on(on: date, service: str = "electric", tariff: str = "default", switches: Switches = NONE) -> Law:
    return Law(load_rules(on, switches=switches, tariff=tariff), service)


def interest_of(
    cents: int, received: date, through: date, switches: Switches = NONE, *, rates: RateTable | None = None
) -> Worked:
    law, table = law_on(date(2026, 12, 31), switches=switches), rates or shipped()
    row = {"principal_cents": cents, "received_date": received, "through_date": through}
    result = interest.evaluate(as_frame(INTEREST, row), rules=law.rules, rates=table).results.row(0, named=True)
    return Worked(row, result, interest_report.steps(row, result, law=law, rates=table))


def unclaimed_of(
    row: Mapping[str, Any], as_of: date, switches: Switches = NONE, *, rates: RateTable | None = None
) -> Worked:
    full = filled(DEPOSITS, {"deposit_id": "D", "account_id": "A", "service": "electric", **row})
    law, table = law_on(as_of, full["service"], switches=switches), rates or shipped()
    frame = as_frame(DEPOSITS, full)
    result = unclaimed.evaluate(frame, rules=law.rules, rates=table, as_of=as_of).results.row(0, named=True)
    return Worked(full, result, unclaimed_report.steps(full, result, law=law, rates=table, as_of=as_of))


PARTICIPANT = {
    "participant_id": "P",
    "account_id": "A",
    "service": "electric",
    "primary_heating": "electric",
    "regulated_gas": False,
    "household_income_cents": 18_000_00,
    "household_size": 3,
    "leap_qualified": False,
    "full_annual_bill_cents": 1_800_00,
}


def credit_of(
    as_of: date = date(2026, 10, 31),
    tariff: str = "default",
    switches: Switches = NONE,
    **values: Any,  # noqa: ANN401 - columns
) -> Worked:
    row = filled(PARTICIPANTS, {**PARTICIPANT, **values})
    law = law_on(as_of, row["service"], tariff, switches)
    evaluation = fixed_credit.evaluate(as_frame(PARTICIPANTS, row), rules=law.rules, as_of=as_of)
    result = evaluation.results.row(0, named=True)
    steps = fixed_credit_report.steps(row, result, law=law, as_of=as_of, guidelines=load_guidelines())
    return Worked(row, result, steps)
