"""Nightly runs with transactions: row by row as the twin has it, every reason, what a bad row takes with it."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest

from calc.bulk.inputs.chunk import Chunk, Part
from calc.bulk.inputs.source import open_source
from calc.bulk.publish.output import Run
from calc.bulk.publish.results import read_results
from calc.bulk.run.dependents import Dependents, fit_parts
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.bulk.run.steps import JUDGING
from calc.bulk.shuffle import spill as exchange
from calc.bulk.shuffle.key_index import KeyIndex
from calc.columns.contract import DATASETS, DEPOSITS, TRANSACTIONS
from calc.errors import InputError, OutputError, PublishRefusedError
from calc.kernels.event_kinds import POSTING
from calc.rates.computing.table import load_rate_table
from calc.rules.resolve import load_rules
from calc.sample import write_sample
from calc.units import to_date, to_day
from tests import portfolio
from tests.bulk.bad_rows import frame_of, numbered
from tests.bulk.colliding import collide
from tests.reference import rate_table as rate_twin
from tests.reference.transactions import NegativeBalance, NoRate, transactions_deposit

AS_OF = date(2026, 9, 30)
ALL_BAD = Fraction(1)
OPEN = {"active", "waiting", "unclaimed", "overdue"}
NAMES = [*DATASETS, "transactions"]

Row = dict[str, Any]


def run(out: Path, **settings: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of any type
    return run_nightly(NightlyJob(**{"as_of": AS_OF, "out": out, "max_bad_share": ALL_BAD, "threads": 1, **settings}))


def refused(out: Path, dataset: str, named: str = "manifest.json") -> list[Row]:
    parts = json.loads((out / named).read_text())["quarantine"][dataset]["parts"]
    return [row for part in parts for row in pl.read_parquet(out / part["path"]).to_dicts()]


def event(number: int, kind: str = "posting", cents: int = 100, day: date = date(2024, 1, 1)) -> Row:
    return {"deposit_id": f"D{number}", "date": day, "kind": kind, "amount_cents": cents}


def write(folder: Path, deposits: Iterable[Row], events: Iterable[Row]) -> dict[str, str]:
    """Both as Parquet, and an account with electric service for each deposit."""
    deposits = list(deposits)
    accounts = [{**numbered("accounts", 0), "account_id": row["account_id"]} for row in deposits]
    frames = {
        "deposits": frame_of("deposits", deposits),
        "transactions": portfolio.transactions(events),
        "accounts": frame_of("accounts", accounts).unique("account_id", keep="first", maintain_order=True),
    }
    for name, frame in frames.items():
        frame.write_parquet(folder / f"{name}.parquet")
    return {name: str(folder / f"{name}.parquet") for name in frames}


def by_id(out: Path) -> dict[str, Row]:
    return {row["deposit_id"]: row for row in read_results(out, "deposits").collect().to_dicts()}


# --- against the twin


@cache
def random_portfolio() -> tuple[list[Row], dict[str, list[Row]], list[Row]]:
    """Deposits, the events of each, and all events shuffled; of random refunds some exceed what is held."""
    random = Random(20)  # noqa: S311 - rows, no secrets
    table = load_rate_table(load_rules(AS_OF).electric.annual_rate)
    effective = {row.effective_from.year: row.rate_ppm // 100 for row in table.rows}
    rates_bp = {year: effective[max(each for each in effective if each <= year)] for year in range(1990, 2028)}
    rows = [portfolio.deposit(random, number, AS_OF, rates_bp) for number in range(3000)]
    events = {row["deposit_id"]: portfolio.events(random, row) for row in rows}
    for row in rows:
        if any(each["kind"] == "principal" for each in events[row["deposit_id"]]):  # the row's own then do not count
            row["received_date"], row["principal_cents"] = date(2001, 2, 3), 77_77
    shuffled = [each for own in events.values() for each in own]
    random.shuffle(shuffled)
    return rows, events, shuffled


@cache
def expected() -> dict[str, Row | str]:
    """What the twin says of each deposit: its results, or the code for which it refuses it."""
    rows, events, _ = random_portfolio()
    table = load_rate_table(load_rules(AS_OF).electric.annual_rate)
    rate_on = rate_twin.RateTable(
        rate_twin.rates_from({row.effective_from: row.rate_ppm for row in table.rows}, to_date(table.end_day))
    )
    found: dict[str, Row | str] = {}
    for row in rows:
        try:
            found[row["deposit_id"]] = transactions_deposit(row, events[row["deposit_id"]], AS_OF, rate_on)
        except NegativeBalance:
            found[row["deposit_id"]] = "negative_balance"
        except NoRate:
            found[row["deposit_id"]] = "no_rate_in_force"
    return found


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("random")
    rows, _, shuffled = random_portfolio()
    pairs = sorted({(row["account_id"], row["service"]) for row in rows})
    accounts = [{**numbered("accounts", 0), "account_id": account, "service": service} for account, service in pairs]
    portfolio.deposits(rows).write_parquet(folder / "deposits.parquet")
    portfolio.transactions(shuffled).write_parquet(folder / "transactions.parquet")
    frame_of("accounts", accounts).write_parquet(folder / "accounts.parquet")
    return {name: str(folder / f"{name}.parquet") for name in ("deposits", "transactions", "accounts")}


@pytest.fixture(scope="module")
def whole(inputs: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("whole") / "out"
    run(out, **inputs)
    return out


def test_every_deposit_is_as_the_twin_has_it(whole: Path) -> None:
    found = by_id(whole)
    reasons = {row["deposit_id"]: row["reasons"] for row in refused(whole, "deposits")}
    codes = set()
    for name, row in expected().items():
        if isinstance(row, str):
            assert row in reasons.pop(name)
            codes.add(row)
        else:
            result = found.pop(name)
            given = {figure: value for figure, value in row.items() if figure != "principal_cents"}
            assert {figure: result[figure] for figure in given} == given, name
    assert not reasons
    assert not found
    assert "negative_balance" in codes


def test_principal_and_held_follow_the_balances(whole: Path) -> None:
    rows, _, _ = random_portfolio()
    principal = 0
    held: defaultdict[tuple[str, str], int] = defaultdict(int)
    withheld = set()
    for row in rows:
        result, key = expected()[row["deposit_id"]], (row["account_id"], row["service"])
        if isinstance(result, str):
            withheld.add(key)
        elif result["status"] not in {"excluded", "not_received"}:
            principal += result["principal_cents"]
            is_open = result["status"] in OPEN and row["kind"] in {"deposit", None}
            held[key] += result["principal_cents"] if is_open else 0
        else:
            held[key] += 0
    totals = json.loads((whole / "manifest.json").read_text())["control_totals"]["deposits"]
    groups = [groups for service, groups in totals.items() if service != "all"]
    counted = (
        figures["principal_cents"]
        for each in groups
        for status, figures in each.items()
        if status not in {"excluded", "not_received"}
    )
    assert sum(counted) == principal
    found = read_results(whole, "accounts").collect()
    assert {(row["account_id"], row["service"]): row["held_cents"] for row in found.to_dicts()} == {
        key: cents for key, cents in held.items() if key not in withheld
    }
    assert {(row["account_id"], row["service"]) for row in refused(whole, "accounts")} == withheld


@pytest.mark.parametrize(("threads", "part_rows"), [(1, 3000 // 7 + 1), (2, 3000 // 64 + 1), (4, 3000 // 7 + 1)])
def test_threads_parts_and_order_do_not_show(
    threads: int, part_rows: int, inputs: dict[str, str], whole: Path, tmp_path: Path
) -> None:
    again = tmp_path / "transactions.parquet"
    pl.read_parquet(inputs["transactions"]).reverse().write_parquet(again)
    cut = tmp_path / "out"
    manifest = run(cut, **{**inputs, "transactions": str(again)}, threads=threads, part_rows=part_rows)
    assert len(manifest["datasets"]["deposits"]["parts"]) == -(-3000 // part_rows)
    before = json.loads((whole / "manifest.json").read_text())
    assert manifest["control_totals"] == before["control_totals"]
    assert manifest["rows"] == before["rows"]
    for name in ("deposits", "accounts"):
        assert read_results(cut, name).collect().equals(read_results(whole, name).collect())
        assert refused(cut, name) == refused(whole, name)


# --- refused rows

TYPED_BAD: list[tuple[Row, list[str]]] = [
    ({"deposit_id": None}, ["missing_value"]),
    ({"date": None}, ["missing_value"]),
    ({"kind": None}, ["missing_value"]),
    ({"amount_cents": None}, ["missing_value"]),
    ({"amount_cents": -1}, ["negative_amount"]),
    ({"kind": "owed", "amount_cents": -1}, ["negative_amount"]),
    ({"amount_cents": 10**12 + 1}, ["out_of_range"]),
    ({"kind": "principal", "amount_cents": -(10**12) - 1}, ["out_of_range"]),
    ({"date": date(1890, 1, 1)}, ["out_of_range"]),
    ({"kind": "refund"}, ["unknown_value"]),
    ({"deposit_id": "nobody's"}, ["unknown_deposit"]),
    ({"deposit_id": "nobody's", "kind": "refund", "date": None}, ["missing_value", "unknown_value", "unknown_deposit"]),
]
TEXT_BAD: list[tuple[Row, list[str]]] = [
    ({"deposit_id": "  "}, ["missing_value"]),
    ({"date": "2024-02-30"}, ["bad_date"]),
    ({"date": "01/31/2024"}, ["bad_date"]),
    ({"amount_cents": "1,000"}, ["not_a_number"]),
    ({"amount_cents": "(5)"}, ["not_a_number"]),
    ({"amount_cents": "2e3"}, ["not_a_number"]),
    ({"amount_cents": "1.5"}, ["not_a_number"]),
]


def spoiled(changes: Iterable[tuple[Row, list[str]]]) -> tuple[list[Row], dict[int, list[str]], set[str]]:
    """Two rows of a deposit of its own for each change, the second one spoiled; codes by row; deposits to refuse."""
    rows: list[Row] = []
    codes: dict[int, list[str]] = {}
    hit = set()
    for number, (change, reasons) in enumerate(changes):
        rows += [event(number), {**event(number), **change}]
        codes[len(rows)] = reasons
        if "deposit_id" not in change:
            hit.add(f"D{number}")
    return rows, codes, hit


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_every_reason_and_what_it_takes_with_it(kind: str, tmp_path: Path) -> None:
    changes = TYPED_BAD if kind == "parquet" else [*TYPED_BAD, *TEXT_BAD]
    rows, codes, hit = spoiled(changes)
    deposits = [numbered("deposits", number) for number in range(len(changes) + 1)]
    inputs = write(tmp_path, deposits, rows if kind == "parquet" else [])
    if kind == "csv":
        names = list(portfolio.TRANSACTION_SCHEMA)
        lines = [[f'"{row[name]}"' if row[name] is not None else "" for name in names] for row in rows]
        inputs["transactions"] = str(tmp_path / "transactions.csv")
        Path(inputs["transactions"]).write_text("\n".join(",".join(line) for line in [names, *lines]) + "\n")
    out = tmp_path / "out"
    manifest = run(out, **inputs, part_rows=5)
    found = refused(out, "transactions")
    assert {row["row"]: row["reasons"] for row in found} == codes
    assert {row["file"] for row in found} == {inputs["transactions"]}
    assert [row["line"] for row in found] == [row["row"] + 1 if kind == "csv" else None for row in found]
    as_read = {row["row"]: row["amount_cents"] for row in found}
    texts = {number: rows[number - 1]["amount_cents"] for number in codes}
    assert as_read == (texts if kind == "parquet" else {n: None if v is None else str(v) for n, v in texts.items()})
    assert manifest["rows"]["transactions"] == {"in": len(rows), "out": len(changes), "quarantined": len(changes)}
    deposits_hit = {row["deposit_id"]: row["reasons"] for row in refused(out, "deposits")}
    assert deposits_hit == {name: ["bad_transaction"] for name in hit}
    assert {tuple(row["reason_columns"]) for row in refused(out, "deposits")} == {("deposit_id",)}
    accounts_hit = {row["account_id"]: row["reasons"] for row in refused(out, "accounts")}
    assert accounts_hit == {name.replace("D", "A"): ["depends_on_quarantined"] for name in hit}
    assert by_id(out).keys() == {row["deposit_id"] for row in deposits} - hit
    nameless = 1 if kind == "parquet" else 2
    assert (
        f"{nameless} quarantined transactions name no deposit: no deposit could be held back for them"
        in (manifest["notes"])
    )


def test_dollars_short_lines_and_lines_that_are_no_rows(tmp_path: Path) -> None:
    inputs = write(tmp_path, [numbered("deposits", number) for number in range(4)], [])
    lines = [
        "date,amount,deposit_id,kind",
        "2022-03-01,200.00,D0,principal",
        "2023-03-01,-50.5,D0,principal",
        "2023-03-01,5.005,D1,posting",
        '2023-03-01,5.00,"D2,posting',
        "2023-03-01,1.00,D3",
    ]
    path = tmp_path / "transactions.csv"
    path.write_text("\n".join(lines) + "\n")
    out = tmp_path / "out"
    manifest = run(out, **{**inputs, "transactions": str(path)})
    assert [(row["row"], row["line"], row["reasons"], row["raw_line"]) for row in refused(out, "transactions")] == [
        (3, 4, ["too_many_decimals"], None),
        (4, 5, ["bad_line"], '2023-03-01,5.00,"D2,posting'),
        (5, 6, ["missing_value"], None),
    ]
    assert [row["deposit_id"] for row in refused(out, "deposits")] == ["D1", "D3"]
    held = {row["account_id"]: row["held_cents"] for row in read_results(out, "accounts").collect().to_dicts()}
    assert held == {"A0": 149_50, "A2": 200_00}
    assert manifest["control_totals"]["deposits"]["all"]["principal_cents"] == 349_50


def test_more_paid_back_than_held_takes_the_account_s_row(tmp_path: Path) -> None:
    moves = [event(0, "principal", 100), event(0, "principal", -101, date(2024, 5, 5)), event(1, "principal", 100)]
    out = tmp_path / "out"
    manifest = run(out, **write(tmp_path, [numbered("deposits", number) for number in range(2)], moves))
    assert [(row["deposit_id"], row["reasons"]) for row in refused(out, "deposits")] == [("D0", ["negative_balance"])]
    assert refused(out, "deposits")[0]["reason_columns"] == ["principal_cents"]
    assert [row["account_id"] for row in refused(out, "accounts")] == ["A0"]
    assert by_id(out).keys() == {"D1"}
    # The transactions are good rows: they are counted out though their deposit is refused.
    assert manifest["rows"]["transactions"] == {"in": 3, "out": 3, "quarantined": 0}


def test_bad_transactions_of_a_small_share_publish_the_rest_and_of_a_large_one_nothing(tmp_path: Path) -> None:
    deposits = [numbered("deposits", number) for number in range(400)]
    few = [*(event(number) for number in range(399)), {**event(399), "kind": "gift"}]
    inputs = write(tmp_path, deposits, few)
    share = Fraction(5, 1000)
    first = run(tmp_path / "out", **inputs, max_bad_share=share)
    assert first["rows"]["deposits"]["quarantined"] == 1
    many = [*few, *(event(number) for number in range(197)), event(900), event(901), event(902)]
    inputs = write(tmp_path, deposits, many)
    with pytest.raises(PublishRefusedError, match="4 of 600 rows of transactions are bad") as error:
        run(tmp_path / "out", **inputs, max_bad_share=share)
    assert error.value.exit_code == 4
    assert "deposit_id unknown_deposit 3 (first: transactions.parquet row 598)" in str(error.value)
    assert [row["row"] for row in refused(tmp_path / "out", "transactions", "refused.json")] == [400, 598, 599, 600]
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["run_id"] == first["run_id"]


@pytest.mark.parametrize("part_rows", [1, 2, 10])
def test_a_repeated_deposit_is_refused_alike_in_any_part(part_rows: int, tmp_path: Path) -> None:
    deposits = [numbered("deposits", number) for number in (0, 1, 0, 2, 1)]
    moves = [event(0, "principal", 100), event(0, "principal", -500, date(2024, 5, 5)), {**event(1), "kind": "gift"}]
    out = tmp_path / "out"
    run(out, **write(tmp_path, deposits, [*moves, event(2)]), part_rows=part_rows)
    assert [(row["row"], row["reasons"]) for row in refused(out, "deposits")] == [
        (1, ["duplicate_key"]),
        (2, ["duplicate_key", "bad_transaction"]),
        (3, ["duplicate_key"]),
        (5, ["duplicate_key", "bad_transaction"]),
    ]
    assert [(row["row"], row["reasons"]) for row in refused(out, "transactions")] == [(3, ["unknown_value"])]
    assert by_id(out)["D2"]["interest_due_cents"] == by_id(out)["D2"]["interest_cents"] - 100


# --- the exchange


def spill_of(folder: Path) -> tuple[exchange.Spill, Part]:
    """A spill for a dataset of one part, and that part."""
    spill = exchange.Spill(folder / "spill")
    spill.positions = {0: 0}
    return spill, Part(0, 0, 1, lambda: Chunk("x", 1, pl.DataFrame()))


@pytest.mark.parametrize("part_rows", [1, 2, 10])
@pytest.mark.parametrize("unknown", [False, True])
def test_deposits_that_share_a_hash_keep_their_own(
    part_rows: int, *, unknown: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All hashes are equal with the first seeds; each deposit's posting is its own number of cents."""
    seeds = []

    def with_the_first_seeds(index: KeyIndex) -> bool:
        if index.key != DEPOSITS.key:  # what is held, on its way to the accounts
            return False
        seeds.append(index.seed)
        return index.seed < 2

    collide(monkeypatch, with_the_first_seeds)
    moves = [event(number, "posting", number) for number in (3, 1, 2, 0)]
    if unknown:
        moves.append(event(9))
    out = tmp_path / "out"
    inputs = write(tmp_path, [numbered("deposits", number) for number in range(4)], moves)
    manifest = run(out, **inputs, part_rows=part_rows)
    found = by_id(out)
    assert [found[f"D{n}"]["interest_cents"] - found[f"D{n}"]["interest_due_cents"] for n in range(4)] == [0, 1, 2, 3]
    assert manifest["rows"]["transactions"]["quarantined"] == int(unknown)
    assert max(seeds) == (2 if unknown else 0)


