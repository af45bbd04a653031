"""Write the statement of one deposit's life: what happened, interest part by part, the six points, where it is written.

Input: a deposit of a published night. Output: a `Paper` whose figures are the night's to the cent.
"""

import shlex
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Final

from calc.columns.contract import DEPOSITS
from calc.report.explaining.labels import words
from calc.report.explaining.step import Step
from calc.report.letter.dates import long_date
from calc.statements.deposit_events import events_of
from calc.statements.deposit_life import DepositLife
from calc.statements.deposit_terms import payee
from calc.statements.paper import Column, Paper, Section, citations, dollars
from calc.statements.quote_line import quote_line

_MEANINGS: Final = dict(next(each.words for each in DEPOSITS.declared_results if each.name == "status"))
_DECIMALS: Final = 6
_TIMES: Final = "\N{MULTIPLICATION SIGN}"
_PROVISIONAL: Final = "PROVISIONAL: rests on a rate that is not final"


def statement(
    life: DepositLife, *, name: str = "", utility: str = "", dated: date | None = None, file: str = "FILE.pdf"
) -> Paper:
    """Write a deposit's statement.

    Args:
        life: The deposit.
        name: The customer's name; empty: not given.
        utility: The utility's name; empty leaves a line to fill in.
        dated: The statement's date; None leaves a line to fill in.
        file: What the line that reproduces the statement calls the file.
    """
    lines = [step for step in life.steps if step.part]
    provisional = any(step.figures.get("rate_source") == "provisional" for step in lines)
    account = str(life.row["account_id"])
    return Paper(
        subject=f"Statement of deposit {life.row['deposit_id']} as of {long_date(life.as_of)}",
        sender=utility,
        to=tuple(line for line in (name, f"Account {account}" if account else "") if line),
        dated=long_date(dated) if dated else "",
        facts=tuple(_facts(life)),
        paragraphs=tuple(_paragraphs(life)),
        sections=(
            Section(
                "What happened",
                columns=(Column("Date"), Column("What", "wide"), Column("Amount", "number"), Column("Held", "number")),
                rows=tuple(events_of(life)),
            ),
            *_interest_sections(life, lines),
            _sums(life),
            citations(_cited(life)),
            _verification(life, name, utility, dated, file),
        ),
        made=dated or life.as_of,
        mark=_PROVISIONAL if provisional else "",
    )


def _facts(life: DepositLife) -> Iterator[tuple[str, str]]:
    row, result, status = life.row, life.result, life.result["status"]
    held = {"returned": "Paid back", "remitted": "Deposit remitted"}.get(status, "Deposit held")
    if status not in {"not_received", "excluded"}:
        yield held, dollars(result["principal_cents"])
        yield "Interest earned", dollars(result["interest_cents"])
        yield "Interest paid or credited", dollars(result["posted_cents"])
        due = result["interest_due_cents"]
        yield ("Interest still due", dollars(due)) if due >= 0 else ("Interest paid in excess", dollars(-due))
    if status in {"unclaimed", "overdue"}:
        yield f"To be paid to {payee(life.law)}", dollars(result["remittance_cents"])
    if status == "remitted":
        yield f"Paid to {payee(life.law)}", dollars(result["remittance_cents"])
    yield "Status", _MEANINGS[status]
    kind = "deposit" if row["kind"] == "deposit" else words(row["kind"])
    yield "Service", f"{words(row['service']).capitalize()}, {kind}"
    yield "Received on", long_date(row["received_date"])


def _paragraphs(life: DepositLife) -> Iterator[str]:
    """Yield what the figures mean for the customer, by the deposit's status."""
    row, result, status = life.row, life.result, life.result["status"]
    held, earned, due = dollars(result["principal_cents"]), dollars(result["interest_cents"]), _due(life)
    deemed, six = result["deemed_unclaimed_date"], result["surcharge_from_date"]
    as_of = long_date(life.as_of)
    if status == "excluded":
        yield "These monies are an overcharge refund or a cost adjustment credit. They are not unclaimed monies."
    elif status == "not_received":
        yield f"On {as_of} this deposit had not been received."
    elif status == "returned":
        yield (
            f"The deposit of {held} was paid back on {long_date(row['paid_date'])}. Until then it earned {earned} of "
            f"interest; {due}."
        )
    elif status == "remitted":
        yield (
            f"The deposit of {held} was not claimed and was paid to {payee(life.law)} on "
            f"{long_date(row['remitted_date'])}, with {earned} of interest less what had been paid or credited or was "
            "owed. Claim it from the utility, which resolves all inquiries about it."
        )
    else:
        yield (
            f"On {as_of} the utility holds {held}. The deposit has earned {earned} of interest since "
            f"{long_date(row['received_date'])}; {due}."
        )
    if status == "waiting" and deemed:
        higher = f" From {long_date(six)} on, interest is six percentage points higher." if six else ""
        yield (
            f"If the money is not claimed, it is deemed unclaimed on {long_date(deemed)}, and the utility pays it to "
            f"{payee(life.law)}.{higher}"
        )
    elif status in {"unclaimed", "overdue"} and deemed:
        began = "began" if status == "overdue" else "begin"
        points = f" The six added percentage points {began} on {long_date(six)}." if six else ""
        yield (
            f"The money has been deemed unclaimed since {long_date(deemed)}.{points} It can still be claimed: ask the "
            "utility."
        )


