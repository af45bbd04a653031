"""Steps of a deposit with dated transactions: interest on the balance held day by day, rules (n), (o), (q)-(s).

Input: a deposit as its transactions have made it (principal held at the end date, days received and paid, postings and
debts in all), the transactions, its result. Output: the steps of `calc.report.explaining.unclaimed`, with a line of
interest for each part of the time with one balance, one rate and one calendar year.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from calc.kernels.calendar import DAY_ENDS
from calc.kernels.event_kinds import EVENTS, OWED, PRINCIPAL
from calc.rates.computing.table import RateTable
from calc.report.explaining import unclaimed
from calc.report.explaining.accrual import Line, Span, accrual_lines, rounded_sum
from calc.report.explaining.step import Law, Parameter, Step, rounded_step, whole_step
from calc.units import format_cents as money
from calc.units import rounded, to_date, to_day

_PRINCIPAL, _OWED = EVENTS[PRINCIPAL], EVENTS[OWED]


class Transaction(NamedTuple):
    """Hold a dated transaction: a kind of `event_kinds.EVENTS` and cents, refunds of principal negative."""

    day: date
    kind: str
    amount_cents: int


class _Stretch(NamedTuple):
    """Hold epoch days [first, stop) with one balance, and the cents that earn the rate and the six points on them."""

    first: int
    stop: int
    balance_cents: int
    earning_cents: int
    points_cents: int

    def within(self, first: int, stop: int) -> Span:
        """Return the days of the stretch within others, empty rather than negative."""
        start = max(self.first, first)
        return start, max(start, min(self.stop, stop))


def steps(
    row: Mapping[str, Any],
    transactions: Sequence[Transaction],
    result: Mapping[str, Any],
    *,
    law: Law,
    rates: RateTable,
    as_of: date,
) -> tuple[Step, ...]:
    """Work out a deposit with transactions on a date.

    Args:
        row: Columns of `deposits` as the transactions have made them.
        transactions: The deposit's transactions; those dated after `as_of` have not happened.
        result: Its result columns.
        law: The rules of the service.
        rates: The rates.
        as_of: The date.

    Raises:
        PuccalcError: The steps lead to another result.
    """
    happened = [each for each in transactions if each.day <= as_of]

    def interest(span: Span) -> list[Step]:
        return _interest_steps(row, result, _stretches(row, happened, span, law), span, law, rates)

    return unclaimed.steps(row, result, law=law, rates=rates, as_of=as_of, interest=interest)


def _stretches(row: Mapping[str, Any], happened: Sequence[Transaction], span: Span, law: Law) -> list[_Stretch]:
    """Split the days that earn where the balance changes or debts are applied, rule (n)."""
    rule, owed = law.own.unclaimed, row["amounts_owed_cents"]
    shift = DAY_ENDS[law.own.deposit_interest.day_ends][0]
    closing = min((day for day in (row["paid_date"], row["remitted_date"]) if day), default=None)
    ended, applied = row["service_ended_date"], None
    applies = rule.owed_applied == "service_ended" and owed and row["kind"] == "deposit"
    if applies and ended and (closing is None or ended < closing):
        applied = to_day(ended) + shift
    opening = 0 if any(each.kind == _PRINCIPAL for each in happened) else row["principal_cents"]
    undated = owed - sum(each.amount_cents for each in happened if each.kind == _OWED)
    less = owed if rule.surcharge_principal == "net_of_owed" else 0
    # A refund that closes the deposit stops earning when the rest does. Debts count from the day they are applied on.
    changes = [
        (to_day(each.day) + shift, each)
        for each in happened
        if (each.kind == _PRINCIPAL and not (each.day == closing and each.amount_cents < 0))
        or (each.kind == _OWED and each.day != closing and applied is not None)
    ]
    first, stop = span
    inner = {day for day, _ in changes} | ({applied} if applied is not None else set())
    cuts = [first, *sorted(day for day in inner if first < day < stop), stop]
    found = []
    for start, end in pairwise(cuts):
        sums = {
            kind: sum(each.amount_cents for day, each in changes if day <= start and each.kind == kind)
            for kind in (_PRINCIPAL, _OWED)
        }
        balance = opening + sums[_PRINCIPAL]
        debts = undated + sums[_OWED] if applied is not None and start >= applied else 0
        earning = max(0, balance - debts)
        if start < end:
            found.append(_Stretch(start, end, balance, earning, min(earning, max(0, balance - less))))
    return found


def _interest_steps(
    row: Mapping[str, Any],
    result: Mapping[str, Any],
    stretches: Sequence[_Stretch],
    span: Span,
    law: Law,
    rates: RateTable,
) -> list[Step]:
    """Make the steps of the balances, of rule (o) interest, of the rule (q)(II) surcharge, and of their rounding."""
    rule, (first, stop) = law.own.unclaimed, span
    surcharge_from = result["surcharge_from_date"]
    surcharge_first = stop if surcharge_from is None else min(max(first, to_day(surcharge_from)), stop)
    unpayable = row["kind"] == "construction_advance" and not row["interest_payable"]
    base_first = surcharge_first if unpayable else first

    def base_lines(until: int) -> list[Line]:
        spans = ((each, each.within(base_first, until)) for each in stretches if each.earning_cents)
        return [
            line for each, days in spans for line in accrual_lines("interest", each.earning_cents, days, law, rates)
        ]

    base = base_lines(stop)
    found = [
        *unclaimed.payable_steps(row, law),
        *(_balance_step(each, law) for each in stretches),
        *(line.step for line in base),
        *rounded_sum("base interest", "base_interest_cents", result["base_interest_cents"], base, law),
    ]
    surcharge: list[Line] = []
    if surcharge_first < stop:
        accrued = 0
        if rule.surcharge_base == "principal_plus_accrued":
            exact = sum((line.exact_cents for line in base_lines(surcharge_first)), Fraction(0))
            mode = law.own.deposit_interest.rounding_mode
            accrued = rounded(exact, mode)
            text = "the lines of interest before the surcharge"
            used = law.parameters("rounding_mode", "surcharge_base")
            found.append(rounded_step("accrued so far", "accrued_cents", accrued, exact, mode, text, used))
        by_rate = rates if rule.surcharge_mode == "multiplicative" else None
        for each in stretches:
            amount, days = each.points_cents + accrued, each.within(surcharge_first, stop)
            if amount:
                surcharge += accrual_lines("surcharge", amount, days, law, by_rate, rule.surcharge_ppm)
        found += [line.step for line in surcharge]
    return [*found, *unclaimed.interest_in_all(result, [*base, *surcharge], law)]


def _balance_step(each: _Stretch, law: Law) -> Step:
    """Make the step of what is held, and of what of it earns, over days on which neither changes."""
    balance, earning = each.balance_cents, each.earning_cents
    formula = f"{to_date(each.first)} through {to_date(each.stop - 1)}: {money(balance)} held"
    used: tuple[Parameter, ...] = ()
    if earning != balance:
        formula += f", {money(earning)} of it left after debts"
        used = law.parameters("owed_applied")
    return whole_step("balance that earns", "balance_cents", earning, earning, formula, used)
