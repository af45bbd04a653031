"""Random rows for comparisons with the twins: a fifth of them on the days and cents where rounding shows."""

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random
from typing import Any

import polars as pl

Row = dict[str, Any]

FIRST = date(1990, 1, 1)
LAST = date(2027, 12, 31)
STATES = ("paid", "remitted", "both", "open")
EDGE_MONTH_DAYS = ((1, 1), (12, 31), (2, 28), (2, 29), (3, 1), (1, 31), (4, 30), (10, 31), (11, 30))
DEPOSIT_SCHEMA = {
    "deposit_id": pl.String,
    "account_id": pl.String,
    "service": pl.String,
    "kind": pl.String,
    "principal_cents": pl.Int64,
    "received_date": pl.Date,
    "paid_date": pl.Date,
    "remitted_date": pl.Date,
    "service_ended_date": pl.Date,
    "order_payable_date": pl.Date,
    "efforts_made": pl.Boolean,
    "interest_payable": pl.Boolean,
    "posted_cents": pl.Int64,
    "amounts_owed_cents": pl.Int64,
}


def edge_day(random: Random, first: date = FIRST, last: date = LAST) -> date:
    """A year end, month end, leap day or rate-change day."""
    while True:
        year = random.randint(first.year, last.year)
        month, day = random.choice(EDGE_MONTH_DAYS)
        if (month, day) == (2, 29) and (year % 4 or (year % 100 == 0 and year % 400)):
            continue
        if first <= date(year, month, day) <= last:
            return date(year, month, day)


def any_day(random: Random, first: date, last: date) -> date:
    return first + timedelta(days=random.randint(0, max(0, (last - first).days)))


def amount(random: Random) -> int:
    """Cents: mostly deposits as they are, some zero, some at the bound."""
    return random.choice(
        (
            random.randint(0, 100_000),
            random.randint(0, 100_000),
            random.randint(0, 10**12),
            10**12 - random.randint(0, 1000),
            random.randint(0, 3),
        )
    )


def half_cent_principal(random: Random, rate_bp: int) -> int:
    """A principal whose interest over one calendar year at the rate ends in exactly half a cent, if there is one."""
    halvings = (rate_bp & -rate_bp).bit_length() - 1 if rate_bp else 4
    if halvings > 3:
        return 5000
    return (5000 >> halvings) * (2 * random.randint(0, 400) + 1)


def deposit(random: Random, number: int, as_of: date, rates_bp: dict[int, int]) -> Row:
    """One deposit or construction advance with dates in order; what happens to it may lie after the as-of day."""
    edge = random.random() < 0.2

    def pick(first: date, last: date) -> date:
        return edge_day(random, first, last) if edge else any_day(random, first, last)

    received = pick(FIRST, min(LAST, as_of + timedelta(days=200)))
    row: Row = {
        "deposit_id": f"D{number}",
        "account_id": f"A{number // 3}",
        "service": random.choice(("electric", "gas")),
        "kind": random.choices(
            ("deposit", "construction_advance", "overcharge_refund", "cost_adjustment_credit", None), (70, 15, 3, 3, 9)
        )[0],
        "principal_cents": amount(random),
        "received_date": received,
        "paid_date": None,
        "remitted_date": None,
        "service_ended_date": None,
        "order_payable_date": None,
        "efforts_made": random.choice((True, True, False, None)),
        "interest_payable": random.choice((True, True, False, None)),
        "posted_cents": random.choice((0, 0, None, random.randint(0, 50_000))),
        "amounts_owed_cents": random.choice((0, 0, None, random.randint(0, 50_000))),
    }
    horizon = date(LAST.year, 12, 31)
    for name in ("service_ended_date", "order_payable_date"):
        if random.random() < 0.5:
            row[name] = pick(received, horizon)
    state = random.choice(STATES)
    if state in {"paid", "both"}:
        row["paid_date"] = pick(received, horizon)
    if state in {"remitted", "both"}:
        row["remitted_date"] = row["paid_date"] if random.random() < 0.2 else pick(received, horizon)
    if random.random() < 0.1 and received.year < min(as_of.year, LAST.year):  # a half-cent tie over one whole year
        year = received.year
        row.update(
            kind="deposit",
            received_date=date(year, 1, 1),
            paid_date=date(year + 1, 1, 1),
            remitted_date=None,
            service_ended_date=None,
            order_payable_date=None,
            principal_cents=half_cent_principal(random, rates_bp[year]),
        )
    return row


