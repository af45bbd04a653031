"""The record of a deposit that rule (k) asks for: who, how much and when, transactions, premises, return, remittance.

Comes in: a deposit of a published night, what its file does not hold (name, premises), and a ledger. Goes out: the
record, as JSON or as a paper; what nobody gave is said to be missing, never left out.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from calc.ledger.entered import POSTING, POSTINGS, POSTINGS_FILE, REMITTANCE, REMITTANCE_FILE
from calc.ledger.folder import Ledger
from calc.report.letter.dates import long_date
from calc.statements.deposit_life import DepositLife
from calc.statements.paper import Column, Paper, Section, dollars

_UNKNOWN: Final = "not given"
_WHAT: Final = {
    "received": "Received",
    "refunded": "Refunded",
    "interest": "Interest paid or credited",
    "owed": "Owed for service",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A transaction: day, a word of what it is, cents, and whether the night or the ledger knows of it."""

    day: date
    what: str
    amount_cents: int
    known_from: str = "night"


@dataclass(frozen=True, slots=True)
class Record:
    """What rule (k) asks for of one deposit.

    Attributes:
        life: The deposit.
        name: The customer's name, (I); empty: not given.
        received_date: Day of the first receipt, (II).
        received_cents: What was received in all.
        lines: Transactions by day, (III).
        premises: Where the customer had service meanwhile, (IV).
        returned_date: Day on which it was returned, (V); None while it is held.
        remitted_date: Day on which it was paid to the energy assistance organization, (VI); None where it was not.
    """

    life: DepositLife
    name: str
    received_date: date
    received_cents: int
    lines: tuple[Line, ...]
    premises: tuple[str, ...]
    returned_date: date | None
    remitted_date: date | None

    def as_json(self) -> dict[str, Any]:
        """The record by the rule's items; null for what was not given or has not happened."""
        row = self.life.row
        return {
            "deposit_id": row["deposit_id"],
            "account_id": row["account_id"],
            "service": row["service"],
            "status": self.life.result["status"],
            "as_of": self.life.as_of.isoformat(),
            "customer_name": self.name or None,
            "received_date": self.received_date.isoformat(),
            "amount_cents": self.received_cents,
            "transactions": [
                {
                    "date": line.day.isoformat(), "what": line.what, "amount_cents": line.amount_cents,
                    "known_from": line.known_from,
                }
                for line in self.lines
            ],
            "undated": dict(self.life.undated),
            "premises": list(self.premises) or None,
            "returned_date": self.returned_date.isoformat() if self.returned_date else None,
            "remitted_date": self.remitted_date.isoformat() if self.remitted_date else None,
        }  # fmt: skip

    def paper(self, utility: str = "") -> Paper:
        """Lay the record out as a paper."""
        row = self.life.row
        facts = (
            ("Deposit", f"{row['deposit_id']}, account {row['account_id']}, {row['service']}"),
            ("Customer", self.name or _UNKNOWN),
            ("Amount", dollars(self.received_cents)),
            ("Received", long_date(self.received_date)),
            ("Returned to the customer", _date_or_no(self.returned_date)),
            ("Paid to the energy assistance organization", _date_or_no(self.remitted_date)),
        )
        lines = [(line.day.isoformat(), _WHAT[line.what], dollars(line.amount_cents)) for line in self.lines]
        words = {"posted_cents": _WHAT["interest"], "amounts_owed_cents": _WHAT["owed"]}
        undated = [("no day given", words[name], dollars(cents)) for name, cents in self.life.undated.items() if cents]
        return Paper(
            subject=f"Record of deposit {row['deposit_id']} as of {long_date(self.life.as_of)}",
            sender=utility,
            to=(),
            dated="",
            facts=facts,
            paragraphs=("What a utility that receives deposits records of each: rules 3403(k) and 4403(k).",),
            sections=(
                Section(
                    "Transactions",
                    columns=(Column("Date"), Column("What", "wide"), Column("Amount", "number")),
                    rows=(*lines, *undated),
                ),
                Section("Premises with service while the deposit was held", self.premises or (_UNKNOWN,)),
            ),
            made=self.life.as_of,
        )


def record(life: DepositLife, *, name: str = "", premises: Sequence[str] = (), ledger: Ledger | None = None) -> Record:
    """Make a deposit's record.

    Args:
        life: The deposit.
        name: The customer's name; empty: not given.
        premises: Where the customer had service while the deposit was held.
        ledger: A ledger, of which the night may not know all.
    """
    row, as_of = life.row, life.as_of
    lines = [
        Line(each.day, _word(each.kind, each.amount_cents), abs(each.amount_cents))
        for each in life.transactions
        if each.day <= as_of
    ]
    receipts = [line for line in lines if line.what == "received"]
    if not receipts:
        receipts = [Line(row["received_date"], "received", row["principal_cents"])]
        lines += receipts
    returned, remitted = (
        row[key] if row[key] and row[key] <= as_of else None for key in ("paid_date", "remitted_date")
    )
    if ledger is not None:
        lines += _unread(ledger, row, lines)
        remitted = remitted or _remitted(ledger, row)
    return Record(
        life, name, min(line.day for line in receipts), sum(line.amount_cents for line in receipts),
        tuple(sorted(lines, key=lambda line: line.day)), tuple(premises), returned, remitted,
    )  # fmt: skip


def _date_or_no(day: date | None) -> str:
    return long_date(day) if day else "no"


def _word(kind: str, amount_cents: int) -> str:
    if kind == "principal":
        return "received" if amount_cents >= 0 else "refunded"
    return {"posting": "interest", "owed": "owed"}[kind]


def _unread(ledger: Ledger, row: Mapping[str, Any], lines: list[Line]) -> list[Line]:
    """The ledger's postings that the night has not read as transactions."""
    known = Counter((line.day, line.amount_cents) for line in lines if line.what == "interest")
    rows = ledger.rows(POSTING, POSTINGS_FILE, POSTINGS).filter(pl.col("deposit_id") == row["deposit_id"])
    entered = Counter(rows.select("posting_date", "amount_cents").rows())
    return [Line(day, "interest", cents, "ledger") for day, cents in (entered - known).elements()]


def _remitted(ledger: Ledger, row: Mapping[str, Any]) -> date | None:
    """Day on which the ledger remitted the deposit."""
    for entry in ledger.entries:
        if entry.kind == REMITTANCE:
            ids = pl.read_parquet(ledger.place(entry, REMITTANCE_FILE))["deposit_id"]
            if (ids == row["deposit_id"]).any():
                return entry.as_of
    return None
