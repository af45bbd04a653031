"""Steps of unclaimed monies, rule (q): trigger, the two dates, status, interest with the surcharge, remittance."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np

from calc.kernels.calendar import add_months
from calc.kernels.unclaimed_terms import EXTENDED
from calc.rates.computing.table import RateTable
from calc.report.explaining import clause_unclaimed
from calc.report.explaining.accrual import Line, Span, accrual_lines, days_step, earning_days, rounded_sum
from calc.report.explaining.applied_debts import ADVANCE, Applied, applied_debts
from calc.report.explaining.step import Figure, Law, Step, agree, rounded_step, whole_step
from calc.rules.holidays import business_day_from, day_off
from calc.units import format_cents as money
from calc.units import rounded, to_date, to_day

_REMITTABLE = ("unclaimed", "overdue", "remitted")
_WITHOUT_AMOUNTS = {
    "excluded": "a kind that is not unclaimed monies: all amounts are zero",
    "not_received": "received after the as-of date: all amounts are zero",
}
_DATED = ("paid_date", "remitted_date", "service_ended_date", "order_payable_date")


def steps(
    row: Mapping[str, Any],
    result: Mapping[str, Any],
    *,
    law: Law,
    rates: RateTable,
    as_of: date,
    interest: Callable[[Span], list[Step]] | None = None,
) -> tuple[Step, ...]:
    """Work out one row of the dataset `deposits` on a date; raise PuccalcError if the steps lead to another result.

    `interest` makes the steps of interest from the days that earn, where they are not those of one principal.
    """
    if law.rules.clauses is not None:
        return clause_unclaimed.steps(row, result, law=law, rates=rates, as_of=as_of)
    status = result["status"]
    if status in _WITHOUT_AMOUNTS:
        figures = {"status": status, "as_of_date": as_of, "received_date": row["received_date"], "kind": row["kind"]}
        return (Step("status", figures, _WITHOUT_AMOUNTS[status]),)
    happened = {name: row[name] if row[name] and row[name] <= as_of else None for name in _DATED}
    deemed, surcharge_from = result["deemed_unclaimed_date"], result["surcharge_from_date"]
    found = [_trigger_step(row, happened, law)]
    trigger = found[0].figures["trigger_date"]
    if isinstance(trigger, date):
        found += [
            _period_step("deemed unclaimed", "deemed_unclaimed_date", trigger, deemed, law),
            _period_step("surcharge from", "surcharge_from_date", deemed, surcharge_from, law),
        ]
    found.append(_status_step(status, happened, deemed, surcharge_from, as_of))
    end = min(day for day in (happened["paid_date"], happened["remitted_date"], as_of) if day)
    span = earning_days(row["received_date"], end, law.own.deposit_interest.day_ends)
    found.append(days_step(row["received_date"], end, span, "accrued_days", result["accrued_days"], law))
    if interest is None:
        found += _interest_steps(row, result, span, applied_debts(row, happened, span, law), law, rates)
    else:
        found += interest(span)
    return (*found, *_settlement_steps(row, result, law))


def _trigger_step(row: Mapping[str, Any], happened: Mapping[str, date | None], law: Law) -> Step:
    """Make the step of the trigger: the earlier of termination and an order after reasonable efforts."""
    efforts = row["efforts_made"]
    service_ended, order_payable = happened["service_ended_date"], happened["order_payable_date"]
    counts = [
        service_ended if efforts or law.own.unclaimed.efforts_scope == "order" else None,
        order_payable if efforts else None,
    ]
    trigger = min((day for day in counts if day), default=None)
    figures: dict[str, Figure] = {
        "service_ended_date": service_ended,
        "order_payable_date": order_payable,
        "efforts_made": efforts,
        "trigger_date": trigger,
    }
    formula = "no service end or order counts yet" if trigger is None else f"the first that counts: {trigger}"
    used, passages = law.parameters("efforts_scope"), law.passages("efforts_scope", "(q)(I)")
    return Step("trigger", figures, formula, parameters=used, passages=passages)


def _period_step(label: str, name: str, start: date, end: date | None, law: Law) -> Step:
    """Make the step of a period of months; raise PuccalcError if the result has another day."""
    rule = law.own.unclaimed
    months, after, switch = {
        "deemed_unclaimed_date": (rule.abandonment_months, rule.more_than == "day_after", "more_than"),
        "surcharge_from_date": (rule.grace_months, rule.surcharge_start == "day_after_period", "surcharge_start"),
    }[name]
    day = to_date(add_months(np.array([to_day(start)], dtype=np.int64), months)[0])
    formula = f"{start} + {months} months = {day}"
    if EXTENDED[rule.weekend_extension][name == "surcharge_from_date"] and day_off(day):
        formula += f", {day_off(day)}, extended to {business_day_from(day)}, the next business day"
        day = business_day_from(day)
    if after:
        day += timedelta(days=1)
        formula += f"; + 1 day = {day}"
    agree(label, day, end)
    months_name = "abandonment_months" if name == "deemed_unclaimed_date" else "grace_months"
    return Step(label, {name: day}, formula, parameters=law.parameters(months_name, switch, "weekend_extension"))


def _status_step(
    status: str,
    happened: Mapping[str, date | None],
    deemed: date | None,
    surcharge_from: date | None,
    as_of: date,
) -> Step:
    reasons = {
        "remitted": f"remitted {happened['remitted_date']}, not paid back earlier",
        "returned": f"paid back {happened['paid_date']}",
        "overdue": f"as of {as_of}, on or after {surcharge_from}, the first day of the surcharge",
        "unclaimed": f"as of {as_of}, on or after {deemed}, when it is deemed unclaimed",
        "waiting": f"as of {as_of}, before {deemed}, when it would be deemed unclaimed",
        "active": f"as of {as_of}, no trigger counts",
    }
    return Step("status", {"status": status, "as_of_date": as_of}, reasons[status])


def _interest_steps(
    row: Mapping[str, Any], result: Mapping[str, Any], span: Span, applied: Applied, law: Law, rates: RateTable
) -> list[Step]:
    """Make the steps of rule (o) interest, the rule (q)(II) surcharge from its first day on, and their rounding."""
    rule, held = law.own.unclaimed, (row["principal_cents"], applied.left_cents)
    first, stop = span

    def lines(label: str, amounts: tuple[int, int], part: Span, by_rate: RateTable | None, *ppm: int) -> list[Line]:
        turn = min(max(part[0], applied.turn), part[1])
        return [
            *accrual_lines(label, amounts[0], (part[0], turn), law, by_rate, *ppm),
            *accrual_lines(label, amounts[1], (turn, part[1]), law, by_rate, *ppm),
        ]

    surcharge_from = result["surcharge_from_date"]
    surcharge_first = stop if surcharge_from is None else min(max(first, to_day(surcharge_from)), stop)
    base_first = surcharge_first if row["kind"] == ADVANCE and not row["interest_payable"] else first
    base = lines("interest", held, (base_first, stop), rates)
    found = [
        *payable_steps(row, law),
        *applied.steps,
        *(line.step for line in base),
        *rounded_sum("base interest", "base_interest_cents", result["base_interest_cents"], base, law),
    ]
    surcharge: list[Line] = []
    if surcharge_first < stop:
        before = lines("interest", held, (base_first, surcharge_first), rates)
        amounts, amount_steps = _surcharged(row, before, held, (surcharge_first, applied.turn, stop), law)
        by_rate = rates if rule.surcharge_mode == "multiplicative" else None
        surcharge = lines("surcharge", amounts, (surcharge_first, stop), by_rate, rule.surcharge_ppm)
        found += [*amount_steps, *(line.step for line in surcharge)]
    return [*found, *interest_in_all(result, [*base, *surcharge], law)]


def interest_in_all(result: Mapping[str, Any], lines: list[Line], law: Law) -> list[Step]:
    """Make the steps of the interest in all, rounded from exact lines, and of the surcharge's part of it."""
    base_cents, total = result["base_interest_cents"], result["interest_cents"]
    name, surcharge_cents = "surcharge_interest_cents", result["surcharge_interest_cents"]
    formula = f"{money(total)} - {money(base_cents)}"
    return [
        *rounded_sum("interest in all", "interest_cents", total, lines, law),
        whole_step("surcharge interest", name, surcharge_cents, total - base_cents, formula),
    ]