def _due(life: DepositLife) -> str:
    """Say how much of the interest is still due, or by how much more than was earned was paid."""
    due = life.result["interest_due_cents"]
    if due < 0:
        return f"{dollars(-due)} more than that was paid or credited"
    return f"{dollars(due)} of it has not yet been paid or credited"


def _interest_sections(life: DepositLife, lines: list[Step]) -> Iterator[Section]:
    titles = {"interest": "Interest at the deposit rate", "surcharge": "Six percentage points of unclaimed monies"}
    for label in dict.fromkeys(step.label for step in lines):
        own = [step for step in lines if step.label == label]
        exact = sum((step.exact_cents or Fraction(0) for step in own), Fraction(0))
        total = ("Sum", "", "", "before rounding", _decimal(exact))
        yield Section(
            titles.get(label, label.capitalize()),
            columns=(
                Column("From"), Column("Through"), Column("Days", "number"),
                Column(f"Amount {_TIMES} rate {_TIMES} share of the year", "wide"), Column("Cents", "number"),
            ),
            rows=(*(_line(step) for step in own), total),
            totals=1,
        )  # fmt: skip
    six = life.result["surcharge_from_date"]
    if six and not any(step.label == "surcharge" for step in lines):
        yield Section(titles["surcharge"], (f"None so far: they begin on {long_date(six)}.",))


def _line(step: Step) -> tuple[str, ...]:
    figures = step.figures
    source = f" ({figures['rate_source']} rate)" if "rate_source" in figures else ""
    working = step.formula.replace(" x ", f" {_TIMES} ")
    days = (str(figures[name]) for name in ("first_date", "last_date", "days"))
    return (*days, f"{working}{source}", _decimal(step.exact_cents or Fraction(0)))


def _decimal(cents: Fraction) -> str:
    """Format cents with six decimals, cut off; whether they are rounded anywhere is the next section's to say."""
    whole, part = divmod(abs(cents), 1)
    digits = str(part.numerator * 10**_DECIMALS // part.denominator).zfill(_DECIMALS)
    return f"{'-' if cents < 0 else ''}{whole:,}.{digits}"


def _sums(life: DepositLife) -> Section:
    """Make the section of the steps from the exact lines to what is due."""
    rows = []
    for step in life.steps:
        if step.part or step.label == "balance that earns":
            continue
        rounding = f", rounded {step.rounding.replace('_', ' ')} to the cent" if step.rounding else ""
        cents = [value for name, value in step.figures.items() if name.endswith("_cents")]
        figure = dollars(cents[-1]) if cents and isinstance(cents[-1], int) else ""
        rows.append((step.label[0].upper() + step.label[1:], f"{step.formula}{rounding}", figure))
    return Section(
        "How it adds up",
        columns=(Column("Step"), Column("Working", "wide"), Column("Dollars", "number")),
        rows=tuple(rows),
    )


def _cited(life: DepositLife) -> list[tuple[str, str]]:
    values = [(each.citation.rule, each.citation.quote) for step in life.steps for each in step.parameters]
    passages = [(each.rule, each.quote) for step in life.steps for each in step.passages]
    whole = {rule: quote for rule, quote in passages if quote}
    # A paragraph that stands in full needs no words out of it.
    return [*((rule, quote) for rule, quote in values if rule not in whole), *whole.items()]


def _verification(life: DepositLife, name: str, utility: str, dated: date | None, file: str) -> Section:
    manifest = life.night.manifest
    read, published = life.read_from, life.published_in
    rows = (
        ("Night", f"run {manifest['run_id']} as of {manifest['as_of']}"),
        ("Result", f"row {published.row:,} of {published.file}"),
        ("SHA-256 of that file", published.sha256),
        ("Deposit read from", f"row {read.row:,} of {Path(read.file).name}"),
        ("SHA-256 of that file", read.sha256),
        ("Rules SHA-256", life.law.rules.checksum),
        ("Rates SHA-256", life.rates.checksum),
        ("Tariff, switches", f"{manifest['tariff']}; {_switches(life)}"),
        ("Made by", f"puccalc {manifest['versions']['puccalc']}"),
    )
    options = {"--name": name, "--utility": utility, "--dated": dated.isoformat() if dated else ""}
    again = shlex.join(
        [
            "puccalc", "statement", "DIR", str(life.row["deposit_id"]), "-o", file,
            *(word for option, value in options.items() if value for word in (option, value)),
        ]
    )  # fmt: skip
    quote = quote_line(life)
    said = "Where DIR is the output folder of that night, the first line makes this statement again, to the byte"
    return Section(
        "To check this statement",
        (f"{said}; the second one computes the same figures without the folder." if quote else f"{said}.",),
        (Column("What"), Column("Value", "wide")),
        rows,
        commands=(again, quote) if quote else (again,),
    )


def _switches(life: DepositLife) -> str:
    switches = life.law.rules.switches
    return ", ".join(f"{name} = {value}" for name, value in switches.items()) if switches else "no switch set"
