"""Fill in the affordability program's annual report, rules 3412(l) and 4412(l), from months of participants.

What no file holds is typed into the program's file, [electric.report] or [gas.report] with the rule's items as keys; an
item of which nothing was typed in says "not given".
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import polars as pl

from calc.filing.report import Cell, Report, Section, one
from calc.program.books import Books
from calc.program.credits import billed_in_program, program_year_days
from calc.program.program_file import Fuel
from calc.program.statement import Statement
from calc.report.letter.dates import MONTHS as MONTH_NAMES

NARRATIVES: Final = {
    "II": "Number of applicants for the program",
    "III": "Number of applicants qualified for the program",
    "IX": "Participants discontinued for late payment or non-payment, and their uncollectable revenue",
    "X": "Estimate of utility savings as a result of the program",
    "XI": "Average monthly and annual consumption in participants' homes",
    "XII": "Average monthly and annual consumption in residential customers' homes",
    "XIII": "Number of participants referred to the weatherization program",
    "XV": "How the program is integrated with energy efficiency, DSM or behavioral programs",
    "XVI": "How the program is integrated with weatherization programs of the state",
    "XVII": "Outreach strategies, and metrics of their effectiveness",
    "XVIII": "Participant outreach, education and engagement, with key findings",
    "XX": "Recommended program modifications",
    "XXI": "Whether requests to opt out of levelized budget billing are accommodated",
}
"""Items that are typed in alone."""
_LEFT: Final = ("exit", "move_out")


def pipp_report(statement: Statement, months: pl.DataFrame | None, fuels: Mapping[str, Fuel]) -> Report:
    """Fill in the report.

    Args:
        statement: The program year's books.
        months: Bills of the year, from `calc.program.credits.months_of`; None where no results have them.
        fuels: What was typed in, by fuel.
    """
    first, last = program_year_days(statement.year)
    sections: list[Section] = []
    for name, found in statement.fuels.items():
        own = None
        if months is not None and found.credits is not None:
            own = months.filter(pl.col("service").cast(pl.String) == name)
        sections += _sections(name, found.books, own, fuels[name], statement.year)
    return Report(
        name="pipp",
        title="Percentage of income payment plan: annual report",
        utility=statement.utility,
        year=statement.year,
        rule="4 CCR 723-3-3412(l), 723-4-4412(l)",
        period=f"{first} through {last}",
        due=f"{date(statement.year, 12, 31)}",
        sections=tuple(sections),
    )


def _sections(part: str, books: Books, months: pl.DataFrame | None, fuel: Fuel, year: int) -> Sequence[Section]:
    bills = None if months is None else billed_in_program(months)
    typed = {key: one(part, f"({key})", title, [("", _typed(fuel, key))]) for key, title in NARRATIVES.items()}
    made = {
        "I": _monthly(part, books, bills, fuel, year),
        **_assistance(part, bills),
        "VIII": _cost(part, books, bills, fuel),
        "XIV": _forgiven(part, books, bills),
        "XIX": _leavers(part, months, fuel),
    }
    order = (
        "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII",
        "XVIII", "XIX", "XX", "XXI",
    )  # fmt: skip
    return [{**typed, **made}[key] for key in order]


def _typed(fuel: Fuel, key: str) -> Cell:
    value = fuel.report.get(key)
    return Cell(value, "count" if isinstance(value, int) else "text")


def _monthly(part: str, books: Books, bills: pl.DataFrame | None, fuel: Fuel, year: int) -> Section:
    """Item (I): by month participants, credits, LEAP, administrative cost, and revenue, where fees bring it."""
    revenue = [sum(each.customers[place] * each.fee_cents[place] for each in fuel.classes) for place in range(12)]
    by_fees = fuel.recovery_cents is None
    rows = []
    for place in range(12):
        first = date(year - 1 + (place > 1), (place + 10) % 12 + 1, 1)
        own = None if bills is None else bills.filter(
            (pl.col("bill_date").dt.year() == first.year) & (pl.col("bill_date").dt.month() == first.month)
        )  # fmt: skip
        brought = Cell(revenue[place] if by_fees else None, "cents")
        name = f"{MONTH_NAMES[first.month - 1]} {first.year}"
        rows.append((name, (*_disbursed(own), Cell(None, "cents"), brought)))
    totals = (Cell(books.administrative_cents, "cents"), Cell(books.recovery_cents, "cents"))
    of_year = _disbursed(bills)
    if bills is None:
        typed = (books.usage_credits_cents, books.arrearage_credits_cents)
        of_year = (of_year[0], *(Cell(cents, "cents") for cents in typed), of_year[3])
    rows.append(("Year", (*of_year, *totals)))
    return Section(
        part, "(I)", "Monthly information on the program",
        ("month", "participants", "credits for usage", "credits for arrearage", "LEAP to the unaffordable portion",
         "administrative cost", "revenue"),
        tuple(rows), total=True, chart="credits for usage",
        note="Participants of the year are counted once. Administrative cost is typed in for the year alone.",
    )  # fmt: skip


def _disbursed(bills: pl.DataFrame | None) -> tuple[Cell, ...]:
    """Return participants, credits for usage and arrearage, and LEAP of some bills."""
    if bills is None:
        return (Cell(None), *(Cell(None, "cents") for _ in range(3)))
    people = bills["participant_id"].n_unique()
    found = [Cell(people, "count", people)]
    for name in ("program_credit_cents", "arrearage_credit_cents", "leap_to_unaffordable_cents"):
        households = bills.filter(pl.col(name) > 0)["participant_id"].n_unique()
        found.append(Cell(sum(bills[name].to_list()), "cents", households))
    return tuple(found)


def _fewest(bills: pl.DataFrame | None) -> int | None:
    """Return the fewer of the households with credits for usage and with credits for arrearage.

    A sum of both gives one of them away where the other is shown.
    """
    if bills is None:
        return None
    return min((cell.households for cell in _disbursed(bills)[1:3] if cell.households), default=0)


def _assistance(part: str, bills: pl.DataFrame | None) -> dict[str, Section]:
    """Items (IV)-(VII): participants; mean, median, most and least of both kinds of program credits of each."""
    amounts = None
    if bills is not None:
        both = pl.col("program_credit_cents") + pl.col("arrearage_credit_cents")
        amounts = sorted(bills.group_by("participant_id").agg(both.sum().alias("cents"))["cents"].to_list())
    people = None if amounts is None else len(amounts)

    def cell(cents: int | None, households: int | None = people) -> Cell:
        return Cell(cents, "cents", households)

    mean = median = most = least = None
    if amounts:
        count = len(amounts)
        mean = (2 * sum(amounts) + count) // (2 * count)
        middle = amounts[(count - 1) // 2] + amounts[count // 2]
        median, most, least = (middle + 1) // 2, amounts[-1], amounts[0]
    return {
        "IV": one(part, "(IV)", "Number of participants", [("", Cell(people, "count", people))]),
        "V": one(
            part, "(V)", "Average assistance provided", [("mean", cell(mean, _fewest(bills))), ("median", cell(median))]
        ),
        "VI": one(part, "(VI)", "Maximum assistance provided to an individual participant", [("", cell(most))]),
        "VII": one(part, "(VII)", "Minimum assistance provided to an individual participant", [("", cell(least))]),
    }


def _cost(part: str, books: Books, bills: pl.DataFrame | None, fuel: Fuel) -> Section:
    """Item (VIII): cost, and the fee of each class, which is its impact; of typical use where it was typed in."""
    rows = [("total cost of the program", Cell(books.program_cost_cents, "cents", _fewest(bills)))]
    rows += [(f"monthly fee in October, {each.name}", Cell(each.fee_cents[-1], "cents")) for each in fuel.classes]
    rows.append(("impact at typical monthly consumption, residential and small business", _typed(fuel, "VIII")))
    return one(part, "(VIII)", "Total cost of the program, and impact on non-participants by class", rows)


def _forgiven(part: str, books: Books, bills: pl.DataFrame | None) -> Section:
    """Item (XIV): arrearage credits by participant: sum, number, most and least."""
    amounts = None
    if bills is not None:
        of_each = bills.group_by("participant_id").agg(pl.col("arrearage_credit_cents").sum())["arrearage_credit_cents"]
        amounts = sorted(cents for cents in of_each.to_list() if cents > 0)
    people = None if amounts is None else len(amounts)
    most, least = (amounts[-1], amounts[0]) if amounts else (None, None)
    return one(
        part, "(XIV)", "Arrearages forgiven",
        [
            ("total", Cell(books.arrearage_credits_cents if amounts is None else sum(amounts), "cents", people)),
            ("customers", Cell(people, "count", people)),
            ("maximum", Cell(most, "cents", people)),
            ("minimum", Cell(least, "cents", people)),
        ],
    )  # fmt: skip


def _leavers(part: str, months: pl.DataFrame | None, fuel: Fuel) -> Section:
    """Item (XIX): who left, by the months' causes; opt-outs, rejections and returns as typed in."""
    left = None
    if months is not None:
        own = months.filter(~pl.col("planned"))
        causes = own.filter(pl.col("causes").list.eval(pl.element().is_in(_LEFT)).list.any())
        left = causes["participant_id"].n_unique()
    return one(
        part, "(XIX)", "Participants removed, opted out, rejected, and returned",
        [
            ("whose exit or move out took effect in the year", Cell(left, "count", left)),
            ("opted out after enrollment", _typed(fuel, "XIX_opted_out")),
            ("rejected because of a cap on the program", _typed(fuel, "XIX_rejected_by_cap")),
            ("time from eligibility to arrearage forgiveness", _typed(fuel, "XIX_arrearage_time")),
            ("came back after a prior program year", _typed(fuel, "XIX_returned")),
        ],
    )  # fmt: skip
