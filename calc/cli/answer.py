"""Load rules and rates for a quote, word its refusals, and print its answer.

A quote's steps are built every time and must lead to the calculator's figures; `--explain` prints them. A refusal names
the option and never repeats the value: it may be a household's income.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from calc.cli import terminal
from calc.cli.options import message, print_json, run_uncompiled
from calc.columns import allowed
from calc.errors import REASON_TEXTS, RatesMissingError, Reason, RowError, UsageError, reason_codes
from calc.rates.computing import table as rate_table
from calc.rates.ruled import in_force
from calc.report.explaining import accrual, quote, readings, step
from calc.report.explaining import provenance as report_provenance
from calc.report.explaining import text as report_text
from calc.rules import resolve
from calc.units import format_percent

if TYPE_CHECKING:
    from calc.rates.computing.table import RateTable
    from calc.report.explaining.quote import Outcome
    from calc.report.explaining.readings import OtherReading
    from calc.report.explaining.step import Law, Step
    from calc.topics.topic import Names, Question, Topic

FIRST_RULES: Final = date(1990, 1, 1)
"""Quotes of earlier dates use the earliest rules that there are."""


def load_law(on: date, service: str, tariff: str, switches: Mapping[str, str], jurisdiction: str = "us-co") -> "Law":
    """Return the rules of a service on a date; from here on kernels run as Python, which for one row is faster.

    Args:
        on: The date.
        service: "electric" or "gas".
        tariff: A shipped tariff's name, or a file.
        switches: Values of switches by name.
        jurisdiction: Whose rules.

    Raises:
        UsageError: A switch, the tariff or the jurisdiction is unknown, or a switch cannot have the value.
        InputError: The tariff's file cannot be read.
    """
    run_uncompiled()
    rules = resolve.load_rules(max(on, FIRST_RULES), switches=switches, tariff=tariff, jurisdiction=jurisdiction)
    return step.Law(rules, service)


def load_rates(law: "Law", rate_ppm: int | None, file: Path | None) -> tuple["RateTable", str]:
    """Return the yearly rates and their name.

    Args:
        law: Rules whose reading decides the computed rates.
        rate_ppm: A flat rate in ppm; None: not given.
        file: A CSV table of rates; None: the shipped rates.

    Raises:
        UsageError: Both a rate and a file are given.
        InputError: The file cannot be read.
    """
    if rate_ppm is not None and file is not None:
        raise UsageError("--rate and --rates are both given: keep the flat rate or the table")
    if rate_ppm is not None:
        return rate_table.RateTable.flat(rate_ppm), f"flat {format_percent(rate_ppm)} %"
    if file is not None:
        return rate_table.RateTable.from_csv(file), str(file)
    table = in_force.rates_in_force(law.rules, law.service)
    return table, table.basis


def today() -> date:
    """Return today's date; an answer that rests on it says so."""
    return datetime.now().astimezone().date()


def accepted(topic: "Topic", outcome: "Outcome", question: "Question", named: "Names") -> dict[str, Any]:
    """Return a row's result.

    Args:
        topic: Says why it refuses a row, where the reason itself does not.
        outcome: The row, and its result or the reasons against it.
        question: What the row was asked under.
        named: Option of a field.

    Raises:
        RatesMissingError: Some days lack a rate.
        RowError: The gate or the rules refuse the row for another reason.
    """
    if outcome.result is not None:
        return outcome.result
    reason = next(each for each in Reason if outcome.reasons & each)
    text = topic.refusals(outcome, question, named).get(reason) or _refusal(topic, outcome, reason, named)
    if reason is Reason.no_rate_in_force:
        raise RatesMissingError(text)
    raise RowError(text, tuple(reason_codes(outcome.reasons)))


def _refusal(topic: "Topic", outcome: "Outcome", reason: Reason, named: "Names") -> str:
    """Return a text with the options that a reason is about, the reason, and what is allowed."""
    columns = next(about for each, about in outcome.refusals if each & reason)
    own = [each.column for each in topic.fields() if each.name in columns]
    if not own:
        return REASON_TEXTS[reason]
    wrong = "missing" if reason is Reason.missing_value else REASON_TEXTS[reason]
    options = " and ".join(named(each.name) for each in own)
    return f"{options}: {wrong}; allowed: {allowed.allowed_for(topic.dataset, reason, columns, own[0].names[-1])}"


def other_readings(
    topic: "Topic",
    law: "Law",
    result: Mapping[str, Any],
    ask: Callable[[Mapping[str, str]], "Outcome | None"],
    *,
    own_rates: bool = False,
) -> "list[OtherReading[dict[str, Any]]]":
    """Calculate a topic's figures under each other reading of the rules.

    Args:
        topic: Says which rules are read otherwise and which figures are shown.
        law: The rules of the answer.
        result: The answer.
        ask: Calculates under other switches; returns None, or raises UsageError, for a reading that does not apply.
        own_rates: Whether rates were given; then readings of the yearly rate's rule are left out.

    Returns:
        One entry per other value of a switch; its figures are None if the rules then refuse the row.
    """
    names = topic.reading_results
    topics = [each for each in topic.rules if each != "annual_rate" or not own_rates]

    def figures(switches: Mapping[str, str]) -> dict[str, Any] | None:
        try:
            outcome = ask(switches)
        except UsageError:
            return None
        return outcome and {name: (outcome.result or {}).get(name) for name in names}

    return readings.other_readings(law, topics, {name: result[name] for name in names}, figures)


def print_answer(
    title: str,
    result: Mapping[str, Any],
    law: "Law",
    steps: Sequence["Step"],
    *,
    rates: tuple["RateTable | None", str] = (None, ""),
    others: "Sequence[OtherReading[dict[str, Any]]] | None" = None,
    explain: bool,
    json: bool,
) -> None:
    """Print a result, what it rests on and, if wanted, its steps and other readings, as JSON or as tables on stdout.

    Args:
        title: Title of the table of results.
        result: Result columns by name.
        law: The rules that were used.
        steps: The steps of the result.
        rates: The rates that were used and their name; (None, "") if none were.
        others: Figures under other readings; None if they were not asked for.
        explain: Whether to print the steps.
        json: Whether to print JSON.
    """
    shown = quote.plain(result)
    rests_on = report_provenance.provenance(law.rules, *rates, provisional=accrual.is_provisional(steps))
    if json:
        more: dict[str, Any] = {"steps": step.as_dicts(steps)} if explain else {}
        if others is not None:
            more["sensitivities"] = [_other_reading(each) for each in others]
        print_json({**shown, **rests_on, **more})
        return
    tables = [report_text.result_table(title, shown), *report_text.record_tables(shown)]
    tables += report_text.step_tables(steps) if explain else ()
    if others:
        tables.append(report_text.readings_table(others, list(others[0].figures)))
    terminal.print_tables(*tables, report_text.provenance_table(rests_on))
    if others is not None and not others:
        message("No switch of the rules bears on this quote.")


def _other_reading(each: "OtherReading[dict[str, Any]]") -> dict[str, Any]:
    return {
        "switch": each.switch,
        "value": str(each.value).lower(),
        "reading": "open" if each.is_open else "text",
        "changes": each.differs,
        "figures": quote.plain(each.figures),
    }
