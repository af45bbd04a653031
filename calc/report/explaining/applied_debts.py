"""Steps of debts that are applied to a deposit when service ends, rule (n)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from calc.kernels.calendar import DAY_ENDS
from calc.report.explaining.accrual import Span
from calc.report.explaining.step import Law, Step, whole_step
from calc.units import format_cents as money
from calc.units import to_day

ADVANCE: Final = "construction_advance"
"""Kind of the monies that are no deposit."""


class Applied(NamedTuple):
    """Hold debts applied to a deposit.

    Attributes:
        turn: Epoch day from which they are off the principal; the end of the earning days if never.
        left_cents: The principal left.
        steps: The steps to it.
    """

    turn: int
    left_cents: int
    steps: list[Step]


def applied_debts(row: Mapping[str, Any], happened: Mapping[str, date | None], span: Span, law: Law) -> Applied:
    """Apply debts to a deposit when service ends, rule (n), if the rules are read so."""
    principal, owed, ended = row["principal_cents"], row["amounts_owed_cents"], happened["service_ended_date"]
    first, stop = span
    if law.own.unclaimed.owed_applied != "service_ended" or not owed:
        return Applied(stop, principal, [])
    closed = min((day for day in (happened["paid_date"], happened["remitted_date"]) if day), default=None)
    if row["kind"] == ADVANCE or ended is None or (closed is not None and closed <= ended):
        turn, applied = stop, 0
        formula = "nothing: the monies are no deposit, or service had not ended while they were held"
    else:
        start_shift = DAY_ENDS[law.own.deposit_interest.day_ends][0]
        turn, applied = min(max(first, to_day(ended) + start_shift), stop), min(owed, principal)
        formula = f"the lesser of {money(owed)} owed and {money(principal)}, on {ended}"
    used, passages = law.parameters("owed_applied"), law.passages("owed_applied", "(n)")
    label, left = "debts applied to the deposit", principal - applied
    taken = whole_step(label, "applied_cents", applied, applied, formula, used, passages)
    formula = f"{money(principal)} - {money(applied)}"
    kept = whole_step("deposit left", "deposit_left_cents", left, left, formula)
    return Applied(turn, left, [taken, kept])
