"""The worksheet of a year's deposit rate, rules 3403(o)(II) and 4403(o)(II): one set of steps for every renderer.

Input: a year and the switches; months, published rates and register in use. Output: a `Worksheet` with the figures, the
steps that lead to them, the rule's words, what it was made with, and a hash over all that it states. Text, page, letter
(`.render`) and charts (`.charts`) are made from it alone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final, Literal

from calc.datafiles import sha256_hex
from calc.errors import RatesMissingError
from calc.rates.computing.annual import AnnualRateResult, compute_chain, require_window, window
from calc.rates.computing.table import FIRST_YEAR, RateRow, RateTable, load_rate_table
from calc.rates.filing_dates import DateToKeep, dates_to_keep
from calc.rates.fred.series import MonthlyRate, MonthlySeries
from calc.rates.fred.snapshot import current_series
from calc.rates.proposal import doubt
from calc.rates.register.entries import APPROVAL, Entry, Register, load_register
from calc.rates.register.published import PublishedRate, shipped_published
from calc.report.explaining.step import Law, Parameter, Passage, Step, as_dicts
from calc.report.letter.worksheet_statement import statement_of
from calc.report.letter.worksheet_steps import steps_of, steps_so_far
from calc.rules.resolve import Rules, load_rules
from calc.rules.schema import SERVICES
from calc.units import to_day

Standing = Literal["published", "computed", "provisional", "incomplete"]
_ENGINE: Final = ("puccalc", "typst", "altair", "vl-convert-python")
"""What decides the bytes of a letter, and the first of them its figures; text needs no other."""
PROVISIONAL_MARK: Final = "PROVISIONAL - not for issue"


@dataclass(frozen=True)
class Worksheet:
    """Hold one year's figures and what they rest on.

    Attributes:
        result: None while months of the window are missing; then there is no rate and no decision.
        existing: Row of the rate table in force on December 31 before; None if there is none.
        history: Every year from 1990 through this one that has a rate.
        rates: The table of the same years.
        register: The year's own entries.
        made_with: Versions and checksums by name; not part of what the hash covers.
    """

    year: int
    rules: Rules
    months: tuple[MonthlyRate, ...]
    result: AnnualRateResult | None
    existing: RateRow | None
    history: tuple[AnnualRateResult, ...]
    rates: RateTable
    register: tuple[Entry, ...]
    made_with: Mapping[str, str]

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the months (YYYY-MM) of the window that are missing."""
        return tuple(month.month for month in self.months if month.rate_bp is None)

    @property
    def derived(self) -> tuple[str, ...]:
        """Return the months of the window whose figure is derived from daily ones, not yet published."""
        return tuple(month.month for month in self.months if month.status == "derived")

    @property
    def existing_ppm(self) -> int | None:
        """Return the rate in force on December 31 before; None if there was none or it is not known yet."""
        if self.result:
            return self.result.existing_ppm
        return self.existing.rate_ppm if self.existing else None

    @property
    def average_ppm(self) -> int | None:
        """Return the rounded average of the twelve months; None while months are missing."""
        return self.result.average_ppm if self.result else None

    @property
    def standing(self) -> Standing:
        """Tell where the year's rate comes from, or that there is none yet."""
        return self.result.source if self.result else "incomplete"

    @property
    def mark(self) -> str:
        """Return the text for every page of a worksheet that is not for issue; empty otherwise."""
        return PROVISIONAL_MARK if self.standing in {"provisional", "incomplete"} else ""

    @property
    def provisional_because(self) -> str:
        """Say why the worksheet is not for issue; empty if it is."""
        if self.result is None:
            return f"{', '.join(self.missing)} are missing"
        return doubt(self.result) if self.standing == "provisional" else ""

    @property
    def letter(self) -> PublishedRate | None:
        """Return the Commission's own letter on the year, if there is one."""
        return next((row for row in shipped_published() if row.of_year and row.effective_from.year == self.year), None)

    @property
    def note(self) -> str:
        """Say what to note about the Commission's rate, above all if the computed one differs."""
        return self.result.note if self.result else ""

    @property
    def proposal(self) -> Entry | None:
        """Return the year's last proposal, unless it is approved."""
        return self.register[-1] if self.register and self.register[-1].kind != APPROVAL else None

    @property
    def approval(self) -> Entry | None:
        """Return the year's last approval."""
        return next((entry for entry in reversed(self.register) if entry.kind == APPROVAL), None)

    @cached_property
    def parameters(self) -> tuple[tuple[str, Parameter], ...]:
        """Return every value of the rule with its citation, by service, electric first."""
        names = type(self.rules.electric.annual_rate).__slots__
        return tuple(
            (service, parameter) for service in SERVICES for parameter in Law(self.rules, service).parameters(*names)
        )

    @property
    def readings(self) -> tuple[Parameter, ...]:
        """Return the values that the text leaves open, or that a switch set."""
        own = (each for service, each in self.parameters if service == "electric")
        return tuple(each for each in own if each.citation.reading == "open" or each.set_by == "switch")

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Return the paragraphs that the rate rests on, in full, electric and gas."""
        return tuple(
            passage for service in SERVICES for passage in Law(self.rules, service).passages("threshold_bp", "(o)(II)")
        )

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Return the steps, in order; raise PuccalcError if they do not lead to the figures."""
        law = Law(self.rules, "electric")
        if self.result is None:
            return steps_so_far(self.year, self.months, self.existing, law)
        return steps_of(self.result, self.existing, law, self.passages)

    @property
    def dates(self) -> tuple[DateToKeep, ...]:
        """Return the dates to keep before a new rate; none if the rate does not change."""
        result = self.result
        if result is None or result.rate_ppm == result.existing_ppm:
            return ()
        return dates_to_keep(result.effective_from)

    @cached_property
    def statement(self) -> dict[str, Any]:
        """Return all that the worksheet states, as JSON values: what the hash covers."""
        return statement_of(self)

    @cached_property
    def sha256(self) -> str:
        """Return the SHA-256 of the statement as JSON with sorted keys; it identifies the worksheet."""
        return sha256_hex(json.dumps(self.statement, sort_keys=True, separators=(",", ":")).encode())

    @property
    def verify_line(self) -> str:
        """Return the command that computes the worksheet again and compares its hash."""
        switches = "".join(f" --set {name}={value}" for name, value in self.rules.switches.items())
        return f"puccalc rates verify {self.sha256} --year {self.year}{switches}"


