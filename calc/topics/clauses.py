"""What a topic asks and answers under a jurisdiction's deposit clauses, beside what it does under Colorado's rules."""

from typing import Any, Final

from calc.columns import clause_deposits
from calc.columns.contract import ACCOUNTS, DEPOSITS
from calc.report.explaining import clause_limits
from calc.report.explaining.quote import Outcome, Row
from calc.report.explaining.step import Law
from calc.topics.topic import Group, Names, QuoteField

_CLASSES: Final = ("Residential", "Non-residential")
CLASS: Final = QuoteField(DEPOSITS.column("class"), "Class", "Counts where rules differ by class", choices=_CLASSES)
ACCOUNT_CLASS: Final = QuoteField(ACCOUNTS.column("class"), CLASS.label, CLASS.hint, choices=_CLASSES)
STOP: Final = QuoteField(
    DEPOSITS.column("stop_date"), "Notice sent on", "That the deposit is no longer needed, where that ends interest"
)  # fmt: skip
ELSEWHERE: Final = Group("In other jurisdictions", (CLASS, STOP), folded=True)
"""Fields that Colorado's rules do not look at."""
_OF_A_YEAR: Final = ("average_months", "year_twelfths")


def with_payees(outcome: Outcome, law: Law) -> Outcome:
    """Add who is paid what of a remittance, where the rules split it."""
    clauses = law.rules.clauses
    if outcome.result is None or clauses is None or clauses.unclaimed is None:
        return outcome
    paid = clause_deposits.payees(outcome.result["remittance_cents"], clauses.unclaimed)
    return outcome._replace(result={**outcome.result, "payees": paid})


def with_method(outcome: Outcome, law: Law) -> Outcome:
    """Add the method of the limit of the row's class; what bars a deposit, or makes it due back, is not known."""
    if outcome.result is None:
        return outcome
    own = clause_limits.limit_in_force(outcome.row, law)
    shown: dict[str, Any] = {"return_due": None, "estimate": "" if own is None else own.method, "barred": []}
    return outcome._replace(result={**outcome.result, **shown})


def incomplete(row: Row, law: Law, named: Names) -> str:
    """Say which bills the limit of the row's class needs besides; empty where there are enough."""
    own = clause_limits.limit_in_force(row, law)
    if own is None:
        other = row.get("class") or "residential"
        return f"{law.rules.jurisdiction} has no limit for the class {other}: give another {named('class')}"
    monthly, billed, days = named("monthly_bill_cents"), named("billed_cents"), named("billed_days")
    bills, by_days = len(row["monthly_bill_cents"] or ()), _days_billed(row)
    if own.method == "days":
        return "" if by_days else f"the limit takes {billed} and {days}"
    twelve = own.method == "year_twelfths"
    of_a_year = own.method in _OF_A_YEAR
    if (bills == 12 if twelve else bills >= own.months) or (of_a_year and by_days in {365, 366}):
        return ""
    by_year = f", or {billed} of a year with {days} 365 or 366" if of_a_year else ""
    return f"the limit takes {monthly}, {'twelve' if twelve else f'at least {own.months}'} of them{by_year}"


def _days_billed(row: Row) -> int:
    """Return the days of the first bill that is there: the account's, the premises' or the class'; 0 for none."""
    for name in ("billed", "premises_billed", "class_billed"):
        if row[f"{name}_cents"] is not None and row[f"{name}_days"]:
            return int(row[f"{name}_days"])
    return 0
