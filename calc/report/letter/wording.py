"""Wording of the letter on a year's deposit rate and of the tables behind it.

Input: a worksheet with a rate. Output: plain text and rows of text, the same for every form of the letter; the
templates place them on the page. Staff send one letter to every utility, electric and gas.
"""

from datetime import date
from typing import Any, Final

from calc.rates.computing.annual import AnnualRateResult
from calc.rates.filing_dates import DateToKeep, dates_to_keep
from calc.rates.register.entries import APPROVAL, Entry
from calc.report.explaining.step import Step
from calc.report.letter.dates import long_date, month_name
from calc.report.letter.worksheet import Worksheet
from calc.report.letter.worksheet_steps import decimal
from calc.units import PPM_PER_BP
from calc.units import format_percent as percent

SENDER: Final = "Commission Staff"
COMMISSION: Final = "Public Utilities Commission of the State of Colorado"
ADDRESSEES: Final = "Every regulated electric and gas utility"


def subject(worksheet: Worksheet) -> str:
    """Return the letter's subject, which is also its title."""
    return f"Rate of interest on customer deposits for calendar year {worksheet.year}"


def paragraphs(worksheet: Worksheet, result: AnnualRateResult) -> list[str]:
    """Write the paragraphs of the letter.

    Args:
        worksheet: The worksheet.
        result: Its year's rate.

    Returns:
        The paragraphs, in order.
    """
    rate, start = percent(result.rate_ppm), long_date(result.effective_from)
    rules = " and ".join(f"{rule} ({service})" for service, rule in _rules(worksheet))
    stated = (
        f"Under rules {rules}, a utility pays simple interest on customer deposits during calendar year "
        f"{worksheet.year} at the rate of {rate} percent per annum, effective {start}."
    )
    said = [stated, _change(result), _calculation(worksheet, result)]
    if worksheet.note:
        said.append(f"Please note: {worksheet.note}.")
    if worksheet.rules.switches:
        switches = ", ".join(f"{name} = {value}" for name, value in worksheet.rules.switches.items())
        said.append(f"Please note: computed with readings of the rules other than the default ones: {switches}.")
    if worksheet.letter and result.published_in_force:
        said.append(
            f"The rate is as published by the {worksheet.letter.publisher} ({worksheet.letter.where_published}): "
            f'"{worksheet.letter.quote}"'
        )
    said += register_lines(worksheet)
    if worksheet.mark:
        said.append(f"{worksheet.mark}: {worksheet.provisional_because}.")
    said.append(
        "The worksheet behind this letter shows the twelve months, the computation, the text of the rules and the data "
        "used. Anyone with the same data can recompute it."
    )
    return said


def facts(result: AnnualRateResult) -> list[tuple[str, str]]:
    """Return the letter's figures at a glance, as pairs of name and text."""
    existing = "none" if result.existing_ppm is None else f"{percent(result.existing_ppm)} percent"
    return [
        ("Rate", f"{percent(result.rate_ppm)} percent per annum"),
        ("Effective", long_date(result.effective_from)),
        ("Existing rate", existing),
        ("Outcome", "the rate changes" if result.rate_ppm != result.existing_ppm else "the existing rate continues"),
    ]


def register_lines(worksheet: Worksheet) -> list[str]:
    """Say who proposed and approved the year's rate, by the register."""
    return [_entry(entry) for entry in (worksheet.approval, worksheet.proposal) if entry]


def tables(worksheet: Worksheet) -> dict[str, Any]:
    """Return the rows of the worksheet's tables by table, all text."""
    result = worksheet.result
    return {
        "months": [
            (month_name(month), "" if rate_bp is None else percent(rate_bp * PPM_PER_BP), status)
            for month, rate_bp, status in worksheet.months
        ],
        "totals": []
        if result is None
        else [
            ("Sum", percent(result.sum_bp * PPM_PER_BP)),
            ("Average", decimal(result.average_exact)),
            ("Average, rounded", percent(result.average_ppm)),
        ],
        "steps": [_step_row(step) for step in worksheet.steps],
        "readings": [
            (f"{each.name} = {str(each.value).lower()}", each.how_set, each.citation.note.strip())
            for each in worksheet.readings
        ],
        "register": register_lines(worksheet)
        or [f"The register has no proposal and no approval for {worksheet.year}."],
        "dates": [_date_row(each) for each in worksheet.dates],
        "rules": [(each.rule, each.source, each.quote) for each in worksheet.passages],
        "made_with": [
            (name.replace("_", " ").replace("sha256", "SHA-256"), told) for name, told in worksheet.made_with.items()
        ],
    }


