"""Fill in the disconnection report, rules 3407(g) and 4407(g), from rows of accounts by quarter.

The items stand in the rule's order, by quarter: for all customers, for the income-qualified and the others, and for
each class and zip code of both. An item of which a row says nothing is "not given", never zero.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import polars as pl

from calc.columns.dataset import NONE
from calc.columns.datasets.account_quarters import VINTAGES
from calc.filing.report import Cell, Report, Section, Unit

QUARTERS: Final = (1, 2, 3, 4)
_GROUPS: Final = ((True, "income-qualified"), (False, "other customers"))
_HUNDREDTHS: Final = 100


class _Item(NamedTuple):
    """An item: its letter, title, unit, and the cell of a group's sums."""

    letter: str
    title: str
    unit: Unit
    cell: Callable[[Mapping[str, Any]], Cell]


def _sum_of(column: str, unit: Unit) -> Callable[[Mapping[str, Any]], Cell]:
    def cell(sums: Mapping[str, Any]) -> Cell:
        return Cell(None if sums[f"{column}_unknown"] else sums[column], unit, sums[f"{column}_customers"])

    return cell


def _customers_with(column: str) -> Callable[[Mapping[str, Any]], Cell]:
    def cell(sums: Mapping[str, Any]) -> Cell:
        found = sums[f"{column}_customers"]
        return Cell(None if sums[f"{column}_unknown"] else found, "count", found)

    return cell


def _mean_of(total: str, number: str, scale: int) -> Callable[[Mapping[str, Any]], Cell]:
    """A mean in hundredths, half up; not given where there is nothing to divide by."""

    def cell(sums: Mapping[str, Any]) -> Cell:
        unknown = sums[f"{total}_unknown"] or sums[f"{number}_unknown"]
        divisor = sums[number] * scale
        value = None if unknown or not divisor else (2 * _HUNDREDTHS * sums[total] + divisor) // (2 * divisor)
        return Cell(value, "hundredths", sums[f"{number}_customers"])

    return cell


def _days(vintage: str) -> str:
    return f"{vintage.replace('_', '-')} days" if "_" in vintage else f"{vintage}+ days"


ITEMS: Final = (
    _Item("A", "Unique customers", "count", lambda sums: Cell(sums["customers"], "count", sums["customers"])),
    _Item("B", "Amount billed", "cents", _sum_of("billed_cents", "cents")),
    _Item("C", "Customers charged a late payment charge", "count", _customers_with("late_charged")),
    _Item("D", "Late payment charges collected", "cents", _sum_of("late_charges_collected_cents", "cents")),
    *(
        _Item("E", f"Customers with an arrearage of {_days(each)}", "count", _customers_with(f"arrearage_{each}_cents"))
        for each in VINTAGES
    ),
    *(
        _Item("F", f"Arrearages of {_days(each)}", "cents", _sum_of(f"arrearage_{each}_cents", "cents"))
        for each in VINTAGES
    ),
    _Item("G", "Disconnection notices sent", "count", _sum_of("notices", "count")),
    _Item("H", "Disconnections for nonpayment", "count", _sum_of("disconnections", "count")),
    _Item("I", "Service restorations after disconnections for nonpayment", "count", _sum_of("restorations", "count")),
    _Item(
        "J", "Average hours from the customer's action to restoration", "hundredths",
        _mean_of("restoration_minutes", "restorations", 60),
    ),
    _Item("K", "Deposits collected for restoring service", "cents", _sum_of("deposits_collected_cents", "cents")),
    _Item("L", "Number of deposits collected for restoring service", "count", _sum_of("deposits_collected", "count")),
    _Item("M", "New installment payment plans", "count", _sum_of("plans", "count")),
    _Item("N", "Average repayment term of new plans, months", "hundredths", _mean_of("plan_months", "plans", 1)),
    _Item("O", "Fees for disconnecting service for nonpayment", "cents", _sum_of("disconnection_fees_cents", "cents")),
    _Item("P", "Fees for restoring service", "cents", _sum_of("restoration_fees_cents", "cents")),
    _Item("Q", "Collection fees of disconnected customers", "cents", _sum_of("collection_fees_cents", "cents")),
    _Item("R", "Other charges and fees for past due amounts", "cents", _sum_of("other_fees_cents", "cents")),
)  # fmt: skip
"""Items (A)-(R) of 3407(g)(I), those by vintage once for each."""


