"""Every switch through every door: it acts as the figure by hand says, or is refused with a reason, never ignored."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from api.answering import law
from calc.rates.fred.snapshot import MonthKnown, Snapshot, write_snapshot
from calc.rules.fields import fields
from calc.rules.resolve import load_rules
from calc.rules.schema import SWITCHES
from tests.cases.command import puccalc
from tests.cases.switch_cases import CASES, Case
from tests.cases.switch_doors import DOORS, Refused
from tests.rates.by_hand import twelve_of

NOT_CONCERNED = {
    "deposit-limit": "transactions are of deposits, and limits rest on bills",
    "fixed-credit": "transactions are of deposits, and credits rest on income and bills",
    "participant-year": "transactions are of deposits, and events of participants are none of Spark's datasets",
}
"""Why a door has no rows of a topic, though a switch of it exists."""
REFUSED: dict[tuple[str, str], str] = {}
"""(switch, door) -> why the door refuses what it cannot do."""
Cells = dict[tuple[str, str], dict[str, str]]


@pytest.fixture(scope="module")
def cells() -> Iterator[Cells]:
    """What was found of each switch and value at each door; the matrix is printed when all are through."""
    found: Cells = {}
    yield found
    lines = [f"{'switch':<42}" + "".join(f"{door:<13}" for door in DOORS)]
    for (switch, value), row in found.items():
        shown = [row.get(door, "not reached").partition(":")[0] for door in DOORS]
        lines.append(f"{switch}={value}".ljust(42) + "".join(f"{each:<13}" for each in shown))
    notes = {note for row in found.values() for note in row.values() if ":" in note}
    print("", *lines, *sorted(notes), sep="\n")  # noqa: T201 - the matrix is to be read


def months(sum_bp: int) -> None:
    """Put the twelve months of 2027's window into the user's folder."""
    days = [(2025, month) for month in (10, 11, 12)] + [(2026, month) for month in range(1, 10)]
    known = [
        MonthKnown(f"{year}-{month:02}", f"{bp // 100}.{bp % 100:02}", None)
        for (year, month), bp in zip(days, twelve_of(sum_bp), strict=True)
    ]
    write_snapshot(Snapshot(date(2026, 12, 2), tuple(known)), {}, [])


@pytest.fixture
def rates_of(request: pytest.FixtureRequest) -> Iterator[None]:
    """The months and the approved rate that the cases of a switch rest on."""
    case: Case = of(*request.node.callspec.params["switched"])[0]
    if case.approved_sum_bp:
        months(case.approved_sum_bp)
        for command, by in (("propose", "Ann Smith"), ("approve", "Bob Jones")):
            assert puccalc(["rates", command, "--year", "2027", "--by", by, "--on", "2026-11-20"]).code == 0
    if case.sum_bp:
        months(case.sum_bp)
    law.clear_caches()  # a service takes new rates at its start
    yield
    law.clear_caches()


def of(switch: str, value: str) -> list[Case]:
    return [case for case in CASES if (case.switch, case.value) == (switch, value)]


def others() -> Iterator[tuple[str, str]]:
    """Every other value of every switch; of a wide range of numbers those that a case has."""
    rules = load_rules(date(2026, 9, 30)).electric
    for name in SWITCHES:
        field = fields()[name]
        in_force = getattr(getattr(rules, field.topic), name)
        values: Any = field.words or (True, False)
        if field.bounds:
            lowest, highest = field.bounds
            values = (
                range(lowest, highest + 1)
                if highest < 10
                else [int(each.value) for each in CASES if each.switch == name]
            )
        for value in dict.fromkeys(values):
            if value != in_force:
                yield name, str(value).lower()


def plain(value: Any) -> Any:  # noqa: ANN401 - a figure
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.usefixtures("rates_of")
@pytest.mark.parametrize("switched", [*others()], ids="=".join)
def test_a_switch_acts_at_every_door(switched: tuple[str, str], cells: Cells) -> None:
    switch, value = switched
    cases = of(switch, value)
    assert cases, f"{switch}={value} has no case: give one in tests/cases/switch_cases.py with its figures by hand"
    row = cells.setdefault(switched, {})
    for name, door in DOORS.items():
        taken = [case for case in cases if case.topic in door.topics]
        if not taken:
            row[name] = f"-: {NOT_CONCERNED[cases[0].topic]}"
        for case in taken:
            assert plain(case.usual) != plain(case.other)
            assert plain(door.ask(case, {})) == plain(case.usual), (name, "by default", case)
            found = plain(door.ask(case, {switch: value}))
            if isinstance(found, Refused) and (switch, name) in REFUSED:
                row[name] = f"refused: {switch} at {name}: {REFUSED[switch, name]}"
                continue
            assert found == plain(case.other), (name, f"{switch}={value}", case)
            row[name] = "acts"
    assert row.keys() == DOORS.keys()


def test_every_switch_has_values_to_try() -> None:
    assert {name for name, _ in others()} == set(SWITCHES)
