"""Random lives of deposits through 36 nights with postings, refunds, remittances and claims, against the exact twin.

Half of the extracts never learn of a remittance, and every other night does not read the ledger's transactions: nothing
may be paid twice all the same.
"""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from calc.bulk.publish.results import read_results
from calc.bulk.run.reread import reread
from calc.ledger import entered, folder, postings, remittances
from calc.rates.computing.table import load_rate_table
from calc.rules.resolve import load_rules
from calc.units import to_date
from tests.ledger.nights import SCHEMA, night
from tests.reference import rate_table as rate_twin
from tests.reference.postings import post_book

NIGHTS = [date(2024 + month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in range(1, 37)]
"""The last days of 36 months, from January 2024 to December 2026."""
REMITTANCES = NIGHTS[2::3]
Row = dict[str, Any]


def life(random: Random, number: int) -> tuple[Row, list[Row]]:
    """A deposit and its events: held, paid back, left behind, or claimed after it was remitted."""
    received = date(2020, 1, 1) + timedelta(days=random.randrange(2300))
    row: Row = {
        "deposit_id": f"D{number:05}", "account_id": f"A{number // 2}", "service": random.choice(("electric", "gas")),
        "kind": random.choices(("deposit", "construction_advance", "overcharge_refund"), (88, 10, 2))[0],
        "principal_cents": random.choice((1, 33, 100_00, 200_00, random.randrange(1, 2_000_00))),
        "received_date": received, "paid_date": None, "remitted_date": None, "service_ended_date": None,
        "order_payable_date": None, "posted_cents": random.choice((0, 0, 0, 0, random.randrange(5_00))),
        "amounts_owed_cents": random.choice((0, 0, 0, random.randrange(300_00))),
        "interest_payment": random.choice(("annual", "at_return", None)),
    }  # fmt: skip
    fate = random.random()
    if fate < 0.6:
        row["service_ended_date"] = received + timedelta(days=random.randrange(900))
    elif fate < 0.65:
        row["order_payable_date"] = received + timedelta(days=random.randrange(900))
    if random.random() < 0.35:
        since = row["service_ended_date"] or received
        row["paid_date"] = since + timedelta(days=random.choice((0, 1, random.randrange(400), random.randrange(1800))))
    return row, events(random, row) if random.random() < 0.4 else []


def events(random: Random, row: Row) -> list[Row]:
    """Receipts, a partial refund, sometimes a last refund; debts and the utility's own postings; days in any order."""
    day, held, found = row["received_date"], 0, []

    def add(kind: str, cents: int) -> None:
        found.append({"deposit_id": row["deposit_id"], "date": day, "kind": kind, "amount_cents": cents})

    if random.random() < 0.7:
        for cents in (row["principal_cents"], *(random.randrange(1, 500_00) for _ in range(random.randrange(3)))):
            add("principal", cents)
            held += cents
            day += timedelta(days=random.randrange(200))
        if random.random() < 0.5:
            cents = random.randrange(held + 1)
            add("principal", -cents)
            held -= cents
        day += timedelta(days=random.randrange(400))
        if random.random() < 0.4:
            add("principal", -held)
    for kind in random.sample(("owed", "posting", "owed"), random.randrange(3)):
        day = row["received_date"] + timedelta(days=random.randrange(2000))
        add(kind, random.randrange(1, 40_00))
    random.shuffle(found)
    return found


def claims_of(random: Random, book: list[Row]) -> list[Row]:
    return [
        {
            "deposit_id": random.choice(book)["deposit_id"],
            "date": NIGHTS[0] + timedelta(days=random.randrange(1200)),
            "amount_cents": random.randrange(1, 20_000_00),
        }
        for _ in range(max(3, len(book) // 20))
    ]


class Utility:
    """Its extracts and its ledger."""

    def __init__(self, place: Path, random: Random, book: list[Row], own: list[Row], claims: list[Row]) -> None:
        self.place, self.book, self.own = place, book, own
        self.claims = pl.DataFrame(claims, schema={"deposit_id": pl.String, "date": pl.Date, "amount_cents": pl.Int64})
        self.told = {row["deposit_id"] for row in book if random.random() < 0.5}
        self.remitted: dict[str, date] = {}
        self.ledger = place / "ledger"
        (place / "nights").mkdir()

    def out(self, as_of: date, *, fed: bool) -> Path:
        """A night over the present extract, with the ledger's transactions or without."""
        rows = [
            {**row, "remitted_date": self.remitted.get(row["deposit_id"]) if row["deposit_id"] in self.told else None}
            for row in self.book
        ]
        schema = {"deposit_id": pl.String, "date": pl.Date, "kind": pl.String, "amount_cents": pl.Int64}
        transactions = pl.DataFrame(self.own, schema=schema)
        if fed and (self.ledger / "transactions.parquet").exists():
            transactions = pl.concat([transactions, pl.read_parquet(self.ledger / "transactions.parquet")])
        return night(self.place / "nights", pl.DataFrame(rows, schema=SCHEMA), as_of, transactions)

    def post(self, out: Path) -> dict[str, tuple[int, str]]:
        """What a night posts, by deposit; a second time nothing."""
        opened = reread(out)
        with folder.opened(self.ledger) as ledger:
            found = postings.postings(opened, ledger)
            ledger.append(entered.POSTING, opened, found.files, found.figures)
            assert postings.postings(opened, ledger).posted.is_empty()
        columns = found.posted.select("deposit_id", "amount_cents", "why").rows()
        return {deposit_id: (cents, why) for deposit_id, cents, why in columns}

    def remit(self, out: Path) -> tuple[list[Row], dict[str, int]]:
        """What a night remits, and the sums; a second time nothing."""
        opened = reread(out)
        with folder.opened(self.ledger) as ledger:
            found = remittances.remittance(opened, ledger, self.claims)
            ledger.append(entered.REMITTANCE, opened, found.files, found.figures)
            again = remittances.remittance(opened, ledger, self.claims)
            assert (again.figures["gross_cents"], again.new_claims) == (0, 0)
        self.remitted |= dict.fromkeys(found.rows["deposit_id"], opened.job.as_of)
        return found.rows.sort("deposit_id").to_dicts(), found.figures


def walk(place: Path, count: int, seed: int) -> Counter[str]:
    """Compare every night; what happened how often."""
    random = Random(seed)  # noqa: S311 - lives, not secrets
    lives = [life(random, number) for number in range(count)]
    book, own = [row for row, _ in lives], [event for _, events in lives for event in events]
    claims = claims_of(random, book)
    table = load_rate_table(load_rules(NIGHTS[-1]).electric.annual_rate)
    effective = {row.effective_from: row.rate_ppm for row in table.rows}
    rate_on = rate_twin.RateTable(rate_twin.rates_from(effective, to_date(table.end_day)))
    expected = post_book(
        book,
        {row["deposit_id"]: events for row, events in lives},
        NIGHTS,
        rate_on,
        remittances=REMITTANCES,
        claims=[(claim["date"], claim["amount_cents"]) for claim in claims],
    )
    utility = Utility(place, random, book, own, claims)
    happened: Counter[str] = Counter()
    posted: Counter[str] = Counter()
    for number, twin in enumerate(expected):
        out = utility.out(twin["night"], fed=number % 2 == 0)
        found = utility.post(out)
        assert found == {each["deposit_id"]: (each["amount_cents"], each["why"]) for each in twin["postings"]}, twin[
            "night"
        ]
        posted.update({deposit_id: cents for deposit_id, (cents, _) in found.items()})
        happened.update(why for _, why in found.values())
        if twin["summary"] is None:
            continue
        rows, sums = utility.remit(out)
        wanted = sorted(twin["remittance"], key=lambda row: str(row["deposit_id"]))
        assert rows == wanted, twin["night"]
        assert {name: sums[name] for name in twin["summary"]} == twin["summary"], twin["night"]
        happened.update(row["status"] for row in rows)
        happened["claims"] += sums["claims_deducted_cents"] > 0
        happened["carried"] += sums["claims_carried_cents"] > 0
    _check_end(utility, posted, lives)
    return happened


def _check_end(utility: Utility, posted: Counter[str], lives: list[tuple[Row, list[Row]]]) -> None:
    """A last night that reads all: posted is what utility and ledger posted; what was returned is settled.

    Only where the utility itself posted something is more posted than was earned.
    """
    last = read_results(utility.out(NIGHTS[-1], fed=True), "deposits").collect()
    own = {
        row["deposit_id"]: row["posted_cents"]
        + sum(each["amount_cents"] for each in events if each["kind"] == "posting" and each["date"] <= NIGHTS[-1])
        for row, events in lives
    }
    for row in last.iter_rows(named=True):
        assert row["posted_cents"] == own[row["deposit_id"]] + posted[row["deposit_id"]], row
        if row["status"] == "returned" and row["deposit_id"] not in utility.remitted:
            assert row["interest_due_cents"] <= 0, row
            assert row["interest_due_cents"] == 0 or own[row["deposit_id"]] > 0, row


@pytest.mark.slow
@pytest.mark.parametrize(
    ("count", "seed"), [(250, 1), *(pytest.param(2_500, seed, marks=pytest.mark.stress) for seed in range(2, 6))]
)
def test_lives_through_36_nights(count: int, seed: int, tmp_path: Path) -> None:
    """Every kind of what may happen does."""
    happened = walk(tmp_path, count, seed)
    assert min(happened[name] for name in ("annual", "returned", "unclaimed", "overdue", "claims", "carried")) > 0