def test_parts_are_cut_as_they_were(tmp_path: Path) -> None:
    inputs = write(tmp_path, [numbered("deposits", number) for number in range(4)], [event(3)])
    deposits = open_source(DEPOSITS, inputs["deposits"], part_rows=2)
    (tmp_path / "runs" / "r").mkdir(parents=True)
    moves = Dependents(Run(tmp_path, "r"), TRANSACTIONS, JUDGING["transactions"], date(2026, 9, 30))
    moves.spill(open_source(TRANSACTIONS, inputs["transactions"]), KeyIndex(deposits), 1, lambda _: None)
    first, second = deposits.parts()
    frame = second.load().frame
    flagged = pl.zeros(2, pl.Int64, eager=True).to_numpy().copy()
    assert moves.of_part(first, first.load().frame, flagged) is None
    own = moves.of_part(second, frame, flagged)
    assert own is not None
    assert own.rows.tolist() == [1]
    assert {name: column.tolist() for name, column in own.values.items()} == {
        "date": [to_day(date(2024, 1, 1))], "kind": [POSTING], "amount_cents": [100]
    }  # fmt: skip
    with pytest.raises(InputError, match="part 1 begins at another row than before: the input has changed"):
        moves.of_part(Part(1, 3, 1, second.load), frame, flagged)
    spilled = tmp_path / "runs" / "r" / "spill-transactions"
    assert spilled.exists()
    moves.close()
    assert not spilled.exists()


