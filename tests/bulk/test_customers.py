"""Held and limit by customer over whole files, against the exact reference and by hand."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from calc.bulk.publish.results import read_results
from calc.bulk.reconcile.check import check_output
from calc.bulk.run.dry_run import dry_run
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.columns.contract import ACCOUNTS, DEPOSITS, PARTICIPANTS, SERVICES
from calc.errors import InputError, UsageError
from tests.bulk.bad_rows import GOOD
from tests.columns.frames import as_frame
from tests.reference import deposit_limit as twin

AS_OF = date(2026, 9, 30)
Row = dict[str, Any]


def deposit(number: int, account: str, cents: int, **more: Any) -> Row:  # noqa: ANN401 - columns
    return {
        **GOOD["deposits"], "deposit_id": f"D{number}", "account_id": account, "service": "gas",
        "principal_cents": cents, **more,
    }  # fmt: skip


def account(name: str, customer: str | None, billed: int = 146_000, **more: Any) -> Row:  # noqa: ANN401 - as above
    """Billed 1,460.00 in 365 days: 360.00 may be held."""
    row = {**GOOD["accounts"], "account_id": name, "service": "gas", "billed_cents": billed, "customer_id": customer}
    return {**row, **more}


def run(folder: Path, **rows: list[Row]) -> Path:
    return night(folder, frames_of(folder, rows))


def frames_of(folder: Path, rows: dict[str, list[Row]]) -> dict[str, str]:
    datasets = {"deposits": DEPOSITS, "accounts": ACCOUNTS, "participants": PARTICIPANTS}
    folder.mkdir(exist_ok=True)
    for name, each in rows.items():
        as_frame(datasets[name], *each).write_parquet(folder / f"{name}.parquet")
    return {name: str(folder / f"{name}.parquet") for name in rows}


def night(folder: Path, inputs: dict[str, str], **settings: Any) -> Path:  # noqa: ANN401 - fields of the job
    given = {"max_bad_share": 1, "max_unmatched_share": 1, **inputs, **settings}
    run_nightly(NightlyJob(AS_OF, out=folder / "out", **given))
    return folder / "out"


def rows_of(out: Path, dataset: str) -> list[Row]:
    return read_results(out, dataset).collect().to_dicts()


def test_limits_and_what_is_held_are_summed(tmp_path: Path) -> None:
    """500.00 on one of two accounts at 360.00 each: 720.00 may be held in all, so 220.00 more may be asked for.

    Each account alone would be 140.00 above its limit, and 360.00 below it.
    """
    out = run(
        tmp_path,
        deposits=[deposit(1, "A1", 50_000), deposit(2, "A3", 50_000)],
        accounts=[account("A1", "C1"), account("A2", "C1"), account("A3", None)],
    )
    (customer,) = rows_of(out, "customers")
    assert customer == {
        "customer_id": "C1", "service": "gas", "held_cents": 50_000, "limit_cents": 72_000, "excess_cents": 0,
        "available_cents": 22_000, "may_ask": "not_checked", "barred": [], "accounts": 2,
    }  # fmt: skip
    figures = ("account_id", "held_cents", "limit_cents", "excess_cents", "available_cents", "limit_of")
    assert [tuple(row[name] for name in figures) for row in rows_of(out, "accounts")] == [
        ("A1", 50_000, 36_000, 0, 22_000, "customer"),
        ("A2", 0, 36_000, 0, 22_000, "customer"),
        ("A3", 50_000, 36_000, 14_000, 0, "account"),
    ]


def test_totals_count_what_is_of_a_customer_once(tmp_path: Path) -> None:
    rows = {
        "deposits": [deposit(1, "A1", 100_000), deposit(2, "A3", 50_000)],
        "accounts": [account("A1", "C1"), account("A2", "C1"), account("A3", None)],
    }
    manifest = run_nightly(NightlyJob(AS_OF, out=tmp_path / "out", **frames_of(tmp_path, rows)))  # type: ignore[arg-type]
    totals = manifest["control_totals"]
    assert totals["customers"]["all"]["excess_cents"] == 28_000  # 1,000.00 - 2 x 360.00
    assert totals["accounts"]["all"]["excess_cents"] == 14_000
    assert totals["accounts"]["all"]["held_cents"] == 150_000
    assert check_output(tmp_path / "out").differences == []


def test_a_deposit_beside_the_accounts_counts_for_the_customer_it_names(tmp_path: Path) -> None:
    """A1's own word goes before its deposit's; a deposit of an account without a row is held all the same."""
    out = run(
        tmp_path,
        deposits=[
            deposit(1, "A1", 10_000, customer_id="C9"),
            deposit(2, "GONE", 5_000, customer_id="C1"),
            deposit(3, "GONE", 7_000, customer_id="C1", service="electric"),
            deposit(4, "GONE", 9_000),
            deposit(5, "GONE", 11_000, customer_id="C7"),
        ],
        accounts=[account("A1", "C1")],
    )
    (customer,) = rows_of(out, "customers")
    assert (customer["customer_id"], customer["held_cents"], customer["accounts"]) == ("C1", 15_000, 1)
    assert rows_of(out, "accounts")[0]["available_cents"] == 21_000


def test_a_ground_bars_every_account_of_a_customer_for_the_service(tmp_path: Path) -> None:
    participant = {**GOOD["participants"], "participant_id": "P", "account_id": "A2", "service": "electric"}
    out = run(
        tmp_path,
        deposits=[deposit(1, "A1", 1)],
        accounts=[
            account("A1", "C1"), account("A2", "C1"), account("A1", "C1", service="electric"),
            account("A4", None, clean_past_service=False),
        ],
        participants=[participant],
    )  # fmt: skip
    found = {(row["account_id"], row["service"]): row for row in rows_of(out, "accounts")}
    for key in (("A1", "gas"), ("A2", "gas")):
        assert (found[key]["may_ask"], found[key]["available_cents"]) == ("no", 0)
        assert found[key]["barred"] == ["energy_assistance"]
    assert found["A1", "electric"]["may_ask"] == "not_checked"
    assert found["A4", "gas"]["may_ask"] == "yes"


def test_what_rests_on_a_refused_row_is_refused(tmp_path: Path) -> None:
    out = run(
        tmp_path,
        deposits=[deposit(1, "A3", -1), deposit(2, "GONE", -1, customer_id="C5")],
        accounts=[
            account("A1", "C1"), account("A2", "C1", billed=-1), account("A3", "C2"), account("A4", "C2"),
            account("A5", "C1", service="electric"), account("A6", "C5"), account("A7", "C6"),
            account("A8", "C7"), account("A9", "C7", service="water"),
        ],
    )  # fmt: skip
    assert [row["account_id"] for row in rows_of(out, "accounts")] == ["A5", "A7"]
    assert [(row["customer_id"], row["service"]) for row in rows_of(out, "customers")] == [
        ("C1", "electric"), ("C6", "gas"),
    ]  # fmt: skip
    (path,) = (out / "runs").glob("*/quarantine/accounts-*.parquet")
    reasons = {row["account_id"]: row["reasons"] for row in pl.read_parquet(path).to_dicts()}
    depends = ["depends_on_quarantined"]
    assert reasons == {
        "A1": depends, "A2": ["negative_amount"], "A3": depends, "A4": depends, "A6": depends, "A8": depends,
        "A9": ["unknown_value"],
    }  # fmt: skip


def portfolio(random: Random) -> dict[str, list[Row]]:
    accounts = []
    for number in range(900):
        row = account(f"A{number // 2}", random.choice((None, "", f"C{random.randrange(150)}", "C0")))
        row |= {"service": SERVICES[number % 2], "billed_cents": random.randrange(10**6)}
        row["assistance_last_date"] = random.choice((None, None, None, AS_OF - timedelta(days=random.randrange(800))))
        row["clean_past_service"] = random.choice((None, None, None, False, False, True))
        accounts.append(row)
    random.shuffle(accounts)
    deposits = [
        deposit(number, f"A{random.randrange(450)}", random.randrange(10**5), service=random.choice(SERVICES))
        for number in range(1500)
    ]
    return {"deposits": deposits, "accounts": accounts}


@pytest.mark.parametrize(("threads", "part_rows"), [(1, 10_000), (2, 130), (4, 37)])
def test_a_portfolio_against_the_reference(threads: int, part_rows: int, tmp_path: Path) -> None:
    rows = portfolio(Random(4))  # noqa: S311 - rows, no secrets
    out = night(tmp_path, frames_of(tmp_path, rows), threads=threads, part_rows=part_rows, customers=True)
    held: Counter[tuple[str, str]] = Counter()
    for row in rows["deposits"]:
        held[row["account_id"], row["service"]] += row["principal_cents"]
    own = [(row, twin.account(row, held[row["account_id"], row["service"]], AS_OF)) for row in rows["accounts"]]
    named = [(row if row["customer_id"] else {**row, "customer_id": None}, result) for row, result in own]
    expected = twin.customers(named)
    found = sorted(rows_of(out, "customers"), key=lambda row: (row["customer_id"], row["service"]))
    assert [{name: row[name] for name in expected[0]} for row in found] == expected
    of_customer = {(row["customer_id"], row["service"]): row for row in expected}
    for (row, result), given in zip(own, rows_of(out, "accounts"), strict=True):
        customer = of_customer.get((row["customer_id"], row["service"]))
        assert given["limit_of"] == ("customer" if customer else "account")
        assert (given["held_cents"], given["limit_cents"]) == (result["held_cents"], result["limit_cents"])
        for name in ("excess_cents", "available_cents"):
            assert given[name] == (customer or result)[name]
    assert check_output(out).differences == []


def test_a_dry_run_says_what_it_leaves_out(tmp_path: Path) -> None:
    rows = {
        "deposits": [deposit(1, "A1", 1)],
        "accounts": [account("A1", "C1"), account("A2", "C1", billed=-1), account("A3", None)],
    }
    told = dry_run(NightlyJob(AS_OF, out=tmp_path / "out", **frames_of(tmp_path, rows)))  # type: ignore[arg-type]
    assert told["datasets"]["accounts"]["reasons"] == {"negative_amount": 1}
    assert any("adds up no customers" in note for note in told["notes"])


def test_customers_where_no_row_can_name_one(tmp_path: Path) -> None:
    rows = {"deposits": [deposit(1, "A1", 1)], "accounts": [account("A1", None)]}
    inputs = frames_of(tmp_path, rows)
    pl.read_parquet(inputs["accounts"]).drop("customer_id").write_parquet(inputs["accounts"])
    with pytest.raises(InputError, match=r"--customers adds up accounts by customer_id, and accounts has no such"):
        night(tmp_path, inputs, customers=True)
    with pytest.raises(UsageError, match="give --accounts as well"):
        night(tmp_path, {"deposits": inputs["deposits"]}, customers=True)
    assert "customers" not in run_nightly(NightlyJob(AS_OF, out=tmp_path / "o", **inputs))["datasets"]  # type: ignore[arg-type]


MONTHS = ",".join(f"monthly_bill_{month:02}" for month in range(1, 13))
YEAR = ["100.00"] * 9 + ["200.00"] * 3
"""1,500.00 in all: three average months are 375.00, the three highest in a row 600.00."""


@pytest.mark.parametrize(
    ("heads", "bills"),
    [("monthly_bill", " ".join(YEAR)), ("monthly_bill", "; ".join(YEAR)), (MONTHS, ",".join(YEAR))],
)
@pytest.mark.parametrize(("estimate", "limit"), [("monthly_average", 37_500), ("peak_consecutive", 60_000)])
def test_estimates_over_months_of_a_file_of_text(
    heads: str, bills: str, estimate: str, limit: int, tmp_path: Path
) -> None:
    inputs = frames_of(tmp_path, {"deposits": [deposit(1, "A1", 10_000)]})
    rows = [f"A1,gas,1460.00,365,,{bills}", f"A2,gas,1460.00,365,,{',' * heads.count(',')}"]
    (tmp_path / "a.csv").write_text(
        "\n".join([f"account_id,service,billed,billed_days,late_payments_12m,{heads}", *rows, ""])
    )
    out = night(tmp_path, {**inputs, "accounts": str(tmp_path / "a.csv")}, switches={"estimate": estimate})
    (row,) = rows_of(out, "accounts")
    assert (row["account_id"], row["limit_cents"], row["available_cents"]) == ("A1", limit, limit - 10_000)
    (path,) = (out / "runs").glob("*/quarantine/accounts-*.parquet")
    refused = pl.read_parquet(path)
    assert refused["reasons"].to_list() == [["missing_value"]]
    assert refused["reason_columns"].to_list()[0][0].startswith("monthly_bill")
