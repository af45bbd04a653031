"""Read a file of scenarios: a portfolio, the parameters as they are, and those of each scenario.

Input: a TOML file. Output: `Study`, every value checked, or a DataError that names file, line and key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from calc.errors import DataError, InputError
from calc.rules.document import Document, Place, described
from calc.rules.resolve import Rules, load_rules
from calc.units import MICROS, PPM, parse_scaled
from calc.whatif.changed_terms import TERMS, changed_tariff

_TOP: Final = (
    "title", "participants", "as_of", "program", "fewest_households", "income_bands_percent", "base", "scenario",
)  # fmt: skip
_PARAMETERS: Final = (
    "tariff", "switches", *TERMS, "bills_percent", "incomes_percent", "basis", "residential_fee",
)  # fmt: skip
BASES: Final = ("kept", "new")
"""Whether a changed bill is tested against the basis, as during a year, or is the basis of a new year."""
FEWEST: Final = 15
"""Households below which a figure is left out, unless the file says otherwise."""
BANDS: Final = (50, 100, 150, 200)
"""Upper ends of the income bands in percent of the federal poverty guideline, unless the file says otherwise."""
_BANDS_MAX: Final = 20
_SCENARIOS_MAX: Final = 20


class Scenario(NamedTuple):
    """Hold the parameters of one scenario.

    Attributes:
        name: Its name.
        rules: Rules with its switches and tariff.
        changes: What the file says of it, for the output.
        bills_ppm: What bills are multiplied by, ppm.
        incomes_ppm: What incomes are multiplied by, ppm.
        basis: One of BASES.
        residential_fee_cents: Monthly fee of residential customers; None: the program file's.
    """

    name: str
    rules: Rules
    changes: Mapping[str, Any]
    bills_ppm: int = PPM
    incomes_ppm: int = PPM
    basis: str = BASES[0]
    residential_fee_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """Hold a file of scenarios.

    Attributes:
        title: Its title.
        participants: The portfolio: a file, a folder or a glob.
        as_of: Day whose rules and guidelines apply.
        program: The program's file, for fees; None: no fees are worked out.
        fewest_households: Households below which a figure is left out; 0: none is.
        bands: Upper ends of the income bands, percent of the federal poverty guideline.
        scenarios: The parameters as they are, then each scenario.
    """

    title: str
    participants: str
    as_of: date
    program: Path | None
    fewest_households: int
    bands: tuple[int, ...]
    scenarios: tuple[Scenario, ...]


def load_study(path: Path, *, participants: str | None = None, as_of: date | None = None) -> Study:
    """Load a file of scenarios; paths in it are from its own folder on.

    Args:
        path: The TOML file.
        participants: In place of the file's.
        as_of: In place of the file's.

    Raises:
        InputError: The file cannot be read.
        DataError: It breaks its format, or a parameter lies outside the rule's band.
        UsageError: A tariff or switch is unknown.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is no text in UTF-8") from error
    document = Document.parse(str(path), text)
    top = document.content
    document.refuse_others(top, Place(), _TOP)
    day = as_of or document.take(top, Place(key="as_of"), date)
    reader = _Reader(document, day, path.parent)
    tables = top.get("scenario")
    if not isinstance(tables, list) or not 0 < len(tables) <= _SCENARIOS_MAX:
        raise document.error(Place("scenario"), f"expected 1 through {_SCENARIOS_MAX} tables [[scenario]]")
    base = reader.scenario(top.get("base", {}), Place("base"), None)
    found = [base, *(reader.scenario(each, Place("scenario", place), base) for place, each in enumerate(tables))]
    names = [each.name for each in found]
    if len(set(names)) < len(names):
        raise document.error(
            Place("scenario", len(tables) - 1, "name"), "occurs twice; give each scenario its own name"
        )
    named = participants or str(path.parent / document.take(top, Place(key="participants"), str))
    program = path.parent / document.take(top, Place(key="program"), str) if "program" in top else None
    return Study(
        title=document.take(top, Place(key="title"), str),
        participants=named,
        as_of=day,
        program=program,
        fewest_households=reader.whole("fewest_households", FEWEST, (0, 10_000)),
        bands=reader.bands(),
        scenarios=tuple(found),
    )