def deposits(rows: Iterable[Row]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=DEPOSIT_SCHEMA, orient="row")


TRANSACTION_SCHEMA = {"deposit_id": pl.String, "date": pl.Date, "kind": pl.String, "amount_cents": pl.Int64}


def events(random: Random, row: Row) -> list[Row]:
    """Transactions of a deposit in any order: receipts and refunds, often several a day, postings, debts.

    The first receipt is on the row's received_date. One deposit in thirty pays out more than it holds, one in eight has
    postings and debts alone, and one in eight has none at all.
    """
    found: list[Row] = []

    def add(kind: str, day: date, cents: int) -> None:
        found.append({"deposit_id": row["deposit_id"], "date": day, "kind": kind, "amount_cents": cents})

    if random.random() < 0.125:
        return found
    day = row["received_date"]
    held = 0
    for number in range(random.randint(1, 5) if random.random() < 0.875 else 0):
        if number and random.random() < 0.8:
            edge = random.random() < 0.3
            day = edge_day(random, day, LAST) if edge else any_day(random, day, min(LAST, day + timedelta(days=900)))
        if held and random.random() < 0.5:
            beyond = int(random.random() < 0.06 and held < 10**12)
            cents = -random.choice((held, random.randint(1, held), held + beyond))
        else:
            cents = min(10**12 - held, amount(random) + int(number > 0))
        held += cents
        add("principal", day, cents)
        if held < 0:
            break
    for kind in ("posting", "owed"):
        for _ in range(random.choice((0, 0, 1, 3))):
            add(kind, any_day(random, row["received_date"], LAST), random.randint(0, 50_000))
    random.shuffle(found)
    return found


def transactions(rows: Iterable[Row]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=TRANSACTION_SCHEMA, orient="row")


PARTICIPANT_SCHEMA = {
    "participant_id": pl.String,
    "account_id": pl.String,
    "service": pl.String,
    "primary_heating": pl.String,
    "regulated_gas": pl.Boolean,
    "household_income_cents": pl.Int64,
    "household_size": pl.Int64,
    "county_fips": pl.String,
    "leap_qualified": pl.Boolean,
    "full_annual_bill_cents": pl.Int64,
    "share_ppm": pl.Int64,
    "basis_bill_cents": pl.Int64,
    "months_remaining": pl.Int64,
    "leap_grant_cents": pl.Int64,
    "arrearage_cents": pl.Int64,
    "arrearage_months": pl.Int64,
    "arrearage_copay_cents": pl.Int64,
}


def participant(random: Random, number: int) -> Row:
    """One participant: every class, shares around the bands, basis around a quarter, grants of all sizes."""
    income = random.choice((0, random.randint(0, 9_000_000), random.randint(0, 12_000_000), random.randint(0, 10**12)))
    bill = random.choice((random.randint(0, 600_000), random.randint(0, 600_000), random.randint(0, 10**12), 0))
    quarter = random.choice((bill * 4 // 5, bill * 4 // 3, bill, 0, random.randint(0, 600_000)))
    basis = min(10**12, max(0, quarter + random.randint(-2, 2)))
    return {
        "participant_id": f"P{number}",
        "account_id": f"A{number}",
        "service": random.choice(("electric", "gas")),
        "primary_heating": random.choice(("electric", "gas", "other")),
        "regulated_gas": random.random() < 0.5,
        "household_income_cents": income,
        "household_size": random.randint(1, 30) if random.random() < 0.3 else random.randint(1, 8),
        "county_fips": random.choice(("08031", "08001", "08125", "99999", None)),
        "leap_qualified": random.random() < 0.2,
        "full_annual_bill_cents": bill,
        "share_ppm": random.choice((None, None, 30_000, 20_000, 10_000, 25_000, 60_000, 60_001, 50_000, 0, 9_999)),
        "basis_bill_cents": random.choice((None, basis)),
        "months_remaining": random.choice((None, *range(13))),
        "leap_grant_cents": random.choice((None, 0, random.randint(0, 100_000), random.randint(0, 1_000_000))),
        "arrearage_cents": random.choice((None, 0, random.randint(0, 100_000), random.randint(0, 1_000_000))),
        "arrearage_months": random.choice((None, *range(1, 25))),
        "arrearage_copay_cents": random.choice((
            None, 0, income // 100, income // 100 + 1, random.randint(0, income // 100)
        )),
    }  # fmt: skip
