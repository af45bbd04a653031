"""Say what holds for every deposit, rules (l) and (o)(I), as explanations and receipts do."""

from typing import Final

from calc.report.explaining.step import Law

INTEREST: Final = (
    "A deposit earns simple interest from the day on which it is received to the day on which you are paid. A new rate "
    "may be set for each calendar year. Ask for the interest yearly or when the deposit is returned."
)
_NUMBERS: Final = {0: "no", 1: "one", 2: "two", 3: "three"}


def payee(law: Law) -> str:
    """Name who is paid what nobody claims."""
    clauses = law.rules.clauses
    if clauses is None:
        return "the energy assistance organization"
    names = [each.name for each in clauses.unclaimed.payees] if clauses.unclaimed else []
    return " and ".join(names) or "whom the rules name"


def return_sentence(law: Law) -> str:
    """Say when a deposit is returned."""
    most = law.own.deposit_limit.return_late_payments_max
    return (
        f"It is returned once you have made no more than {_NUMBERS.get(most, str(most))} late payments in 12 "
        "consecutive months."
    )