class _Reader(NamedTuple):
    """Reads the tables of a file."""

    document: Document
    as_of: date
    folder: Path

    def scenario(self, table: object, place: Place, base: Scenario | None) -> Scenario:
        """Read a table of parameters; what it leaves out is as it is."""
        if not isinstance(table, dict):
            raise self.document.error(place, f"{described(table)}; expected a table")
        name = "as it is" if base is None else self.document.take(table, _at(place, "name"), str)
        self.document.refuse_others(table, place, _PARAMETERS if base is None else ("name", *_PARAMETERS))
        given = {key: value for key, value in table.items() if key != "name"}
        start = base or Scenario(name, load_rules(self.as_of), {})
        rules = self.rules(given, place, start)
        basis = given.get("basis", start.basis)
        if basis not in BASES:
            raise self.document.error(_at(place, "basis"), f"{described(basis)}; expected one of {', '.join(BASES)}")
        fee = start.residential_fee_cents
        if "residential_fee" in given:
            fee = self.number(given, _at(place, "residential_fee"), 2, (0, 100 * 100))
        return Scenario(
            name,
            rules,
            _plain(given),
            self.factor(given, _at(place, "bills_percent"), start.bills_ppm),
            self.factor(given, _at(place, "incomes_percent"), start.incomes_ppm),
            basis,
            fee,
        )

    def rules(self, given: Mapping[str, Any], place: Place, start: Scenario) -> Rules:
        rules = start.rules
        if "tariff" in given or "switches" in given:
            switches = given.get("switches", {})
            if not isinstance(switches, dict):
                raise self.document.error(_at(place, "switches"), "expected a table { SWITCH = VALUE }")
            said = {name: _switch(value) for name, value in switches.items()}
            tariff = str(given.get("tariff", rules.tariff.name))
            named = str(self.folder / tariff) if tariff.endswith(".toml") else tariff
            rules = load_rules(self.as_of, switches={**rules.switches, **said}, tariff=named)
        own = {key: value for key, value in given.items() if key in TERMS}

        def fault(key: str, complaint: str) -> DataError:
            return self.document.error(_at(place, key), complaint)

        return changed_tariff(rules, own, fault)

    def number(self, table: Mapping[str, Any], place: Place, decimals: int, band: tuple[int, int]) -> int:
        """Read a decimal number exactly, times 10**decimals."""
        value = table.get(place.key)
        lowest, highest = (Decimal(each) / 10**decimals for each in band)
        expected = f"{described(value)}; expected a number from {lowest} through {highest}, {decimals} decimals at most"
        if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
            raise self.document.error(place, expected)
        try:
            found = parse_scaled(value if isinstance(value, str) else f"{Decimal(value):f}", decimals, "it")
        except ValueError:
            raise self.document.error(place, expected) from None
        if not band[0] <= found <= band[1]:
            raise self.document.error(place, expected)
        return found

    def factor(self, table: Mapping[str, Any], place: Place, usual: int) -> int:
        """Return one and a change in percent, in ppm."""
        return PPM + self.number(table, place, 4, (-PPM, 10 * MICROS)) if place.key in table else usual

    def whole(self, key: str, usual: int, band: tuple[int, int]) -> int:
        value = self.document.content.get(key, usual)
        if type(value) is not int or not band[0] <= value <= band[1]:
            expected = f"{described(value)}; expected a whole number from {band[0]} through {band[1]}"
            raise self.document.error(Place(key=key), expected)
        return value

    def bands(self) -> tuple[int, ...]:
        value = self.document.content.get("income_bands_percent", list(BANDS))
        rising = isinstance(value, list) and all(type(each) is int and 0 < each <= 10_000 for each in value)
        if not rising or not value or len(value) > _BANDS_MAX or sorted(set(value)) != value:
            expected = f"{described(value)}; expected rising whole percentages of the poverty guideline"
            raise self.document.error(Place(key="income_bands_percent"), expected)
        return tuple(value)


def _at(place: Place, key: str) -> Place:
    return Place(place.table, place.index, key)


def _switch(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(value: Any) -> Any:  # noqa: ANN401 - TOML
    """Return what was typed as JSON has it, decimal numbers as text."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return f"{value:f}" if isinstance(value, Decimal) else value
