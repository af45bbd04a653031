"""What a nightly run says of itself on stdout: rows, control totals, roll-forward, quarantine, and what it rests on.

Tables on a terminal; elsewhere (a log, a mail) the same as aligned plain text. Amounts are dollars. The manifest has
every figure; this is what fits on a page.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from calc.bulk.publish import by_column
from calc.bulk.reconcile import reconciling_items as causes
from calc.cli import terminal
from calc.cli.bounds import bounds_table
from calc.kernels import unclaimed as unclaimed_kernel
from calc.rules import schema
from calc.units import format_cents

if TYPE_CHECKING:
    from rich.table import Table

_CHECKSUM_FIGURES: Final = 12
_PLAIN_WIDTH: Final = 160
_WIDE: Final = 110
"""Columns of a terminal that all figures of a status need."""
_BY_STATUS: Final = {
    "deposits": ("rows",), "principal": ("principal_cents",), "base interest": ("base_interest_cents",),
    "surcharge": ("surcharge_interest_cents",), "interest due": ("interest_due_cents",),
    "remittance": ("remittance_cents",),
}  # fmt: skip
_ONLY_WIDE: Final = {"base interest", "surcharge"}
_OTHERS: Final = (
    ("held for these accounts", "accounts", "held_cents"),
    ("held above the limit", "accounts", "excess_cents"),
    ("held above the limit, by customer", "customers", "excess_cents"),
    ("fixed credits, a year", "participants", "fixed_credit_annual_cents"),
    ("program credits, a year: net of grants", "participants", "program_credit_annual_cents"),
    ("arrearage credits, all months", "participants", "arrearage_credit_cents"),
    ("recalculations due, accounts", "participants", "recalculation_due"),
    ("program credits, months to come and past", "participant_months", "program_credit_cents"),
    ("arrearage due on exit", "participant_months", "due_on_exit_cents"),
)
"""Lines of accounts and participants: label, dataset, figure."""
_ROLLED: Final = {
    "deposits": ("rows",), "principal": ("principal_cents",),
    "interest": ("base_interest_cents", "surcharge_interest_cents"), "posted": ("posted_cents",),
}  # fmt: skip


_READ_FOR: Final = frozenset((
    "interest_due_cents", "remittance_cents", "excess_cents", "available_cents", "program_credit_annual_cents",
    "arrearage_credit_cents", "refused_rows",
))  # fmt: skip
"""Totals that a summary tells of each open reading; the manifest has all."""


def print_summary(*tables: "Table") -> None:
    """Tables on stdout: with lines on a terminal, as aligned text elsewhere."""
    console = terminal.Console(highlight=False)
    plain = None if console.is_terminal else terminal.Console(highlight=False, width=_PLAIN_WIDTH)
    for number, table in enumerate(tables):
        if plain:
            if number:
                plain.print()
            if table.title:
                plain.print(table.title)
            table.title = table.box = table.min_width = None
        (plain or console).print(table)


def tables_of(manifest: Mapping[str, Any]) -> list["Table"]:
    """The summary of a run from its manifest with `seconds`."""
    tables = [_rows(manifest)]
    if "deposits" in manifest["control_totals"]:
        tables.append(_by_status(manifest["control_totals"]["deposits"]))
    if any(dataset in manifest["control_totals"] for _, dataset, _ in _OTHERS):
        tables.append(_others(manifest["control_totals"]))
    if manifest["roll_forward"]:
        tables.append(_rolled(manifest))
    if any(refused["by_column"] for refused in manifest["quarantine"].values()):
        tables.append(quarantine_table(manifest["quarantine"]))
    if manifest["open_readings"]["moved_by"]:
        tables.append(_open_readings(manifest["open_readings"]))
    return [*tables, bounds_table(manifest["bounds"]), _rests_on(manifest)]


def table_of(title: str, first: str, headings: Iterable[str]) -> "Table":
    """A table with a column of names and columns of figures."""
    table = terminal.Table(first, title=title, min_width=60)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _rows(found: Mapping[str, Any]) -> "Table":
    headings = ("rows in", "rows out", "quarantined", "seconds", "rows/s")
    table = table_of(f"Nightly run {found['run_id']}", "dataset", headings)
    for name, counted in found["rows"].items():
        seconds = found["seconds"][name]
        counts = (f"{counted[each]:,}" for each in ("in", "out", "quarantined"))
        table.add_row(name, *counts, f"{seconds:.1f}", f"{counted['in'] / seconds:,.0f}")
    return table


def _by_status(totals: Mapping[str, Any]) -> "Table":
    """Deposits by service and status, in the order of the contract, and all together."""
    console = terminal.Console()
    narrow = console.is_terminal and console.width < _WIDE
    columns = {name: figures for name, figures in _BY_STATUS.items() if not (narrow and name in _ONLY_WIDE)}
    table = table_of("Deposits by service and status, dollars", "service", [])
    table.add_column("status")
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    for service in schema.SERVICES:
        of_service = totals.get(service, {})
        for status in (each for each in unclaimed_kernel.STATUSES if each in of_service):
            table.add_row(service, status, *_figures(of_service[status], columns))
    table.add_section()
    table.add_row("all", "", *_figures(totals["all"], columns))
    return table


def _others(totals: Mapping[str, Any]) -> "Table":
    table = table_of("Accounts and participants, dollars", "", (*schema.SERVICES, "all"))
    for label, dataset, figure in _OTHERS:
        if dataset in totals:
            sums = [
                sum(figures[figure] for figures in totals[dataset].get(service, {}).values())
                for service in schema.SERVICES
            ]
            told = _dollars if figure.endswith("_cents") else "{:,}".format
            table.add_row(label, *(told(each) for each in (*sums, sum(sums))))
    return table


def _rolled(found: Mapping[str, Any]) -> "Table":
    """Open deposits of both services, from the previous run's totals to tonight's."""
    before, way = found["rolled_from"], found["roll_forward"]["all"]
    table = table_of(f"Open deposits, rolled forward from {before['as_of']}, dollars", "", _ROLLED)
    if before["changed"]:
        table.caption = f"changed since: {', '.join(before['changed'])}"
    for cause in ("previous", *causes.RESTATED, *causes.FLOWS, "tonight"):
        if not any(cause in amounts for amounts in way.values()):
            continue
        sign = -1 if cause == "paid" else 1
        amounts = {figure: sign * each.get(cause, 0) for figure, each in way.items()}
        if cause == "tonight":
            table.add_section()
        table.add_row(cause, *_figures(amounts, _ROLLED))
    return table


def quarantine_table(quarantine: Mapping[str, Any]) -> "Table":
    """Refused rows by dataset, and under each its columns and reasons with the first row of each."""
    table = terminal.Table("quarantined", "rows", "column", "reason", "first", title="Quarantine", min_width=60)
    table.columns[1].justify = "right"
    for name, refused in quarantine.items():
        if not refused["by_column"]:
            continue
        table.add_row(name, f"{refused['rows']:,}")
        for each in refused["by_column"]:
            first = by_column.first_of(each).removeprefix(" (first: ").removesuffix(")")
            table.add_row("", f"{each['rows']:,}", terminal.Text(each["column"]), each["reason"], terminal.Text(first))
    return table


def _rests_on(found: Mapping[str, Any]) -> "Table":
    table = terminal.Table(show_header=False, min_width=60)
    switches = ", ".join(f"{name}={value}" for name, value in found["switches"].items())
    sums = {name: digest[:_CHECKSUM_FIGURES] for name, digest in found["checksums"].items()}
    rate = found["rate_in_force"]
    in_force = f"{rate['rate_percent']} % since {rate['effective_from']} ({rate['source']}), " if rate else ""
    provisional = "; PROVISIONAL, see the notes" if found["provisional"] else ""
    why_not = found["rolled_from"].get("why_not")
    seconds = found["seconds"]
    day, why = found.get("interest_through") or "no day", found.get("interest_through_note")
    through = [("interest through", f"{day}: {why}")] if why else []
    for label, text in (
        ("as of", found["as_of"]),
        *through,
        ("rules", sums["rules"]),
        ("rates", f"{in_force}{sums['rates']}{provisional}"),
        ("tariff", f"{found['tariff']}, {sums['tariff']}"),
        ("switches", switches or "none set"),
        ("open readings", _which_readings(found["open_readings"])),
        *([("not rolled forward", why_not)] if why_not else []),
        ("seconds", f"{seconds['all']:.1f} in all; compiling took {seconds['compiling']:.1f} of a processor"),
        ("notes", "\n".join(found["notes"])),
    ):
        table.add_row(label, terminal.Text(str(text)))
    return table


def _open_readings(told: Mapping[str, Any]) -> "Table":
    """What each other open reading would move of the totals that a run is read for."""
    sampled = any(each["is_sample"] for each in told["datasets"].values())
    rows = "a sample of the rows" if sampled else "all rows"
    table = table_of(f"Open readings: what another value would move, over {rows}, dollars", "open reading", [])
    for column in ("in force", "total"):
        table.add_column(column)
    table.add_column("moves", justify="right", no_wrap=True)
    for each in told["moved_by"]:
        named = (f"{each['switch']}={each['value']}", each["in_force"])
        for figure, amount in each["moves"].items():
            if figure in _READ_FOR or (figure.endswith("_rows") and not _READ_FOR & each["moves"].keys()):
                text = _dollars(amount) if figure.endswith("_cents") else f"{amount:+,} rows"
                table.add_row(*named, figure.removesuffix("_cents").removesuffix("_rows").replace("_", " "), text)
                named = ("", "")
    return table


def _which_readings(told: Mapping[str, Any]) -> str:
    """How many rows the figures of the open readings rest on, and which readings move no total."""
    lines = []
    for name, each in told["datasets"].items():
        of = f"{each['evaluated']:,} of {each['rows']:,} rows of {name}"
        sample = "a sample, not scaled up: --sensitivities takes every row" if each["is_sample"] else "all of them"
        lines.append(f"asked again of {of} ({sample})")
    if told["moves_nothing"]:
        lines.append(f"move no total of these rows: {', '.join(told['moves_nothing'])}")
    if told["not_asked"]:
        lines.append(f"do not go with what is set: {', '.join(told['not_asked'])}")
    return "\n".join(lines)


def _figures(amounts: Mapping[str, int], columns: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Texts of columns, each the sum of some figures: rows as a number, all others in dollars."""
    sums = {name: sum(amounts[figure] for figure in figures) for name, figures in columns.items()}
    return [f"{sums[name]:,}" if figures == ("rows",) else _dollars(sums[name]) for name, figures in columns.items()]


def _dollars(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    whole, _, part = format_cents(abs(cents)).partition(".")
    return f"{sign}{int(whole):,}.{part}"
