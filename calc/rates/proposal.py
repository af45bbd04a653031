"""Build the register entries by which one person proposes a year's rate and another approves it.

Input: the months in use, the rules, a year, names and dates. Output: the content of a proposal (the twelve months and
what the rule makes of them) and of an approval, which makes the proposed rate a published one.
`record_proposal` and `record_approval` write them into the register, one writer at a time.
"""

import unicodedata
from dataclasses import asdict
from datetime import date
from fractions import Fraction
from typing import Any, Final

import numpy as np

from calc.errors import PublishRefusedError, UsageError
from calc.rates.computing.annual import AnnualRateResult, compute_chain, require_window
from calc.rates.computing.table import RateTable, load_rate_table
from calc.rates.fred.snapshot import current_series
from calc.rates.register.entries import APPROVAL, PROPOSAL, Entry, Register, append, load_register
from calc.rates.register.published import shipped_published
from calc.rates.userfolder import one_writer
from calc.rules.resolve import Rules, load_rules
from calc.units import PPM_PER_BP, format_fraction, format_percent, to_date

_NAME_MAX: Final = 100


def figures(result: AnnualRateResult) -> dict[str, Any]:
    """Return what the rule makes of a year's months, as JSON values.

    Exact figures are text "n/d" in lowest terms; `difference_bp` is an integer if it is whole.
    """
    return {
        "months": [
            {"month": month, "rate_percent": format_percent((rate_bp or 0) * PPM_PER_BP), "status": status}
            for month, rate_bp, status in result.months
        ],
        "sum_percent": format_percent(result.sum_bp * PPM_PER_BP),
        "average_exact": format_fraction(result.average_exact),
        "average_percent": format_percent(result.average_ppm),
        "existing_percent": None if result.existing_ppm is None else format_percent(result.existing_ppm),
        "difference_bp": _whole(result.difference_bp),
        "decision": result.decision,
        "computed_percent": format_percent(result.computed_ppm),
    }


def doubt(result: AnnualRateResult) -> str:
    """Say why a computed rate is provisional; empty if it is not."""
    derived = [month.month for month in result.months if month.status == "derived"]
    if derived:
        return f"{', '.join(derived)} are derived from daily figures, not yet published"
    return "the existing rate rests on derived months" if result.provisional else ""


def propose(register: Register, year: int, rules: Rules, *, by: str, on: date) -> dict[str, Any]:
    """Build the content of a proposal: the year's rate by the rule, whatever is published for it.

    Args:
        register: The register as it is.
        year: The year.
        rules: The rules in force.
        by: Name of the person who proposes.
        on: Date of the proposal.

    Returns:
        The entry's content, as JSON values.

    Raises:
        RatesMissingError: The year's window lacks a month.
        UsageError: The name cannot be recorded.
    """
    series = current_series()
    result = _by_rule(register, year, rules)
    return {
        "year": year,
        "by": _name(by),
        "on": on.isoformat(),
        "rate_percent": format_percent(result.computed_ppm),
        "doubt": doubt(result),
        "figures": figures(result),
        "rule": asdict(rules.electric.annual_rate),
        "provenance": {
            "series": series.provenance,
            "series_sha256": series.checksum,
            "rules_sha256": rules.checksum,
            "register_sha256": register.checksum,
        },
    }


