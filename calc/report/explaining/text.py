"""Show results and steps at a terminal as rich tables; a figure's unit follows from the suffix of its name."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from rich.table import Table
from rich.text import Text

from calc.report.explaining.labels import heading, label, labeled_as
from calc.report.explaining.readings import OtherReading
from calc.report.explaining.step import Step
from calc.units import format_cents, format_fraction, format_percent

_PREFIX = 12
_DECIMALS = 6
_WIDTH = 60


def result_table(title: str, result: Mapping[str, Any]) -> Table:
    """Make a table of one result, one line per figure."""
    table = Table(title=title, show_header=False, min_width=_WIDTH)
    for name, value in result.items():
        if is_records(value):
            continue
        if isinstance(value, list) and all(isinstance(each, Mapping) for each in value):
            lines = [", ".join(format_figure(key, part) for key, part in each.items()) for each in value]
            table.add_row(heading(name), Text("\n".join(lines) or "none"))
        else:
            table.add_row(heading(labeled_as(name, result)), Text(format_figure(name, value)))
    return table


def is_records(value: object) -> bool:
    """Tell whether a figure is a list of records, such as months, and not of grounds with their citations."""
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping) and "citation" not in value[0]


def telling(records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the names of the records' values that say something: not 0 or empty, and not true, in all of them."""
    return [
        name
        for name in records[0]
        if any(record[name] for record in records) and not all(record[name] is True for record in records)
    ]


def record_tables(result: Mapping[str, Any]) -> list[Table]:
    """Make a table of each figure that is a list of records, a line for each, with what is not 0 or empty in it."""
    tables = []
    for name, records in result.items():
        if not is_records(records):
            continue
        first, second, *others = telling(records)
        table = Table(title=heading(name), show_header=False, min_width=_WIDTH)
        for record in records:
            said = (f"{heading(each)} {format_figure(each, record[each])}" for each in others if record[each])
            table.add_row(f"{record[first]}  {record[second]}", Text("; ".join(said)))
        tables.append(table)
    return tables


def provenance_table(rests_on: Mapping[str, Any]) -> Table:
    """Make a table of the keys of `calc.report.explaining.provenance`; checksums by their first digits."""
    names = rests_on["provenance"]
    table = Table(show_header=False, min_width=_WIDTH)
    table.add_row("tariff", Text(f"{rests_on['tariff']} ({names['tariff_title']}), {names['tariff_sha256'][:_PREFIX]}"))
    table.add_row("rules", Text(f"{names['jurisdiction']} on {names['rules_on']}, {names['rules_sha256'][:_PREFIX]}"))
    if names["rates"]:
        provisional = "; PROVISIONAL: rests on months that are not yet published" if rests_on["provisional"] else ""
        table.add_row("rates", Text(f"{names['rates']}, {names['rates_sha256'][:_PREFIX]}{provisional}"))
    switches = ", ".join(f"{name}={value}" for name, value in rests_on["switches"].items())
    table.add_row("switches", Text(switches or "none set"))
    table.add_row("puccalc", names["version"])
    return table


def step_tables(steps: Sequence[Step]) -> tuple[Table, Table]:
    """Make a table of the steps with their formulas, and one of what they rest on.

    The second has values with their citations, and paragraphs, once each.
    """
    worked = Table("step", "working", title="Working", min_width=_WIDTH, show_lines=True)
    for step in steps:
        worked.add_row(Text(step.label), Text("\n".join(_step_lines(step))))
    used = Table("value", "by", title="Sources", min_width=_WIDTH, show_lines=True)
    parameters = {(each.name, each.value): each for step in steps for each in step.parameters}
    for each in parameters.values():
        cited = each.citation
        quoted = f'"{cited.quote}"' if cited.quote else "its words are not at hand"
        lines = [
            f"{cited.rule}, {cited.standing}: {quoted}",
            cited.note.strip(),
        ]
        value = f"{each.name}\n{format_figure(each.name, each.value)}\n{each.how_set}"
        used.add_row(Text(value), Text("\n".join(line for line in lines if line)))
    for passage in dict.fromkeys(passage for step in steps for passage in step.passages):
        since = f", text of {passage.effective_from}" if passage.effective_from else ""
        used.add_row("", Text(f'{passage.rule}{since}: "{passage.quote}"'))
    return worked, used


def readings_table(readings: Sequence[OtherReading[dict[str, Any]]], names: Sequence[str]) -> Table:
    """Make a table of other readings, one line each; `open` marks a reading that the rules' text leaves open."""
    table = Table(title="Under each other reading of the rules", min_width=_WIDTH)
    for name in ("reading", *map(heading, names), "open", "changes"):
        table.add_column(name, overflow="fold")
    for each in readings:
        figures = (
            "refused" if each.figures[name] is None else format_figure(name, each.figures[name]) for name in names
        )
        said = (format_figure("", each.is_open), format_figure("", each.differs))
        table.add_row(f"{each.switch} = {str(each.value).lower()}", *figures, *said)
    return table


def format_figure(name: str, value: object) -> str:
    """Format a figure in the unit that its name ends with: cents as dollars, ppm as percent."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return " ".join(format_figure(name, each) for each in value) or "none"
    if isinstance(value, int) and name.endswith("_cents"):
        return format_cents(value)
    if isinstance(value, int) and name.endswith("_ppm"):
        return f"{format_percent(value)} %"
    return str(value) or "none"


def _step_lines(step: Step) -> list[str]:
    """Return a step's lines: days and rate of a line of interest; formula, exact cents, rounding; figures; note."""
    figures = step.figures
    lines = []
    if step.part:
        lines.append(f"{figures['first_date']} through {figures['last_date']}, {figures['days']} days")
        if "rate_source" in figures:
            lines.append(f"{figures['rate_source']} rate: {figures['rate_provenance']}")
    exact = (
        f" = {exact_text(step.exact_cents)} cents"
        if step.exact_cents is not None and (step.part or step.rounding)
        else ""
    )
    lines.append(f"{step.formula}{exact}{f', rounded {step.rounding}' if step.rounding else ''}")
    if not step.part:
        shown_figures = [f"{label(name)} {format_figure(name, value)}" for name, value in figures.items()]
        lines.append("-> " + "; ".join(shown_figures))
    return [*lines, step.note] if step.note else lines


def exact_text(cents: Fraction) -> str:
    """Format a fraction of cents with its first decimals."""
    if cents.denominator == 1:
        return format_fraction(cents)
    sign = "-" if cents < 0 else ""
    whole, part = divmod(abs(cents), 1)
    digits = str(part.numerator * 10**_DECIMALS // part.denominator).zfill(_DECIMALS)
    return f"{format_fraction(cents)} = {sign}{whole}.{digits}..."
