"""Twin of other states' percentage-of-income programs: a program and a row of months in, money out.

    need = bill - what LIHEAP pays of it, where the program reckons after LIHEAP; else the bill
    payment = share x monthly income, rounded down, within the program's floor and cap, at most the need
    credit = need - payment, within the program's floor (where there is one at all) and cap, at most the need
    payment due = need - credit
    debt credit = the next of so many equal parts of the old debt, extra cents first

Money is whole cents, shares are parts per million.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.reference.arrearage import monthly_spread
from tests.reference.rate_table import PPM

__all__ = ["NEW_JERSEY", "OHIO", "VIRGINIA", "Program", "drawn", "months_of", "nevada", "payment_and_credit"]


@dataclass(frozen=True)
class Program:
    """A program's terms; ``electric_heat_share_ppm`` holds where electricity heats, in Ohio for an all-electric home.

    bill_credit_on: always | paid | paid_on_time, and withheld where the payment due was not made whole and on time.
    debt_credit_on: the same words, paid: whole, though late; a part that is withheld is the next payment's, not lost.
    """

    share_ppm: int
    electric_heat_share_ppm: int
    payment_floor_cents: int = 0
    payment_cap_cents: int | None = None
    credit_floor_cents: int = 0
    credit_cap_cents: int | None = None
    after_liheap: bool = False
    debt_parts: int = 0  # none: the program leaves old debt alone
    bill_credit_on: str = "always"
    debt_credit_on: str = "paid"


OHIO = Program(
    50_000,
    100_000,
    payment_floor_cents=10_00,
    debt_parts=24,
    bill_credit_on="paid_on_time",
    debt_credit_on="paid_on_time",
)
VIRGINIA = Program(60_000, 100_000, debt_parts=12)
NEW_JERSEY = Program(20_000, 40_000, credit_floor_cents=5_00, credit_cap_cents=180_00, after_liheap=True)


def nevada(share_ppm: int) -> Program:
    """Yearly fixed credit = annual bill - share x annual income: ``payment_and_credit`` of the year's figures."""
    return Program(share_ppm, share_ppm)


def _at_most(value: int, cap: int | None) -> int:
    return value if cap is None else min(value, cap)


def payment_and_credit(
    program: Program, need_cents: int, income_cents: int | Fraction, *, electric_heat: bool = False
) -> tuple[int, int]:
    """(payment due, credit) of a month, or of a year where all figures are the year's; they sum to the need.

    ``income_cents``: of the month; a twelfth of a year's income as a fraction, so that only the product is rounded. The
    floor of the credit is for those who get one: where the payment covers the need there is none.
    """
    share = program.electric_heat_share_ppm if electric_heat else program.share_ppm
    wanted = max(int(Fraction(income_cents) * share // PPM), program.payment_floor_cents)
    payment = min(_at_most(wanted, program.payment_cap_cents), need_cents)
    credit = need_cents - payment
    if credit > 0:
        credit = min(_at_most(max(credit, program.credit_floor_cents), program.credit_cap_cents), need_cents)
    return need_cents - credit, credit


def months_of(
    program: Program, months: Iterable[Mapping[str, Any]], *, debt_cents: int = 0, electric_heat: bool = False
) -> list[dict[str, Any]]:
    """Every month of a participant: bill_cents, income_cents; optional liheap_cents, paid_cents, on_time.

    paid_cents null: just what is due; on_time null: true.

    What LIHEAP pays beyond the bill is told, as is all of it under a program that does not reckon after it: to_account.
    unpaid_cents: all that was needed so far - credits - payments, below zero where more was paid. Always:
    need = payment + credit + growth of unpaid; old debt = debt credits + debt left.
    """
    parts = monthly_spread(debt_cents, program.debt_parts) if program.debt_parts else []
    debt_left = debt_cents
    unpaid = 0
    found = []
    for number, month in enumerate(months, start=1):
        liheap = month.get("liheap_cents") or 0
        used = min(liheap, month["bill_cents"]) if program.after_liheap else 0
        need = month["bill_cents"] - used
        due, credit = payment_and_credit(program, need, month["income_cents"], electric_heat=electric_heat)
        given = month.get("paid_cents")
        paid = due if given is None else given
        met = {"always": True, "paid": paid >= due, "paid_on_time": paid >= due and month.get("on_time") is not False}
        if not met[program.bill_credit_on]:
            credit = 0
        debt_credit = parts.pop(0) if met[program.debt_credit_on] and parts else 0
        debt_left -= debt_credit
        unpaid += need - credit - paid
        found.append(
            {
                "month": number,
                "need_cents": need,
                "payment_due_cents": due,
                "paid_cents": paid,
                "credit_cents": credit,
                "debt_credit_cents": debt_credit,
                "debt_left_cents": debt_left,
                "unpaid_cents": unpaid,
                "to_account_cents": liheap - used,
            }
        )
    return found


def drawn(credit_cents: int, bills: Sequence[int]) -> tuple[list[int], int]:
    """(what each bill takes of a year's credit, what is left): it lies on the account until bills use it up."""
    found = []
    left = credit_cents
    for bill in bills:
        found.append(min(left, bill))
        left -= found[-1]
    return found, left