def disconnection_report(rows: pl.DataFrame, year: int, utility: str) -> Report:
    """Fill in the report.

    Args:
        rows: Good rows of the dataset `account_quarters`, every column of it as numbers; NONE where nothing is known.
        year: The calendar year.
        utility: The utility's name.
    """
    sections = [*_summary(rows), *_additional(rows)]
    for qualified, part in _GROUPS:
        sections += _by_zip(rows.filter(pl.col("income_qualified") == qualified), part)
    return Report(
        name="disconnections",
        title="Disconnections for nonpayment: annual report on residential customers",
        utility=utility,
        year=year,
        rule="4 CCR 723-3-3407(g), 723-4-4407(g)",
        period=f"{date(year, 1, 1)} through {date(year, 12, 31)}",
        due=f"{date(year + 1, 3, 1)}",
        sections=tuple(sections),
    )


def _sums(rows: pl.DataFrame, *keys: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Add up the columns of each group: sum, whether a row says nothing, and rows with more than nothing."""
    named = {"account_id", "quarter", "class", "zip", "income_qualified", *keys}
    measures = [name for name in rows.columns if name not in named]
    found = rows.group_by(keys, maintain_order=True).agg(
        pl.col("account_id").n_unique().alias("customers"),
        *(pl.col(name).clip(0).cast(pl.Int128).sum().alias(name) for name in measures),
        *((pl.col(name) == NONE).any().alias(f"{name}_unknown") for name in measures),
        *(pl.col("account_id").filter(pl.col(name) > 0).n_unique().alias(f"{name}_customers") for name in measures),
    )
    return {tuple(row[key] for key in keys): row for row in found.iter_rows(named=True)}


_NOBODY: Final = Cell(0, "count", 0)


def _cells(item: _Item, groups: Mapping[tuple[Any, ...], Mapping[str, Any]], *key: object) -> tuple[Cell, ...]:
    """Return an item's cells by quarter; a quarter without rows has no customers, and of them nothing was given."""
    empty = _NOBODY if item.letter == "A" else Cell(None, item.unit, 0)
    found = (groups.get((*key, quarter)) for quarter in QUARTERS)
    return tuple(item.cell(sums) if sums else empty for sums in found)


_HEADS: Final = tuple(f"quarter {quarter}" for quarter in QUARTERS)


def _summary(rows: pl.DataFrame) -> Sequence[Section]:
    every, by_group = _sums(rows, "quarter"), _sums(rows, "income_qualified", "quarter")
    return [
        Section(
            "summary", f"({item.letter})", item.title, ("customers", *_HEADS),
            (*((name, _cells(item, by_group, qualified)) for qualified, name in _GROUPS), ("all", _cells(item, every))),
            total=True, total_goes_first=True, chart="all" if item.letter in {"B", "H"} else "",
        )
        for item in ITEMS
    ]  # fmt: skip


def _by_zip(rows: pl.DataFrame, part: str) -> Sequence[Section]:
    places = rows.select("class", "zip").unique().sort("class", "zip").rows()
    own, every = _sums(rows, "class", "zip", "quarter"), _sums(rows, "quarter")
    return [
        Section(
            part, f"({item.letter})", item.title, ("class and zip code", *_HEADS),
            (
                *((f"{of_class} {code}", _cells(item, own, of_class, code)) for of_class, code in places),
                ("all", _cells(item, every)),
            ),
            total=True,
        )
        for item in ITEMS
    ]  # fmt: skip


def _additional(rows: pl.DataFrame) -> Sequence[Section]:
    """Item (II)(A): of the year, customers disconnected and those more than once; plans, completed and broken."""
    year = _sums(rows.with_columns(pl.lit(0).alias("year")), "year").get((0,))
    if year is None:
        return []
    unknown = year["disconnections_unknown"]
    of_each = rows.group_by("account_id").agg(pl.col("disconnections").clip(0).sum())["disconnections"]
    once, often = int((of_each > 0).sum()), int((of_each > 1).sum())
    percent = None if unknown or not once else (2 * 10_000 * often + once) // (2 * once)
    term = _mean_of("plan_months", "plans", 1)(year)
    figures = (
        ("customers disconnected for nonpayment", Cell(None if unknown else once, "count", once)),
        ("percent of these disconnected more than once", Cell(percent, "hundredths", often)),
        ("installment payment plans entered into", _sum_of("plans", "count")(year)),
        ("average length of those plans, months", term),
        ("installment payment plans completed", _sum_of("plans_completed", "count")(year)),
        ("installment payment plans broken", _sum_of("plans_broken", "count")(year)),
        ("narrative, (A) and (B)", Cell(None, "text")),
    )
    cells = tuple((name, (cell,)) for name, cell in figures)
    return [Section("summary", "(II)(A)", "Analysis of the year", ("", "figure"), cells)]