def test_a_spill_that_cannot_be_written_or_read_is_told(tmp_path: Path) -> None:
    spill, part = spill_of(tmp_path)
    rows = pl.DataFrame({"deposit_id": ["D"]})
    spill.add(rows, np.array([0]))
    found = spill.read(part)
    assert found is not None
    assert found.equals(rows)
    path = tmp_path / "spill" / "part-00000.arrows"
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(OutputError, match=r"part-00000\.arrows: what was spilled cannot be read again"):
        spill.read(part)
    (tmp_path / "spill" / "part-00001.arrows").mkdir()
    with pytest.raises(OutputError, match=r"part-00001\.arrows: \d+ bytes cannot be written: Is a directory"):
        spill.add(rows, np.array([1]))


def test_a_new_spill_forgets_what_a_stopped_run_left(tmp_path: Path) -> None:
    spill_of(tmp_path)[0].add(pl.DataFrame({"deposit_id": ["D"]}), np.array([0]))
    spill, part = spill_of(tmp_path)
    assert spill.read(part) is None


def test_a_spill_is_read_in_batches_of_bounded_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "BATCH_ROWS", 5)
    spill, part = spill_of(tmp_path)
    for first in range(0, 14, 2):
        spill.add(pl.DataFrame({"number": [first, first + 1]}), np.array([0, 0]))
    batches = [batch["number"].to_list() for batch in spill.batches(part)]
    assert [len(batch) for batch in batches] == [6, 6, 2]
    assert sorted(number for batch in batches for number in batch) == list(range(14))


