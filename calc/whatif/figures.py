"""Put the sums of scenarios side by side: cost, burden by income band, winners and losers, the fee and its ceiling.

In: sums by scenario, service and band. Out: a report whose figures of few households are left out, with those that
would give them away (`calc.filing.suppression`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from calc.filing.report import EVERY_FIGURE, Cell, Report, Section, Unit
from calc.filing.suppression import public_form
from calc.program.books import Books, keep_books
from calc.program.fees import proposed_fees
from calc.program.program_file import RESIDENTIAL, CustomerClass, Fuel
from calc.report.explaining.step import Law
from calc.rules.schema import SERVICES
from calc.units import CENTS_MAX
from calc.whatif.portfolio import Sums
from calc.whatif.scenario_file import Scenario, Study

_COST: Final = (
    ("households", "households"),
    ("bills", "bills_cents"),
    ("LEAP applied", "leap_cents"),
    ("credits for usage", "usage_credits_cents"),
    ("credits for arrearage", "arrearage_credits_cents"),
    ("households pay", "payments_cents"),
    ("recalculations due", "recalculations"),
)
_MOVED: Final = (
    ("pay less", "less"),
    ("less, in all", "less_cents"),
    ("pay more", "more"),
    ("more, in all", "more_cents"),
)


class _Groups(NamedTuple):
    """Gives the sums of a service by band."""

    sums: Sums
    service: int
    bands: int

    def of(self, scenario: int, name: str) -> list[int]:
        start = self.service * self.bands
        return self.sums.by_scenario[scenario][name][start : start + self.bands]

    def all(self, scenario: int, name: str) -> int:
        return sum(self.of(scenario, name))


def compared(study: Study, sums: Sums, fuels: Mapping[str, Fuel]) -> Report:
    """Make the report of a study.

    Args:
        study: The scenarios.
        sums: Their sums.
        fuels: What the program's file says of each fuel; empty: no fees are worked out.
    """
    bands = band_names(study.bands)
    sections: list[Section] = []
    for place, service in enumerate(SERVICES):
        groups = _Groups(sums, place, len(bands))
        if not groups.all(0, "households"):
            continue
        sections += [_cost(service, study, groups), *_by_band(service, study, groups, bands)]
        sections.append(_moved(service, study, groups))
        if service in fuels:
            sections.append(_fees(service, study, groups, fuels[service]))
    report = Report(
        name="whatif",
        title=study.title,
        utility=f"{sums.rows - sums.refused_rows:,} of {sums.rows:,} participants",
        year=study.as_of.year,
        rule="3412, 4412",
        period=f"As of {study.as_of}",
        due="",
        sections=tuple(sections),
    )
    return public_form(report, study.fewest_households) if study.fewest_households else report


def band_names(ends: Sequence[int]) -> list[str]:
    """Return the bands' names, by percent of the federal poverty guideline."""
    starts = ["to", *(f"above {end} to" for end in ends[:-1])]
    return [*(f"{start} {end} %" for start, end in zip(starts, ends, strict=True)), f"above {ends[-1]} %"]


def _cost(service: str, study: Study, groups: _Groups) -> Section:
    rows = tuple(
        (
            head,
            tuple(
                Cell(groups.all(place, name), _unit(name), groups.all(place, "households"))
                for place in range(len(study.scenarios))
            ),
        )
        for head, name in _COST
    )
    return Section(
        service, "", "A year's cost and credits", _heads(study.scenarios), rows, chart="credits for usage",
        note="Twelve months of credits at the yearly figures; bills are the full annual ones of the scenario.",
    )  # fmt: skip