def payable_steps(row: Mapping[str, Any], law: Law) -> list[Step]:
    """Make the step that says whether a construction advance bears interest before the surcharge."""
    if row["kind"] != ADVANCE:
        return []
    payable = row["interest_payable"]
    formula = "payable under the line extension tariff" if payable else "not payable before the surcharge begins"
    passages = law.passages("efforts_scope", "(q)(III)")
    return [Step("interest on an advance", {"interest_payable": payable}, formula, passages=passages)]


def _surcharged(
    row: Mapping[str, Any], before: list[Line], held: tuple[int, int], days: tuple[int, int, int], law: Law
) -> tuple[tuple[int, int], list[Step]]:
    """Return the amounts that bear the surcharge before and after debts are applied, and the steps to them.

    Each is what is held, net of debts or with what was earned `before`, as the rules are read. `days` are epoch days:
    the surcharge's first day, the day on which debts are applied, the end.
    """
    rule, owed = law.own.unclaimed, row["amounts_owed_cents"]
    since, turn, stop = days
    amounts, formulas = list(held), [money(amount) for amount in held]
    found = []
    if rule.surcharge_principal == "net_of_owed":
        amounts[0], formulas[0] = max(0, held[0] - owed), f"{money(held[0])} - {money(owed)} owed, at least 0"
    if rule.surcharge_base == "principal_plus_accrued":
        exact = sum((line.exact_cents for line in before), Fraction(0))
        mode = law.own.deposit_interest.rounding_mode
        accrued = rounded(exact, mode)
        text = "the lines of interest before the surcharge"
        found.append(
            rounded_step("accrued so far", "accrued_cents", accrued, exact, mode, text, law.parameters("rounding_mode"))
        )
        amounts = [amount + accrued for amount in amounts]
        formulas = [f"{formula} + {money(accrued)}" for formula in formulas]
    used, label = law.parameters("surcharge_base", "surcharge_principal"), "amount that bears the surcharge"
    places = [*([0] if since < turn else []), *([1] if turn < stop else [])]
    for place in places:
        named = f"{label} from {to_date(turn)} on" if place and len(places) > 1 else label
        found.append(whole_step(named, "surcharged_cents", amounts[place], amounts[place], formulas[place], used))
    return (amounts[0], amounts[1]), found


def _settlement_steps(row: Mapping[str, Any], result: Mapping[str, Any], law: Law) -> list[Step]:
    """Make the steps of the interest still due and of the amount to be remitted."""
    principal, interest = row["principal_cents"], result["interest_cents"]
    posted, owed = row["posted_cents"], row["amounts_owed_cents"]
    due, remittance = result["interest_due_cents"], result["remittance_cents"]
    formula = f"{money(interest)} - {money(posted)} posted"
    found = [whole_step("interest due", "interest_due_cents", due, interest - posted, formula)]
    worked, formula = 0, f"status {result['status']}: nothing is to be remitted"
    if result["status"] in _REMITTABLE:
        worked = max(0, principal + interest - posted - owed)
        formula = f"{money(principal)} + {money(interest)} - {money(posted)} posted - {money(owed)} owed, at least 0"
    used, passages = law.parameters("owed_applied") if owed else (), law.passages("efforts_scope", "(q)")
    return [*found, whole_step("remittance", "remittance_cents", remittance, worked, formula, used, passages)]
