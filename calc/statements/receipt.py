"""Write the receipt of a deposit, rules 3403(m) and 4403(m): amount, day, service, interest, when it is returned."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from calc.errors import UsageError
from calc.rates.computing.table import RateTable
from calc.report.explaining.step import Law
from calc.report.letter.dates import long_date
from calc.statements.deposit_life import DepositLife
from calc.statements.deposit_terms import INTEREST, return_sentence
from calc.statements.paper import Column, Paper, Section, citations, dollars
from calc.units import format_percent, to_day


@dataclass(frozen=True, slots=True)
class Received:
    """Hold what was received of a deposit.

    Attributes:
        deposit_id: Its id; empty: not given.
        account_id: The account; empty: not given.
        payments: Day and cents of each payment, by day.
        premises: Where the service is; empty: not given.
    """

    deposit_id: str
    account_id: str
    payments: tuple[tuple[date, int], ...]
    premises: str = ""

    @property
    def total_cents(self) -> int:
        """Return the sum of the payments."""
        return sum(cents for _, cents in self.payments)


def received_of(life: DepositLife, premises: str = "") -> Received:
    """Return what was received of a deposit of a night, its installments one by one.

    Raises:
        UsageError: The night is of another jurisdiction, the monies are no deposit, or nothing had been received by the
            night's date.
    """
    row, deposit_id = life.row, str(life.row["deposit_id"])
    if life.law.rules.clauses is not None:
        raise UsageError(f"the night is of {life.law.rules.jurisdiction}: receipts are those of 3403(m) and 4403(m)")
    if row["kind"] != "deposit":
        raise UsageError(
            f"{deposit_id!r} is no deposit, but {row['kind'].replace('_', ' ')}: rule (m) asks for no receipt"
        )
    dated = [each for each in life.transactions if each.kind == "principal" and each.amount_cents > 0]
    payments = [(each.day, each.amount_cents) for each in dated] or [(row["received_date"], row["principal_cents"])]
    happened = tuple(sorted(each for each in payments if each[0] <= life.as_of))
    if not happened:
        raise UsageError(f"deposit {deposit_id!r}: nothing had been received by {life.as_of}")
    return Received(deposit_id, str(row["account_id"]), happened, premises)


def receipt(
    received: Received,
    law: Law,
    rates: RateTable,
    *,
    name: str = "",
    utility: str = "",
    dated: date | None = None,
) -> Paper:
    """Write the receipt.

    Args:
        received: What was received.
        law: The rules of the service on the last day of payment.
        rates: The rates.
        name: The customer's name; empty: not given.
        utility: The utility's name; empty leaves a line to fill in.
        dated: The paper's date; None leaves a line to fill in.
    """
    last = received.payments[-1][0]
    address = (name, f"Account {received.account_id}" if received.account_id else "", received.premises)
    sections = []
    if len(received.payments) > 1:
        columns = (Column("Received on", "wide"), Column("Amount", "number"))
        rows = [(long_date(day), dollars(cents)) for day, cents in received.payments]
        total = ("In all", dollars(received.total_cents))
        sections = [Section("Payments", columns=columns, rows=(*rows, total), totals=1)]
    return Paper(
        subject=f"Receipt for a deposit{f', {received.deposit_id}' if received.deposit_id else ''}",
        sender=utility,
        to=tuple(line for line in address if line),
        dated=long_date(dated) if dated else "",
        facts=tuple(_facts(received, law, rates)),
        paragraphs=tuple(_paragraphs(name, received, law)),
        sections=(*sections, citations(_cited(law))),
        made=dated or last,
        signed=True,
    )


def _facts(received: Received, law: Law, rates: RateTable) -> Iterator[tuple[str, str]]:
    last = received.payments[-1][0]
    yield "Received", dollars(received.total_cents)
    yield "On", long_date(last)
    yield "For", f"Deposit for {law.service} service"
    for _, _, row in rates.segments(to_day(last), to_day(last) + 1):
        provisional = ", not yet final" if row.source == "provisional" else ""
        yield f"Interest in {last.year}", f"{format_percent(row.rate_ppm)} percent a year, simple interest{provisional}"


def _paragraphs(name: str, received: Received, law: Law) -> Iterator[str]:
    payer = f" from {name}" if name else ""
    last = received.payments[-1][0]
    several = f" in {len(received.payments)} payments through" if len(received.payments) > 1 else " on"
    yield (
        f"The utility received {dollars(received.total_cents)}{payer}{several} {long_date(last)} as a deposit to "
        f"secure payment for {law.service} service. It does not pay current bills."
    )
    yield f"{INTEREST} {return_sentence(law)} You need not show this receipt to have it returned."


def _cited(law: Law) -> list[tuple[str, str]]:
    passages = law.passages("explanation_business_days", "(m)", "(l)", "(n)", "(o)(I)")
    return [(each.rule, each.quote) for each in passages]