def worksheet(
    year: int, *, switches: Mapping[str, str] | None = None, register: Register | None = None
) -> Worksheet:  # fmt: skip
    """Make the worksheet of a year.

    Args:
        year: A year from 1990 on, whether its months are all known or not.
        switches: Switches, as text by name.
        register: Register of approved rates; by default as it is now.

    Returns:
        The worksheet.
    """
    rules = load_rules(date(year, 1, 1), switches=switches)
    rule, series = rules.electric.annual_rate, current_series()
    register = load_register() if register is None else register
    chain = compute_chain(series, rule, register.with_letters(shipped_published()))
    table = load_rate_table(rule, series=series, register=register)
    rows = tuple(row for row in table.rows if row.effective_from.year <= year)
    end_date = min(table.end_date, date(year + 1, 1, 1))
    before = table.segments(to_day(date(year - 1, 12, 31)), to_day(date(year, 1, 1)))
    return Worksheet(
        year=year,
        rules=rules,
        months=window(series, year),
        result=chain.get(year),
        existing=before[0][2] if before else None,
        history=tuple(chain[each] for each in range(FIRST_YEAR, year + 1) if each in chain),
        rates=RateTable(rows, end_date, table.basis),
        register=tuple(entry for entry in register.entries if entry.content["year"] == year),
        made_with=_made_with(series, rules, year),
    )


def complete_worksheet(year: int, *, switches: Mapping[str, str] | None = None) -> Worksheet:
    """Make the worksheet of a year that has a rate; otherwise raise RatesMissingError, naming the missing months."""
    found = worksheet(year, switches=switches)
    if found.result is None:
        require_window(current_series(), year)
        raise RatesMissingError(f"no rate for {year}")
    return found


def as_data(worksheet: Worksheet) -> dict[str, Any]:
    """Convert the worksheet to JSON values: statement, steps, what it was made with, its hash and how to verify it."""
    return {
        **worksheet.statement,
        "steps": as_dicts(worksheet.steps),
        "made_with": dict(worksheet.made_with),
        "sha256": worksheet.sha256,
        "verify": worksheet.verify_line,
    }


def _with_version(package: str) -> str:
    """Name and version of a package; empty where it is not installed."""
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return ""


def _made_with(series: MonthlySeries, rules: Rules, year: int) -> dict[str, str]:
    own = {month.month for month in window(series, year)}
    known_on = max([date(year - 1, 10, 1), *(day for month, day in series.vintages if month in own)])
    return {
        "engine": ", ".join(filter(None, map(_with_version, _ENGINE))),
        "series": series.provenance,
        "series_known_on": known_on.isoformat(),
        "series_sha256": series.checksum,
        "rules": f"{rules.jurisdiction} on {rules.on}",
        "rules_sha256": rules.checksum,
    }
