"""Twin of the bucket kernels: deposits as dictionaries, sums as Python's integers."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]
OPEN = {"active", "waiting", "unclaimed", "overdue"}
MONEY = ("principal", "base", "surcharge", "posted")
NEVER = 2**31 - 1


def cell(row: Row, bits: int) -> int | None:
    """Number of the cell that a row counts in: electric, gas, refused rows; None where it counts in none."""
    block = ("electric", "gas").index(row["service"]) if row["good"] else 2
    if row["good"] and row["status"] == "not_received":
        return None
    return int(block * 2**bits + row["hash"] // 2 ** (64 - bits))


def known(row: Row, as_of: int) -> tuple[Any, ...]:
    """What is known of a row by a day, its postings apart."""
    dates = (
        row[name] if row[name] <= as_of else NEVER for name in ("received", "paid", "remitted", "ended", "payable")
    )
    undated = (row[name] for name in ("hash", "kind", "efforts", "payable_interest", "principal", "owed"))
    return (*dates, *undated)


def sums(rows: Iterable[Row], bits: int) -> dict[int, Counter[str]]:
    """What each cell holds: how many rows, and number and amounts of the open ones."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        place = cell(row, bits)
        if place is None:
            continue
        found[place]["known"] += 1
        if row["good"] and row["status"] in OPEN:
            found[place].update({"rows": 1, **{name: row[name] for name in MONEY}})
    return found


def flows(pairs: Iterable[tuple[Row, Row]]) -> Counter[tuple[str, str, str]]:
    """By service, figure and cause, what happened to good rows between two days.

    A deposit's balance is what it counts for: all its money while it is open, nothing before or after. What it gains by
    coming in is new (with interest that it brings along), interest in between is accrual, and what it takes along when
    it leaves is paid; so balance before + new + accrual + posted - paid = balance after, for money and for rows.
    """
    found: Counter[tuple[str, str, str]] = Counter()
    for before, after in pairs:
        if not after["good"]:
            continue
        was, stays = before["status"] in OPEN, after["status"] in OPEN
        passed = before["status"] == "not_received" and after["status"] in {"returned", "remitted"}
        comes = not was and (stays or passed)
        goes = (was or comes) and not stays

        def add(figure: str, cause: str, amount: int, service: str = after["service"]) -> None:
            found[service, figure, cause] += amount

        if comes:
            add("rows", "new", 1)
            add("principal", "new", after["principal"])
            add("base", "new", before["base"])
            add("surcharge", "new", before["surcharge"])
            add("posted", "posted", after["posted"])
        if was:
            gained = after["principal"] - before["principal"]
            add("principal", "new" if gained > 0 else "paid", abs(gained))
            add("posted", "posted", after["posted"] - before["posted"])
        if was or comes:
            for figure in ("base", "surcharge"):
                add(figure, "accrual", after[figure] - before[figure])
        if goes:
            add("rows", "paid", 1)
            for figure in MONEY:
                add(figure, "paid", after[figure])
    return found