def test_deposits_with_many_transactions_come_in_smaller_parts(
    inputs: dict[str, str], whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deposits, moves = open_source(DEPOSITS, inputs["deposits"]), open_source(TRANSACTIONS, inputs["transactions"])
    events = moves.rows_hint
    few = open_source(TRANSACTIONS, inputs["transactions"], limit=100)
    assert fit_parts(deposits, few).part_rows == deposits.part_rows
    monkeypatch.setattr("calc.bulk.run.dependents._ROWS_OF_A_PART", -(-events // 5))
    cut = fit_parts(deposits, moves)
    assert [part.rows for part in cut.parts()] == [600, 600, 600, 600, 600]
    manifest = run(tmp_path / "out", **inputs)
    assert len(manifest["datasets"]["deposits"]["parts"]) == 5
    assert by_id(tmp_path / "out") == by_id(whole)


# --- the sample, and what the manifest says


def test_the_sample_runs_clean_in_parquet_and_csv(tmp_path: Path) -> None:
    contents = []
    for kind in ("parquet", "csv"):
        write_sample(4000, 3, tmp_path / kind, kind)
        inputs = {name: str(tmp_path / kind / f"{name}.{kind}") for name in NAMES}
        manifest = run(tmp_path / kind / "out", **inputs, part_rows=999)
        assert manifest["rows"]["transactions"]["in"] > 400
        assert manifest["rows"]["transactions"]["quarantined"] == 0
        assert "bad_transaction" not in manifest["quarantine"]["deposits"]["reasons"]
        assert "negative_balance" not in manifest["quarantine"]["deposits"]["reasons"]
        contents.append(by_id(tmp_path / kind / "out"))
    typed, text = contents
    common = typed.keys() & text.keys()  # a few other rows are bad in CSV
    assert len(common) > 3900
    assert {name: typed[name] for name in common} == {name: text[name] for name in common}


def test_what_the_manifest_says_of_transactions(tmp_path: Path) -> None:
    inputs = write(tmp_path, [numbered("deposits", 0)], [event(0)])
    manifest = run(tmp_path / "out", **inputs)
    (given,) = manifest["inputs"]["transactions"]
    assert given["path"] == inputs["transactions"]
    assert given["bytes"] == Path(inputs["transactions"]).stat().st_size
    assert "transactions" not in manifest["datasets"]
    assert "transactions" not in manifest["control_totals"]
    assert any(note.startswith("postings and debts that came as transactions count") for note in manifest["notes"])
    assert manifest["seconds"]["transactions"] > 0
    del inputs["transactions"]
    manifest = run(tmp_path / "out", **inputs)
    assert "transactions" not in manifest["rows"]
    assert any(note.startswith("posted_cents and amounts_owed_cents carry no date") for note in manifest["notes"])


def test_a_missing_column_of_the_transactions_is_named(tmp_path: Path) -> None:
    inputs = write(tmp_path, [numbered("deposits", 0)], [event(0)])
    portfolio.transactions([event(0)]).drop("date").write_parquet(inputs["transactions"])
    with pytest.raises(InputError, match="transactions lacks the required column date"):
        run(tmp_path / "out", **inputs)