def _rules(found: Worksheet) -> list[tuple[str, str]]:
    services = {service: each.citation.rule for service, each in found.parameters}
    return [(service, rule.removesuffix("(II)")) for service, rule in services.items()]


def _change(result: AnnualRateResult) -> str:
    if result.existing_ppm is None:
        return "No earlier rate is known."
    existing = percent(result.existing_ppm)
    if result.rate_ppm == result.existing_ppm:
        return (
            f"The existing rate of {existing} percent continues. Since there is no change in the rate, no revised "
            "tariff need be filed."
        )
    keep = {each.key: each for each in dates_to_keep(result.effective_from)}
    filing, letter = keep["last_day_to_file"], keep.get("advice_letter")
    said = (
        f"This changes the existing rate of {existing} percent. Each utility shall, if necessary, file by advice "
        "letter or application, as appropriate, a revised tariff with the new rate, effective "
        f"{long_date(result.effective_from)}. On thirty days' notice under C.R.S. 40-3-104, the day of filing not "
        f"counted, the last day to file is {long_date(filing.last)}"
    )
    if filing.safe_date:
        said += f"; filed by {long_date(filing.safe_date)}, the notice ends on a business day"
    if letter is None:
        return f"{said}."
    return f"{said}. By the Commission's practice, a new advice letter is generally due by {long_date(letter.last)}."


def _calculation(found: Worksheet, result: AnnualRateResult) -> str:
    rule = found.rules.electric.annual_rate
    first, last = month_name(found.months[0].month), month_name(found.months[-1].month)
    said = (
        "The average of the twelve monthly averages quoted for one-year United States Treasury constant maturities, "
        f"{first} through {last}, is {decimal(result.average_exact)} percent, rounded {percent(result.average_ppm)}."
    )
    if result.difference_bp is None or result.existing_ppm is None:
        return said
    points = decimal(result.difference_bp).removesuffix(".00")
    taken = "the newly calculated rate is used" if result.decision == "reset" else "the existing rate continues"
    average = "Before rounding, the average" if rule.threshold_stage == "unrounded" else "The average"
    lies = "equals" if result.average_is == "equal" else f"is {points} basis points {result.average_is}"
    verbs = ("does not reach", "reaches") if rule.threshold_inclusive else ("does not exceed", "exceeds")
    verb = verbs[result.decision == "reset"]
    return (
        f"{said} {average} {lies} the existing rate. The difference {verb} the {rule.threshold_bp} basis points of the "
        f"rules: {taken}."
    )


def _step_row(step: Step) -> tuple[str, str, str]:
    rounding = f", rounded {step.rounding.replace('_', ' ')}" if step.rounding else ""
    return f"{step.label[0].upper()}{step.label[1:]}", f"{step.formula}{rounding}", step.note


def _entry(entry: Entry) -> str:
    content = entry.content
    if entry.kind == APPROVAL:
        return (
            f"Approved by {content['by']} on {long_date(date.fromisoformat(content['on']))}, proposed by "
            f"{content['proposed_by']}: {content['rate_percent']} percent from "
            f"{long_date(date.fromisoformat(content['effective_from']))} (register entry {entry.number})."
        )
    return (
        f"Proposed by {content['by']} on {long_date(date.fromisoformat(content['on']))}: {content['rate_percent']} "
        f"percent (register entry {entry.number}); not yet approved."
    )


def _date_row(each: DateToKeep) -> tuple[str, str, str]:
    days = long_date(each.last) if each.first == each.last else f"{long_date(each.first)} to {long_date(each.last)}"
    safe = f"; to be safe by {long_date(each.safe_date)}" if each.safe_date else ""
    cited = ", ".join(dict.fromkeys(words.rule for words in each.citations))
    return f"{days}{safe}", each.what, cited