def _heads(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    return ("", *(each.name for each in scenarios))


def _by_band(service: str, study: Study, groups: _Groups, bands: Sequence[str]) -> list[Section]:
    """Return burden, payments and credits by income band, a column for each scenario."""
    households = groups.of(0, "households")
    names = [each.name for each in study.scenarios]
    found = []
    for title, figure, unit in (
        ("Burden: paid of the bill, % of income", None, "hundredths"),
        ("Households pay, dollars a year", "payments_cents", "cents"),
        ("Credits for usage, dollars a year", "usage_credits_cents", "cents"),
    ):
        rows: list[tuple[str, tuple[Cell, ...]]] = []
        for band, name in enumerate([*bands, "all"]):
            number = households[band] if band < len(bands) else sum(households)
            if not number:
                continue
            cells = [Cell(number, "count", number)]
            for place in range(len(names)):
                part = slice(band, band + 1) if band < len(bands) else slice(None)
                value = _burden(groups, place, part) if figure is None else sum(groups.of(place, figure)[part])
                cells.append(Cell(value, unit, number))  # type: ignore[arg-type]  # a unit's word
            rows.append((name, tuple(cells)))
        note = "By household income as it is, in percent of the federal poverty guideline." if figure is None else ""
        heads = ("income band", "households", *names)
        chart = EVERY_FIGURE if figure is None else ""
        found.append(Section(service, "", title, heads, tuple(rows), total=True, note=note, chart=chart))
    return found


def _burden(groups: _Groups, scenario: int, part: slice) -> int | None:
    """Return what is paid in hundredths of a percent of all incomes together, half up; None without income."""
    paid, incomes = (sum(groups.of(scenario, name)[part]) for name in ("payments_cents", "incomes_cents"))
    return (2 * paid * 10_000 + incomes) // (2 * incomes) if incomes else None


def _moved(service: str, study: Study, groups: _Groups) -> Section:
    """Return winners and losers; where either are few, the whole scenario is left out: the rest tells of them."""
    columns = []
    for place in range(1, len(study.scenarios)):
        less, more = groups.all(place, "less"), groups.all(place, "more")
        same = groups.all(place, "households") - less - more
        fewest = min(filter(None, (less, more, same)))
        figures = [(groups.all(place, name), _unit(name)) for _, name in _MOVED]
        columns.append([Cell(value, unit, fewest) for value, unit in (*figures, (same, _unit("")))])
    heads = [*(head for head, _ in _MOVED), "pay the same"]
    rows = tuple((head, tuple(column[row] for column in columns)) for row, head in enumerate(heads))
    title = f"Winners and losers against {study.scenarios[0].name}"
    return Section(service, "", title, _heads(study.scenarios[1:]), rows)


def _fees(service: str, study: Study, groups: _Groups, fuel: Fuel) -> Section:
    """Return the residential fee that a year's cost needs, what the ceiling cuts off, and the balance at the fee."""
    columns = [
        _fee_cells(
            keep_books(
                groups.all(place, "usage_credits_cents"), groups.all(place, "arrearage_credits_cents"),
                with_fee(fuel, scenario), Law(scenario.rules, service),
            ),
            with_fee(fuel, scenario),
        )
        for place, scenario in enumerate(study.scenarios)
    ]  # fmt: skip
    rows = tuple((head, tuple(column[head] for column in columns)) for head in columns[0])
    return Section(
        service, "", "The residential fee a month against its ceiling", _heads(study.scenarios), rows,
        chart="fee needed",
        note="The fee that recovers the year's cost by revenue requirement, rounded down; balance at the fee charged.",
    )  # fmt: skip


def _fee_cells(books: Books, fuel: Fuel) -> dict[str, Cell]:
    highest, cost = books.highest_residential_fee_cents, max(0, books.cost_to_recover_cents)
    needed, proposed = (
        next(each for each in proposed_fees(fuel.classes, cost, most) if each.name == RESIDENTIAL)
        for most in (CENTS_MAX, highest)
    )
    return {
        "program cost": Cell(books.program_cost_cents, "cents"),
        "cost to recover": Cell(cost, "cents"),
        "fee needed": Cell(needed.fee_cents, "cents"),
        "ceiling": Cell(highest, "cents"),
        "the fee needed is": Cell("above" if needed.fee_cents > highest else "within", "text"),
        "cut off a year": Cell(proposed.cut_off_cents, "cents"),
        "fee charged": Cell(books.residential_fee_cents, "cents"),
        "recovery": Cell(books.recovery_cents, "cents"),
        "net": Cell(books.net_cents, "cents"),
        "out of balance": Cell("yes" if books.out_of_balance else "no", "text"),
    }


def with_fee(fuel: Fuel, scenario: Scenario) -> Fuel:
    """Return what the program's file says with the scenario's residential fee, by which recovery is then worked out."""
    fee = scenario.residential_fee_cents
    if fee is None:
        return fuel

    def charged(each: CustomerClass) -> CustomerClass:
        return replace(each, fee_cents=(fee,) * len(each.fee_cents)) if each.name == RESIDENTIAL else each

    return replace(fuel, classes=tuple(map(charged, fuel.classes)), recovery_cents=None)


def _unit(name: str) -> Unit:
    return "cents" if name.endswith("_cents") else "count"
