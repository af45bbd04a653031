"""A night under another jurisdiction: results by hand, what the manifest names, and what is refused."""

import json
import pickle
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import calc
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.errors import NoRuleError, RatesMissingError, UsageError
from calc.rules.resolve import load_rules

HEAD = (
    "deposit_id,account_id,service,principal,received_date,paid_date,remitted_date,service_ended_date,"
    "order_payable_date,class,stop_date\n"
)
CONNECTICUT = HEAD + (
    "D1,A1,electric,400.00,2023-01-01,,,,,,\n"
    "D2,A2,electric,400.00,2023-01-01,,,2023-07-01,,,\n"
    "D3,A3,gas,400.00,2023-01-01,,,,,non_residential,2023-09-01\n"
    "D4,A4,gas,400.00,2022-06-01,,,,,,\n"
    "D5,A5,gas,400.00,2023-02-01,2023-03-01,,,,,\n"
    "D6,A6,gas,400.00,2023-06-01,,,,,industrial,\n"
    "D7,A7,gas,400.00,2024-06-01,,,,,,\n"
)
ACCOUNTS = (
    "account_id,service,billed,billed_days,late_payments_12m,monthly_bill_cents,class\n"
    "A1,electric,,,,10000;5000;4000;3000,residential\n"
    "A2,electric,,,,10000;5000,\n"
)


def night(folder: Path, jurisdiction: str, deposits: str, as_of: date, accounts: str = "") -> NightlyJob:
    (folder / "deposits.csv").write_text(deposits, "utf-8")
    (folder / "accounts.csv").write_text(accounts, "utf-8")
    return NightlyJob(
        as_of=as_of,
        deposits=str(folder / "deposits.csv"),
        accounts=str(folder / "accounts.csv") if accounts else None,
        out=folder / "out",
        jurisdiction=jurisdiction,
        max_bad_share=1,  # type: ignore[arg-type]  # all rows may be bad
        max_unmatched_share=1,  # type: ignore[arg-type]
        threads=1,
    )


def test_connecticut_by_hand(tmp_path: Path) -> None:
    # 400.00 at 1.5 %: 364 of 365 days are 5.9836; to the end of service on 1 July, 181 days, 2.9753; to the notice of
    # 1 September, 243 days, 3.9945; 28 days of February 0.4603. 2022 has no rate at hand.
    job = night(tmp_path, "us-ct", CONNECTICUT, date(2023, 12, 31), ACCOUNTS)
    manifest = run_nightly(job)
    rows = calc.read_results(job.out, "deposits").collect().rows(named=True)
    found = {row["deposit_id"]: (row["status"], row["interest_cents"], row["accrued_days"]) for row in rows}
    assert found == {
        "D1": ("active", 5_98, 364),
        "D2": ("waiting", 2_98, 181),
        "D3": ("active", 3_99, 243),
        "D5": ("returned", 46, 28),
        "D7": ("not_received", 0, 0),
    }
    assert all(row["surcharge_from_date"] is None and row["remittance_cents"] == 0 for row in rows)
    # The highest three in a row are 100.00 + 50.00 + 40.00; two bills are too few.
    (account,) = calc.read_results(job.out, "accounts").collect().rows(named=True)
    assert (account["account_id"], account["limit_cents"], account["excess_cents"]) == ("A1", 190_00, 210_00)
    assert manifest["quarantine"]["deposits"]["reasons"] == {"no_rate_in_force": 1, "unknown_value": 1}
    assert manifest["quarantine"]["accounts"]["reasons"] == {"missing_value": 1}
    stored = json.loads((job.out / "manifest.json").read_text("utf-8"))
    assert stored["jurisdiction"] == "us-ct"
    assert "jurisdiction us-ct: Connecticut, C.G.S. 16-262j(c)" in stored["notes"]
    assert any("do not say when a deposit is unclaimed" in note for note in stored["notes"])


def test_new_hampshire_by_hand(tmp_path: Path) -> None:
    # As in the quote: 250.00 and 39.08, unclaimed from the day after one year; 100.00 of it are owed, 10.00 posted.
    deposits = (
        "deposit_id,account_id,service,principal,received_date,paid_date,remitted_date,service_ended_date,"
        "order_payable_date,posted,amounts_owed,kind\n"
        "D1,A1,gas,250.00,2022-05-16,,,2023-05-01,,10.00,100.00,deposit\n"
        "D2,A2,gas,250.00,2022-05-16,,,2023-05-01,,,,construction_advance\n"
    )
    job = night(tmp_path, "us-nh", deposits, date(2024, 8, 1))
    run_nightly(job)
    advance, deposit = (
        calc.read_results(job.out, "deposits").collect().sort("deposit_id", descending=True).rows(named=True)
    )
    assert (deposit["status"], deposit["deemed_unclaimed_date"]) == ("unclaimed", date(2024, 5, 2))
    assert (deposit["interest_cents"], deposit["interest_due_cents"]) == (39_08, 29_08)
    assert deposit["remittance_cents"] == 179_08
    assert (advance["status"], advance["interest_cents"]) == ("excluded", 0)


def test_a_folder_holds_the_nights_of_one_jurisdiction(tmp_path: Path) -> None:
    job = night(tmp_path, "us-ct", CONNECTICUT, date(2023, 12, 31))
    run_nightly(job)
    with pytest.raises(UsageError, match="holds nights of us-ct, and this one is of us-co"):
        run_nightly(replace(job, jurisdiction="us-co"))
    again = run_nightly(replace(job, as_of=date(2023, 12, 30)))
    assert again["jurisdiction"] == "us-ct"


def test_what_a_jurisdiction_has_no_rule_for_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    job = night(tmp_path, "us-mn", CONNECTICUT, date(2023, 12, 31), ACCOUNTS)
    with pytest.raises(UsageError, match="--accounts: us-mn has no rule for deposit limit"):
        run_nightly(job)
    with pytest.raises(UsageError, match="--participants: us-mn has no rule for fixed credit"):
        run_nightly(replace(job, accounts=None, participants="none.csv"))
    with pytest.raises(UsageError, match="transactions are computed under the rules of us-co alone"):
        run_nightly(replace(job, accounts=None, transactions="none.csv"))
    with pytest.raises(UsageError, match="no jurisdiction us-xx"):
        run_nightly(replace(job, jurisdiction="us-xx"))
    with pytest.raises(RatesMissingError, match="us-ma"):
        run_nightly(replace(job, accounts=None, jurisdiction="us-ma"))
    assert not job.out.exists()


def test_rules_travel_to_workers() -> None:
    rules = load_rules(date(2023, 12, 31), jurisdiction="us-ct")
    there = pickle.loads(pickle.dumps(rules))  # noqa: S301 - our own bytes
    assert (there.jurisdiction, there.clauses) == ("us-ct", rules.clauses)
    with pytest.raises(NoRuleError, match="us-ct has no rule for fixed credit"):
        _ = there.gas.fixed_credit.recalculation_ppm


def test_colorado_is_named_too(tmp_path: Path) -> None:
    colorado = night(tmp_path, "us-co", CONNECTICUT.replace("industrial", "residential"), date(2023, 12, 31))
    assert run_nightly(colorado)["jurisdiction"] == "us-co"
