"""What a run finds beside its rows is counted by hand here, and a share above its limit leaves the old result."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from calc.bulk.reconcile import findings as finding
from calc.bulk.reconcile.check import check_output
from calc.bulk.reconcile.findings import Listed
from calc.bulk.run.bounds import share_text
from calc.bulk.run.dry_run import dry_run
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.bulk.run.resume import resume_nightly
from calc.errors import PublishRefusedError
from tests.bulk.bad_rows import frame_of, numbered
from tests.bulk.colliding import collide

AS_OF = date(2026, 9, 30)
ANY = Fraction(1)

Row = dict[str, Any]


class Stop(Exception):  # noqa: N818 - a stop on the way, not an error of the run
    """The run was stopped."""


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Run over rows of datasets; settings of the job beside them."""

    def of(dry: bool = False, **given: Any) -> dict[str, Any]:  # noqa: ANN401 - rows, or fields of any type
        return (dry_run if dry else run_nightly)(job_of(tmp_path, **given))

    return of


def job_of(folder: Path, **given: Any) -> NightlyJob:  # noqa: ANN401 - as above
    settings: Row = {"as_of": AS_OF, "out": folder / "out"}
    for name, value in given.items():
        if name == "transactions":
            schema = {"deposit_id": pl.String, "date": pl.Date, "kind": pl.String, "amount_cents": pl.Int64}
            pl.DataFrame(value, schema=schema, orient="row").write_parquet(folder / "transactions.parquet")
        elif name in {"deposits", "accounts", "participants"}:
            frame_of(name, value).write_parquet(folder / f"{name}.parquet")
        else:
            settings[name] = value
            continue
        settings[name] = str(folder / f"{name}.parquet")
    return NightlyJob(**settings)


def deposit(number: int, account: str = "A1", **change: Any) -> Row:  # noqa: ANN401 - columns of any type
    return {**numbered("deposits", number), "account_id": account, **change}


def account(name: str, service: str = "electric") -> Row:
    return {**numbered("accounts", 0), "account_id": name, "service": service}


def listed(folder: Path, bound: Row) -> list[Row]:
    return pl.read_parquet(folder / "out" / bound["list"]["path"]).to_dicts()


def refused(folder: Path, match: str, work: Callable[[], object]) -> Row:
    """The bounds that refused.json names; the published manifest stays."""
    manifest = folder / "out" / "manifest.json"
    before = manifest.read_bytes() if manifest.exists() else None
    with pytest.raises(PublishRefusedError, match=match) as error:
        work()
    assert error.value.exit_code == 4
    assert (manifest.read_bytes() if manifest.exists() else None) == before
    return dict(json.loads((folder / "out" / "refused.json").read_text())["bounds"])


# --- open deposits without a row in the accounts


UNMATCHED = [
    deposit(0, "0012345", principal_cents=90000),
    deposit(1, "0012345", principal_cents=1),
    deposit(2, "A1", service="gas", principal_cents=500),  # the account is there for electric alone
    deposit(3, "A1", principal_cents=20000),
    deposit(4, "9", principal_cents=20000, paid_date=AS_OF),  # not open
    deposit(5, "9", principal_cents=20000, received_date=date(2026, 10, 1)),  # not received
    deposit(6, "9", principal_cents=20000, kind="construction_advance"),  # held for no account
    deposit(7, "9", principal_cents=-1),  # refused
    *[deposit(number, "A1") for number in range(8, 104)],
]


@pytest.mark.parametrize("part_rows", [1, 7, 1000])
def test_open_deposits_without_an_account(run: Callable[..., Row], part_rows: int, tmp_path: Path) -> None:
    """By hand: three of a hundred open deposits, 900.01 and 5.00 dollars."""
    accounts = [account("12345"), account("A1"), account("other", "gas")]
    given = {"deposits": UNMATCHED, "accounts": accounts, "part_rows": part_rows, "max_bad_share": ANY}
    match = r"3 of 100 open deposits .* 905\.01 dollars \(3\.00%, more than the 2\.00% allowed\).* account_id 0012345"
    bounds = refused(tmp_path, match, lambda: run(**given))
    bound = bounds["max_unmatched_share"]
    assert {name: bound[name] for name in ("limit", "found", "of", "cents")} == {
        "limit": "0.02", "found": 3, "of": 100, "cents": 90501
    }  # fmt: skip
    assert listed(tmp_path, bound) == [
        {"account_id": "0012345", "service": "electric", "deposits": 2, "held_cents": 90001},
        {"account_id": "A1", "service": "gas", "deposits": 1, "held_cents": 500},
    ]
    rehearsed = run(dry=True, **given)
    assert rehearsed["bounds"]["max_unmatched_share"] == {"limit": "0.02", "found": 3, "of": 100, "cents": 90501}
    assert "3 of 100 open deposits" in rehearsed["refused"]
    published = run(**given, max_unmatched_share=Fraction(3, 100))
    assert published["bounds"]["max_unmatched_share"]["found"] == 3
    assert check_output(tmp_path / "out").differences == []


