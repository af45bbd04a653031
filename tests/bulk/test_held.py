"""What is held, from the parts of the deposits to the rows of the accounts: by account and service, to the cent."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from random import Random

import polars as pl
import pytest

from calc.bulk.inputs.chunk import Part
from calc.bulk.inputs.source import Source, open_source
from calc.bulk.publish.output import Run
from calc.bulk.publish.parts import PartFile, write_part
from calc.bulk.shuffle import spill as exchange
from calc.bulk.shuffle.holdings import Holdings
from calc.bulk.shuffle.key_index import KeyIndex
from calc.columns.contract import ACCOUNTS, SERVICES
from calc.errors import InputError
from tests.bulk.bad_rows import frame_of, numbered
from tests.bulk.colliding import collide

Pair = tuple[str | None, str | None]
Held = tuple[str | None, str | None, int | None]
"""Account, service, cents; without cents the deposit is refused."""


def parts_of(folder: Path, parts: Iterable[list[Held]]) -> tuple[Run, list[PartFile]]:
    run = Run(folder, "r")
    (folder / "runs" / "r").mkdir(parents=True)
    held = run.subfolder("held")
    frames = [
        pl.DataFrame(
            rows,
            schema={"account_id": pl.String, "service": pl.Enum(SERVICES), "held_cents": pl.Int64},
            orient="row",
        ).with_columns(deposits=pl.col("held_cents").is_not_null().cast(pl.Int64), customer_id=pl.lit(None, pl.String))
        for rows in parts
    ]
    return run, [write_part(folder, held / f"part-{number}.parquet", frame) for number, frame in enumerate(frames)]


def accounts_of(folder: Path, pairs: Iterable[Pair], part_rows: int) -> Source:
    rows = [{**numbered("accounts", 0), "account_id": account, "service": service} for account, service in pairs]
    frame_of("accounts", rows).write_parquet(folder / "accounts.parquet")
    return open_source(ACCOUNTS, str(folder / "accounts.parquet"), part_rows=part_rows)


def found(holdings: Holdings, accounts: Source) -> list[tuple[int, bool]]:
    """Held cents of every row of the accounts, and whether it rests on a refused deposit."""
    every: list[tuple[int, bool]] = []
    for part in accounts.parts():
        held, refused = holdings.of_accounts(part, part.load().frame)
        every += zip(held.tolist(), refused.tolist(), strict=True)
    return every


@pytest.mark.parametrize("batch_rows", [1, 1 << 20])
@pytest.mark.parametrize(("threads", "part_rows"), [(1, 1000), (2, 7), (4, 64)])
def test_every_cent_reaches_its_row(
    threads: int, part_rows: int, batch_rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "BATCH_ROWS", batch_rows)
    random = Random(7)  # noqa: S311 - rows, no secrets
    pairs: list[Pair] = [(f"A{number}", service) for number in range(200) for service in SERVICES]
    of_all = [(*random.choice(pairs[:300]), random.randrange(10**12)) for _ in range(2000)]
    of_one: list[Held] = [("A3", "gas", 10**12)] * 500
    unknown: list[Held] = [("A999", "gas", 5), ("A3 ", "gas", 7), ("a3", "gas", 11)]
    rows = [*of_all, *of_one, *unknown]
    random.shuffle(rows)
    run, files = parts_of(tmp_path, [rows[first : first + 150] for first in range(0, len(rows), 150)])
    random.shuffle(pairs)
    accounts = accounts_of(tmp_path, pairs, part_rows)
    holdings = Holdings(run)
    holdings.spill(files, KeyIndex(accounts, threads).directory(), threads)
    expected: Counter[Pair] = Counter()
    for account, service, cents in (*of_all, *of_one):
        expected[account, service] += cents or 0
    assert found(holdings, accounts) == [(expected[pair], False) for pair in pairs]
    assert holdings.refused_without_account == 0


def test_refused_deposits_reach_the_rows_that_rest_on_them(tmp_path: Path) -> None:
    parts: list[list[Held]] = [
        [("A1", "gas", 100), ("A1", "gas", None), ("A2", "gas", 40), ("A2", None, None)],
        [("A1", "gas", 5), (None, "gas", None), (" \t", None, None), (None, None, None), ("A9", None, None)],
        [],
    ]
    pairs: list[Pair] = [("A2", "gas"), ("A1", "gas"), ("A2", "electric"), ("A1", "electric"), ("A3", "gas")]
    run, files = parts_of(tmp_path, parts)
    accounts = accounts_of(tmp_path, pairs, 2)
    holdings = Holdings(run)
    holdings.spill(files, KeyIndex(accounts, 2).directory(), 2)
    assert found(holdings, accounts) == [(40, True), (105, True), (0, True), (0, False), (0, False)]
    assert holdings.refused_without_account == 3


def test_accounts_that_no_deposit_can_name(tmp_path: Path) -> None:
    """Rows of the accounts without account or service, repeated ones, and words that are no service."""
    pairs: list[Pair] = [("A1", None), (None, "gas"), ("A1", "gas"), ("A1", "Gas"), ("A1", "gas"), ("", "gas")]
    run, files = parts_of(tmp_path, [[("A1", "gas", 7), ("A1", None, None), ("", "gas", None)]])
    accounts = accounts_of(tmp_path, pairs, 4)
    holdings = Holdings(run)
    holdings.spill(files, KeyIndex(accounts, 1).directory(), 1)
    nothing = (0, False)
    assert found(holdings, accounts) == [nothing, nothing, (7, True), nothing, (7, True), nothing]


def test_accounts_that_share_a_hash_keep_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    collide(monkeypatch)
    pairs: list[Pair] = [(f"A{number}", "gas") for number in range(9)]
    run, files = parts_of(tmp_path, [[(f"A{number}", "gas", number) for number in range(9)]])
    accounts = accounts_of(tmp_path, pairs, 2)
    holdings = Holdings(run)
    holdings.spill(files, KeyIndex(accounts, 1).directory(), 1)
    assert found(holdings, accounts) == [(number, False) for number in range(9)]


def test_accounts_that_are_cut_otherwise_are_refused(tmp_path: Path) -> None:
    run, files = parts_of(tmp_path, [[("A1", "gas", 7)]])
    accounts = accounts_of(tmp_path, [("A1", "gas"), ("A2", "gas")], 1)
    holdings = Holdings(run)
    holdings.spill(files, KeyIndex(accounts, 1).directory(), 1)
    _, second = accounts.parts()
    with pytest.raises(InputError, match="part 1 begins at another row than before: the input has changed"):
        holdings.of_accounts(Part(1, 5, 1, second.load), second.load().frame)
