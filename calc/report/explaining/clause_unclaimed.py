"""Steps of unclaimed deposits under a jurisdiction's clauses: since when, the interest, what is remitted to whom."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from calc.columns.clause_deposits import dormancy_table, payees
from calc.rates.computing.table import RateTable
from calc.report.explaining.clauses import cited, clauses_of, earned_steps
from calc.report.explaining.step import Figure, Law, Step, agree, whole_step
from calc.units import FIRST_DAY, to_date, to_day
from calc.units import format_cents as money
from calc.units import format_percent as percent

_NO_AMOUNTS = {
    "excluded": "no deposit: the clauses speak of deposits alone, and all amounts are zero",
    "not_received": "received after the as-of date: all amounts are zero",
}


def steps(
    row: Mapping[str, Any], result: Mapping[str, Any], *, law: Law, rates: RateTable, as_of: date
) -> tuple[Step, ...]:
    """Work out a row of the dataset `deposits` on a date; raise PuccalcError if the steps lead to another result."""
    status = result["status"]
    if status in _NO_AMOUNTS:
        figures: dict[str, Figure] = {"status": status, "as_of_date": as_of, "received_date": row["received_date"]}
        return (Step("status", figures, _NO_AMOUNTS[status]),)
    clauses = clauses_of(law)
    own = clauses.require_interest()
    ends = [row["paid_date"], row["remitted_date"]]
    stops = [row["service_ended_date"]] * own.stops_at_termination + [row["stop_date"]] * own.stops_at_notice
    end = min(day for day in (*ends, as_of) if day and day <= as_of)
    stops = [day for day in stops if day and day <= as_of]
    return (
        *_dormancy(row, result, law, as_of),
        *earned_steps(row, end, stops, result["interest_cents"], result["accrued_days"], law, rates),
        *_remittance(row, result, law),
    )


def _dormancy(row: Mapping[str, Any], result: Mapping[str, Any], law: Law, as_of: date) -> list[Step]:
    days = [row[name] for name in ("service_ended_date", "order_payable_date")]
    trigger = min((day for day in days if day and day <= as_of), default=None)
    unclaimed = clauses_of(law).unclaimed
    deemed = None
    if trigger is not None and unclaimed is not None:
        deemed = to_date(dormancy_table(unclaimed)[to_day(trigger) - FIRST_DAY])
    agree("unclaimed from", deemed, result["deemed_unclaimed_date"])
    figures: dict[str, Figure] = {
        "trigger_date": trigger,
        "deemed_unclaimed_date": deemed,
        "as_of_date": as_of,
        "status": result["status"],
    }
    if unclaimed is None:
        formula = "the jurisdiction's rules here do not say when a deposit is unclaimed"
    elif trigger is None:
        formula = "service goes on"
    else:
        formula = f"{trigger} + {unclaimed.dormancy_months} months, from {deemed} on"
    return [Step("status", figures, formula, parameters=cited(law, "dormancy_months", "dormancy_more_than"))]


def _remittance(row: Mapping[str, Any], result: Mapping[str, Any], law: Law) -> list[Step]:
    unclaimed = clauses_of(law).unclaimed
    if result["status"] not in {"unclaimed", "remitted"} or unclaimed is None:
        return []
    principal, interest = row["principal_cents"], result["interest_cents"]
    posted, owed = row["posted_cents"], row["amounts_owed_cents"]
    due = result["remittance_cents"]
    formula = f"{money(principal)} + {money(interest)} - {money(posted)} posted - {money(owed)} owed, at least 0"
    parts = payees(due, unclaimed)
    return [
        whole_step("to be remitted", "remittance_cents", due, max(0, principal + interest - posted - owed), formula),
        Step(
            "who is paid",
            {f"payee_{place}_cents": part["amount_cents"] for place, part in enumerate(parts, 1)},
            "; ".join(
                f"{part['payee']}: {percent(int(part['share_ppm']))} % = {money(int(part['amount_cents']))}"
                for part in parts
            ),
            parameters=cited(law, "payees"),
            note="Rounded down; what that leaves goes cent by cent to the largest share first.",
        ),
    ]