def test_without_accounts_nothing_is_said_of_them(run: Callable[..., Row]) -> None:
    assert "max_unmatched_share" not in run(deposits=[deposit(0)])["bounds"]


def test_first_rows_alone_are_not_judged(run: Callable[..., Row]) -> None:
    bound = run(deposits=[deposit(0, "A2")] * 1, accounts=[account("A1"), account("A2")], limit=1)["bounds"]
    assert bound["max_unmatched_share"] == {
        "limit": "0.02", "found": 1, "of": 1, "cents": 20000, "why_not": "the first rows alone say nothing of it",
        "first": [{"account_id": "A2", "service": "electric", "deposits": 1, "held_cents": 20000}],
        "list": bound["max_unmatched_share"]["list"],
    }  # fmt: skip


def test_accounts_that_share_a_hash_are_told_apart(
    run: Callable[..., Row], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every key is routed to every part: three deposits of two accounts that are in none."""
    collide(monkeypatch)
    deposits = [deposit(0, "A0"), deposit(1, "A9"), deposit(2, "A9"), deposit(3, "A8"), deposit(4, "A3")]
    accounts = [account(f"A{number}") for number in range(8)]
    bound = run(deposits=deposits, accounts=accounts, part_rows=2, max_unmatched_share=ANY)["bounds"]
    assert bound["max_unmatched_share"]["found"] == 3
    assert [row["account_id"] for row in listed(tmp_path, bound["max_unmatched_share"])] == ["A8", "A9"]


def test_a_resumed_run_finds_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Limits are those the run was started with; what lies in parts that were whole before the stop counts too."""
    events = [("D0", date(2023, 1, 1), "principal", 20000)] * 3
    job = job_of(
        tmp_path, deposits=UNMATCHED, accounts=[account("A1"), account("A2")], transactions=events, part_rows=20,
        threads=1, max_bad_share=ANY, max_unmatched_share=Fraction(3, 100), max_repeated_share=Fraction(2, 3),
    )  # fmt: skip
    whole = run_nightly(replace(job, out=tmp_path / "whole"))["bounds"]

    def stop(*_: object) -> None:
        raise Stop

    with monkeypatch.context() as patched:
        patched.setattr("calc.bulk.run.nightly.manifest_of", stop)
        with pytest.raises(Stop):
            run_nightly(job)
    resumed = resume_nightly(tmp_path / "out")["bounds"]
    for bounds in (whole, resumed):
        for bound in bounds.values():
            bound.pop("list", None)
    assert resumed == whole
    assert (whole["max_unmatched_share"]["found"], whole["max_repeated_share"]["found"]) == (3, 2)


# --- transactions


def test_a_line_that_is_there_twice(run: Callable[..., Row], tmp_path: Path) -> None:
    """By hand: of 8 good lines three repeat one; 200.00 twice more, and a refund of 1.50."""
    day, later = date(2024, 1, 1), date(2024, 2, 1)
    events = [
        ("D0", day, "principal", 20000),
        ("D1", day, "principal", 20000),
        ("D0", day, "principal", 20000),
        ("D0", later, "principal", -150),
        ("D0", day, "principal", 20000),
        ("D0", later, "principal", -150),
        ("D0", later, "posting", 150),
        ("D0", day, "owed", 20000),
        ("D2", day, "posting", -7),  # refused, as is its copy
        ("D2", day, "posting", -7),
        ("D9", day, "posting", 7),  # no such deposit
        ("D9", day, "posting", 7),
    ]
    deposits = [deposit(number) for number in range(3)]
    given = {"deposits": deposits, "transactions": events, "part_rows": 2, "max_bad_share": ANY}
    bounds = refused(tmp_path, r"3 of 8 transactions repeat a line .*401\.50 dollars.* row 3", lambda: run(**given))
    bound = bounds["max_repeated_share"]
    assert (bound["limit"], bound["found"], bound["of"], bound["cents"]) == ("0.02", 3, 8, 40150)
    file = str(tmp_path / "transactions.parquet")
    same = {"file": file, "deposit_id": "D0", "first_file": file}
    assert listed(tmp_path, bound) == [
        {**same, "row": 3, "date": day, "kind": "principal", "amount_cents": 20000, "first_row": 1},
        {**same, "row": 5, "date": day, "kind": "principal", "amount_cents": 20000, "first_row": 1},
        {**same, "row": 6, "date": later, "kind": "principal", "amount_cents": -150, "first_row": 4},
    ]
    rehearsed = run(dry=True, **given)["bounds"]
    assert (rehearsed["max_repeated_share"]["found"], rehearsed["max_repeated_share"]["of"]) == (3, 8)
    assert rehearsed["max_principal_mismatch_share"]["why_not"] == "a dry run strikes no balances"
    assert run(**given, max_repeated_share=Fraction(3, 8))["bounds"]["max_repeated_share"]["found"] == 3


def test_a_file_that_is_there_twice(tmp_path: Path) -> None:
    """Each line of the second file repeats one of the first."""
    job = job_of(tmp_path, deposits=[deposit(0)], transactions=[("D0", date(2023, 1, 1), "posting", 1)])
    (tmp_path / "both").mkdir()
    for name in ("a", "b"):
        (tmp_path / "both" / f"{name}.csv").write_text(
            "deposit_id,date,kind,amount\nD0,2023-01-01,posting,1.00\nD0,2023-01-02,posting,1.00\n"
        )
    twice = replace(job, transactions=str(tmp_path / "both"))
    bound = refused(tmp_path, "2 of 4 transactions", lambda: run_nightly(twice))["max_repeated_share"]
    places = [(row["file"][-5:], row["row"], row["first_file"][-5:], row["first_row"]) for row in bound["first"]]
    assert places == [("b.csv", 1, "a.csv", 1), ("b.csv", 2, "a.csv", 2)]


@pytest.mark.parametrize(
    ("stated_cents", "events"),
    [
        (20000, [(2024, 20000)]),
        (20000, [(2024, 15000), (2025, 5000)]),
        (15000, [(2024, 20000), (2025, -5000)]),  # what is held
        (20000, [(2024, 20000), (2025, -5000)]),  # what was received
        (20000, [(2024, 20000), (2025, -20000)]),  # what was paid out
        (15000, [(2024, 20000), (2025, -5000), (2026, -15000)]),  # the same, after a part went back
        (0, [(2024, 20000), (2025, -20000)]),  # what is held: nothing
        (20000, [(2024, 5000), (2027, 15000)]),  # in all, an installment to come
        (5000, [(2024, 5000), (2027, 15000)]),  # by tonight
    ],
)
def test_principals_that_their_transactions_give(
    run: Callable[..., Row], stated_cents: int, events: list[tuple[int, int]]
) -> None:
    lines = [("D0", date(year, 1, 1), "principal", cents) for year, cents in events]
    found = run(deposits=[deposit(0, principal_cents=stated_cents)], transactions=lines)["bounds"]
    assert (found["max_principal_mismatch_share"]["found"], found["max_principal_mismatch_share"]["of"]) == (0, 1)


def test_principals_at_odds_with_their_transactions(run: Callable[..., Row], tmp_path: Path) -> None:
    """By hand: 400.00 for a stated 200.00 and 199.99 for 200.00 differ by 200.01; postings alone say nothing."""
    day = date(2024, 1, 1)
    events = [
        ("D0", day, "principal", 20000), ("D0", date(2024, 1, 2), "principal", 20000),
        ("D1", day, "principal", 19999), ("D2", day, "principal", 20000), ("D3", day, "posting", 1),
    ]  # fmt: skip
    given = {"deposits": [deposit(number) for number in range(5)], "transactions": events}
    bound = run(**given)["bounds"]["max_principal_mismatch_share"]
    assert (bound["limit"], bound["found"], bound["of"], bound["cents"]) == ("1", 2, 3, 20001)
    assert listed(tmp_path, bound) == [
        {"deposit_id": "D0", "principal_cents": 20000, "ledger_cents": 40000},
        {"deposit_id": "D1", "principal_cents": 20000, "ledger_cents": 19999},
    ]
    half = {**given, "max_principal_mismatch_share": Fraction(1, 2)}
    refused(tmp_path, "2 of 3 deposits with receipts .* deposit_id D0", lambda: run(**half))


# --- what is gone since the night before


FIRST_NIGHT = [deposit(number) for number in range(90)]


@pytest.mark.parametrize("rows", [0, 30])
def test_a_file_that_lost_its_rows(run: Callable[..., Row], rows: int, tmp_path: Path) -> None:
    run(deposits=FIRST_NIGHT)
    given = {"deposits": FIRST_NIGHT[:rows], "as_of": date(2026, 10, 1)}
    match = f"{90 - rows} of 90 open deposits of the previous run are not among tonight's .*--max-gone-share"
    bound = refused(tmp_path, match, lambda: run(**given))["max_gone_share"]
    assert bound == {"limit": "0.05", "found": 90 - rows, "of": 90, "cents": 20000 * (90 - rows)}
    rehearsed = run(dry=True, **given)
    assert rehearsed["bounds"]["max_gone_share"] == {"limit": "0.05", "found": 90 - rows, "of": 90}
    assert "--max-gone-share" in rehearsed["refused"]
    assert run(**given, max_gone_share=ANY)["bounds"]["max_gone_share"]["found"] == 90 - rows


def test_what_is_returned_is_not_gone(run: Callable[..., Row]) -> None:
    run(deposits=FIRST_NIGHT)
    returned = [{**row, "paid_date": date(2026, 10, 1)} for row in FIRST_NIGHT]
    assert run(deposits=returned, as_of=date(2026, 10, 1))["bounds"]["max_gone_share"]["found"] == 0


def alter(folder: Path, **change: object) -> None:
    path = folder / "out" / "manifest.json"
    manifest = json.loads(path.read_text())
    for name, value in change.items():
        manifest.pop(name) if value is None else manifest.update({name: value})
    path.write_text(json.dumps(manifest))


@pytest.mark.parametrize("way", ["polars", "no cells", "an earlier day"])
def test_counts_decide_where_cells_say_nothing(run: Callable[..., Row], way: str, tmp_path: Path) -> None:
    """Another Polars hashes otherwise, an older puccalc kept no cells, an earlier day is not rolled to."""
    versions = run(deposits=FIRST_NIGHT)["versions"]
    if way == "polars":
        alter(tmp_path, versions={**versions, "polars": "0.1"})
    if way == "no cells":
        alter(tmp_path, standing=None)
    day = date(2026, 9, 29) if way == "an earlier day" else date(2026, 10, 1)
    few = [deposit(0, principal_cents=-1), *FIRST_NIGHT[1:30]]  # a refused row hides none that is gone
    bound = refused(tmp_path, "60 of 90", lambda: run(deposits=few, as_of=day, max_bad_share=ANY))["max_gone_share"]
    assert bound == {"limit": "0.05", "found": 60, "of": 90}
    closed = [{**row, "paid_date": day} for row in FIRST_NIGHT]
    assert run(deposits=closed, as_of=day)["bounds"]["max_gone_share"]["found"] == 0


def test_a_first_night_has_nothing_gone(run: Callable[..., Row]) -> None:
    bound = run(deposits=FIRST_NIGHT)["bounds"]["max_gone_share"]
    assert bound["why_not"] == "no run was published in this folder before"


# --- lists and limits


def test_a_list_keeps_the_first_by_key_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "LISTED_MAX", 3)
    expected = [{"key": key, "rows": rows} for key, rows in (("a", 2), ("b", 2), ("c", 2))]
    for order in ("abcdefgh", "hgfedcba", "fhbdacge"):
        kept = Listed(("key",), ("rows",))
        for key in order * 2:
            kept.add(pl.DataFrame({"key": [key], "rows": [1]}))
        assert kept.rows().to_dicts() == expected


@pytest.mark.parametrize(
    ("share", "text"), [(Fraction(1), "1"), (Fraction(1, 50), "0.02"), (Fraction(0), "0"), (Fraction(1, 3), "1/3")]
)
def test_limits_are_written_exactly(share: Fraction, text: str) -> None:
    assert share_text(share) == text
