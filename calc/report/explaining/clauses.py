"""Steps of interest under a jurisdiction's clauses, each clause with its citation where it decides.

Input: a row, its result, the rules and the rates. Output: steps that lead to the result's figures: least principal,
time of holding, one line for each rate and year, and interest that becomes principal on a day of the year.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from calc.columns.clauses import clause_tables
from calc.kernels.calendar import add_months
from calc.rates.computing.table import RateRow, RateTable
from calc.report.explaining.accrual import Line, accrual_lines, earning_days
from calc.report.explaining.step import Figure, Law, Parameter, Step, agree, rounded_step, whole_step
from calc.rules.clause_rules import Clauses
from calc.rules.clause_tariff import DEFAULT_TARIFF
from calc.rules.deposit_clauses import InterestClauses
from calc.units import FIRST_DAY, LAST_DAY, rounded, to_date, to_day
from calc.units import format_cents as money
from calc.units import format_percent as percent


def clauses_of(law: Law) -> Clauses:
    """Return the rules' clauses; ValueError where they are Colorado's."""
    if law.rules.clauses is None:
        raise ValueError("these rules have no clauses")
    return law.rules.clauses


def cited(law: Law, *names: str) -> tuple[Parameter, ...]:
    """Return the clauses of these names that the jurisdiction's files give, with their citations."""
    clauses = clauses_of(law)
    found = []
    for name in names:
        citation = clauses.citations.get(name)
        holder = next(
            (
                each
                for each in (clauses.interest, clauses.limit, clauses.unclaimed, clauses.plan)
                if hasattr(each, name)
            ),
            None,
        )
        if citation is None or holder is None:
            continue
        value = getattr(holder, name)
        set_by = "switch" if name in law.rules.switches else "rules"
        if name == "rate_share_bp" and law.rules.tariff.name != DEFAULT_TARIFF:
            set_by = "tariff"
        found.append(Parameter(name, _shown(value), set_by, citation))
    return tuple(found)


def _shown(value: Any) -> Any:  # noqa: ANN401 - a clause's value
    return "; ".join(map(_row_text, value)) if isinstance(value, tuple) else value


def _row_text(row: Any) -> str:  # noqa: ANN401 - a row of a clause
    return ", ".join(f"{name} {getattr(row, name)}" for name in row.__slots__)


def interest_steps(
    row: Mapping[str, Any], result: Mapping[str, Any], *, law: Law, rates: RateTable
) -> tuple[Step, ...]:
    """Work out a row of the dataset `interest`; raise PuccalcError if the steps lead to another result."""
    own = clauses_of(law).require_interest()
    stops = [row.get("stop_date")] if own.stops_at_notice else []
    return tuple(earned_steps(row, row["through_date"], stops, result["interest_cents"], result["days"], law, rates))


def earned_steps(
    row: Mapping[str, Any],
    end: date,
    stops: Sequence[date | None],
    interest_cents: int,
    days: int,
    law: Law,
    rates: RateTable,
) -> list[Step]:
    """Work out interest from receipt to the first of the end and the events that stop it."""
    own = clauses_of(law).require_interest()
    received, principal = row["received_date"], row["principal_cents"]
    until = max(received, min(day for day in (end, *stops) if day))
    held = _held_on(received, own)
    earns = principal >= own.least_principal_cents and (until > held if own.holding_more_than else until >= held)
    start = received if own.holding_from_first_day else held
    first, stop = earning_days(min(start, until), until, own.day_ends)
    if not earns:
        first = stop
    agree("days that earn", stop - first, days)
    told = _held_text(own, received, held, until, principal)
    used = cited(
        law, "day_ends", "least_principal_cents", "holding_months", "holding_days", "holding_more_than",
        "holding_from_first_day", "stops_at_termination", "stops_at_notice",
    )  # fmt: skip
    figures: dict[str, Figure] = {"received_date": received, "end_date": until, "days": days}
    found = [Step("days that earn", figures, told, parameters=used)]
    if not earns:
        return [*found, whole_step("interest in all", "interest_cents", interest_cents, 0, "nothing is earned", used)]
    table = _with_steps(row, rates, own)
    amount, parts = principal, []
    for begin, finish in _parts(first, stop, own, rates):
        lines = accrual_lines("interest", amount, (begin, finish), law, table)
        exact = sum((line.exact_cents for line in lines), Fraction(0)) * own.rate_share_bp / 10_000
        found += [line.step for line in lines]
        found.append(_part_step(exact, lines, begin, finish, own, law))
        part = found[-1].figures["part_cents"]
        parts.append(int(part) if isinstance(part, int) else 0)
        amount += parts[-1] if own.capitalized_month is not None else 0
    formula = " + ".join(map(money, parts)) or "no day counts"
    found.append(whole_step("interest in all", "interest_cents", interest_cents, sum(parts), formula))
    return found