def approve(
    register: Register, year: int, rules: Rules, *, by: str, on: date, effective_from: date, restate: bool
) -> dict[str, Any]:
    """Build the content of an approval of the year's waiting proposal.

    Args:
        register: The register as it is.
        year: The year.
        rules: The rules in force.
        by: Name of the person who approves; not the proposer.
        on: Date of the approval.
        effective_from: Date from which the rate is in force, within the year.
        restate: Allow the rate of days through `on` to change.

    Returns:
        The entry's content, as JSON values.

    Raises:
        UsageError: No proposal waits, the name is the proposer's, the date is before the proposal, or the effective
            date is in another year.
        PublishRefusedError: The figures are no longer the proposed ones; or the rate of a day through `on` would change
            and `restate` is not set.
    """
    proposal = waiting(register, year)
    proposed = proposal.content
    if _name(by).casefold() == proposed["by"].casefold():
        raise UsageError(f"{proposed['by']} proposed the rate of {year}; another person approves it")
    if on < date.fromisoformat(proposed["on"]):
        raise UsageError(f"the rate of {year} was proposed on {proposed['on']}; it cannot be approved before")
    if effective_from.year != year:
        raise UsageError(f"the rate of {year} cannot be effective from {effective_from}; give a day of {year}")
    if figures(_by_rule(register, year, rules)) != proposed["figures"]:
        raise PublishRefusedError(
            f"the months or the existing rate of {year} are no longer those of the proposal; propose it again"
        )
    content = approval(proposal, by=by, on=on, effective_from=effective_from)
    rule = rules.electric.annual_rate
    before = load_rate_table(rule, register=register)
    after = load_rate_table(rule, register=register.with_entry(APPROVAL, content))
    restated = first_change(before, after)
    if restated is not None and restated <= on and not restate:
        raise PublishRefusedError(
            f"this changes the rate of past days, from {restated} on: see puccalc rates impact --year {year}, then add "
            "--restate"
        )
    return content


def record_proposal(year: int, *, by: str, on: date) -> Register:
    """Put the proposal of a year's rate into the register.

    Args:
        year: The year.
        by: Name of the person who proposes.
        on: Date of the proposal.

    Returns:
        The register as it is then, the proposal as its last entry.

    Raises:
        RatesMissingError, UsageError: As `propose`.
        DataError, OutputError, OutputLockedError: The register cannot be read or written.
    """
    with one_writer():
        register = load_register()
        content = propose(register, year, load_rules(date(year, 1, 1)), by=by, on=on)
        register = register.with_entry(PROPOSAL, content)
        append(register)
    return register


def record_approval(year: int, *, by: str, on: date, effective_from: date, restate: bool) -> Register:
    """Put the approval of a year's waiting proposal into the register.

    Args:
        year: The year.
        by: Name of the person who approves; not the proposer.
        on: Date of the approval.
        effective_from: Date from which the rate is in force, within the year.
        restate: Allow the rate of days through `on` to change.

    Returns:
        The register as it is then, the approval as its last entry.

    Raises:
        UsageError, PublishRefusedError: As `approve`.
        DataError, OutputError, OutputLockedError: The register cannot be read or written.
    """
    with one_writer():
        register = load_register()
        content = approve(
            register, year, load_rules(date(year, 1, 1)), by=by, on=on, effective_from=effective_from, restate=restate
        )
        register = register.with_entry(APPROVAL, content)
        append(register)
    return register


def waiting(register: Register, year: int) -> Entry:
    """Return the year's proposal that waits for an approval; raise UsageError if there is none."""
    proposal = register.pending(year)
    if proposal is None:
        raise UsageError(f"no proposal for {year} waits: puccalc rates propose --year {year} --by NAME")
    return proposal


def approval(proposal: Entry, *, by: str, on: date, effective_from: date) -> dict[str, Any]:
    """Build the content of an approval without checking it."""
    proposed = proposal.content
    return {
        "year": proposed["year"],
        "proposal": proposal.number,
        "proposal_sha256": proposal.sha256,
        "proposed_by": proposed["by"],
        "by": _name(by),
        "on": on.isoformat(),
        "rate_percent": proposed["rate_percent"],
        "effective_from": effective_from.isoformat(),
        "note": f"approved although {proposed['doubt']}" if proposed["doubt"] else "",
    }


def first_change(before: RateTable, after: RateTable) -> date | None:
    """Return the first date on which two tables have different rates; None if they have the same."""
    first, last = min(before.first_day, after.first_day), max(before.end_day, after.end_day)
    changed = np.flatnonzero(before.rate_ppm_by_day(first, last) != after.rate_ppm_by_day(first, last))
    return to_date(first + int(changed[0])) if changed.size else None


def _by_rule(register: Register, year: int, rules: Rules) -> AnnualRateResult:
    series = current_series()
    require_window(series, year)
    return compute_chain(series, rules.electric.annual_rate, register.with_letters(shipped_published()))[year]


def _name(text: str) -> str:
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    if not name or len(name) > _NAME_MAX or not name.isprintable():
        raise UsageError(f"--by: give a person's name, at most {_NAME_MAX} characters")
    return name


def _whole(value: Fraction | None) -> int | str | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else format_fraction(value)
