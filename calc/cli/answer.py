"""What every quote does between its options and its figures: rules and rates in, one row through, an answer out.

A quote is a frame of one row, so that it and the nightly run share the calculators. Its working is built every time and
must lead to the calculator's figures; `--explain` prints it. What a refusal says names the option, never the value that
was given: it may be a household's income.
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
"""Quotes of earlier days go by the earliest rules at hand."""


def load_law(on: date, service: str, tariff: str, switches: Mapping[str, str]) -> "Law":
    """Rules of a service on a day. Kernels run as Python from here on: a row is done before a compiler would start."""
    run_uncompiled()
    return step.Law(resolve.load_rules(max(on, FIRST_RULES), switches=switches, tariff=tariff), service)


def load_rates(law: "Law", rate_ppm: int | None, file: Path | None) -> tuple["RateTable", str]:
    """The rates and their name: shipped, a flat one, or a file's; UsageError where both are given."""
    if rate_ppm is not None and file is not None:
        raise UsageError("--rate and --rates are both given: keep the flat rate or the table")
    if rate_ppm is not None:
        return rate_table.RateTable.flat(rate_ppm), f"flat {format_percent(rate_ppm)} %"
    if file is not None:
        return rate_table.RateTable.from_csv(file), str(file)
    table = rate_table.load_rate_table(law.own.annual_rate)
    return table, table.basis


def today() -> date:
    """The day on which a quote is asked for; no calculation takes it unless its answer says so."""
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
    """Name the options that a reason is about, the reason, and what would be allowed."""
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
    """A topic's figures under each other reading, None where the rules then refuse the row.

    Args:
        topic: says which rules are read otherwise and which figures are shown.
        law: the rules of the answer.
        result: the answer.
        ask: answers under other switches; None, or a UsageError, where a reading cannot be asked for.
        own_rates: whether rates were given: then no reading of the yearly rate's rule counts.
    """
    names = topic.shown_of_readings
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
    """The result, what it rests on and, if asked for, its steps and other readings: on stdout as JSON or as tables."""
    shown = quote.plain(result)
    rests_on = report_provenance.provenance(law.rules, *rates, provisional=accrual.is_provisional(steps))
    if json:
        more: dict[str, Any] = {"steps": step.as_dicts(steps)} if explain else {}
        if others is not None:
            more["sensitivities"] = [_other_reading(each) for each in others]
        print_json({**shown, **rests_on, **more})
        return
    tables = [report_text.result_table(title, shown), *(report_text.step_tables(steps) if explain else ())]
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