def _part_step(exact: Fraction, lines: list[Line], begin: int, finish: int, own: InterestClauses, law: Law) -> Step:
    """Make the step that rounds a part: all of simple interest, or what becomes principal on a day of the year."""
    cents = rounded(exact, own.rounding_mode)
    share = "" if own.rate_share_bp == 10_000 else f", times {percent(own.rate_share_bp * 100)} %"
    formula = f"sum of {len(lines)} line{'s' * (len(lines) != 1)}{share}"
    label = f"interest of {to_date(begin)} through {to_date(finish - 1)}"
    used = cited(law, "rounding_mode", "rate_share_bp", "capitalized_month", "capitalized_day")
    return rounded_step(label, "part_cents", cents, exact, own.rounding_mode, formula, used)


def _parts(first: int, stop: int, own: InterestClauses, rates: RateTable) -> list[tuple[int, int]]:
    """Split [first, stop) after each day at whose end interest becomes principal."""
    capital_day = clause_tables(own, rates).capital_day
    if not capital_day.size:
        return [(first, stop)] if first < stop else []
    found = []
    while first < stop:
        cut = min(stop, int(capital_day[first - FIRST_DAY]))
        found.append((first, cut))
        first = cut
    return found


def _held_on(received: date, own: InterestClauses) -> date:
    """Return the day on which a deposit was held for the least time."""
    moved = add_months(np.array([to_day(received)], dtype=np.int64), own.holding_months)[0]
    return to_date(int(moved) + own.holding_days)


def _held_text(own: InterestClauses, received: date, held: date, until: date, principal: int) -> str:
    texts = [f"{received} to {until}"]
    if own.least_principal_cents:
        more = "at least" if principal >= own.least_principal_cents else "less than"
        texts.append(f"{money(principal)} is {more} {money(own.least_principal_cents)}")
    if own.holding_months or own.holding_days:
        texts.append(f"held {'longer than ' if own.holding_more_than else ''}until {held} to earn")
    return "; ".join(texts)


def _with_steps(row: Mapping[str, Any], rates: RateTable, own: InterestClauses) -> RateTable:
    """Return the rates with the steps by class and length of holding laid over them."""
    deposit_class = row.get("class") or "residential"
    steps = sorted(
        (step for step in own.rate_steps if step.applies_to in {"all", deposit_class}),
        key=lambda step: step.after_months,
    )
    if not steps:
        return rates
    received = np.array([to_day(row["received_date"])], dtype=np.int64)
    begins = [int(add_months(received, step.after_months)[0]) + 1 for step in steps]
    rows = {
        start: replace(each, effective_from=to_date(start), until=to_date(stop))
        for start, stop, each in rates.segments(rates.first_day, begins[0])
    }
    for step, begin in zip(steps, begins, strict=True):
        told = f"after {step.after_months} months of holding"
        rows[begin] = RateRow(to_date(begin), step.rate_ppm, "computed", to_date(begin), told)
    return RateTable(tuple(rows.values()), to_date(max(begins[-1], LAST_DAY) + 1))
