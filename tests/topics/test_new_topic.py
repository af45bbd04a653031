"""A topic made up here, one file and one kernel: every way in has it by one line in the table of topics."""

import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

from tests.structure.kernels import ROOT


@cache
def answers() -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.topics.with_late_charge"]
    environment = {**os.environ, "PUCCALC_JIT": "0"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_quote() -> None:
    """123.45 x 1.5 % = 1.85175, rounded down."""
    quote = answers()["quote"]
    assert (quote["charge_cents"], quote["charge"]) == (185, "1.85")
    assert (quote["as_of_date"], quote["as_of_source"], quote["tariff"]) == ("2026-09-30", "given", "default")
    assert [step["label"] for step in quote["steps"]] == ["late charge"]


def test_a_command() -> None:
    """Money in dollars, a share in percent within the column's bounds; help and example out of the declaration."""
    asked = answers()["asked"]
    assert (asked["charge_cents"], asked["as_of_date"], asked["as_of_source"]) == (185, "2026-09-30", "given")
    error = " ".join(answers()["option"].split())
    assert "Invalid value for '--share': the value is not a percentage from 0 to 5" in error
    shown = " ".join(answers()["quote_help"].split())
    assert "Late charge, a rule made up. What is charged on a balance that is past due?" in shown
    assert "--past-due DOLLARS What is past due. [required]" in shown
    assert "--share PERCENT Share that is charged." in shown
    assert "Example: puccalc quote late-charge --past-due 123.45 --as-of 2026-09-30 --explain" in shown


def test_records() -> None:
    """123.45 less 20.00 and 3.45 is 100.00, x 1.5 % is 1.50, by every way in."""
    assert answers()["paid"]["charge_cents"] == 150
    assert answers()["paid_over_http"]["charge_cents"] == 150
    assert "$1.50" in answers()["paid_on_the_page"]
    shown = " ".join(answers()["quote_help"].split())
    assert "--payment DATE[,AMOUNT][,WAY] Payments since, which come off the balance. WAY: cash, check." in shown


def test_a_wrong_record_is_refused_without_its_values() -> None:
    (amount, date, many) = (" ".join(text.split()) for text in answers()["payment"])
    form = "the value is not written DATE[,AMOUNT][,WAY]:"
    assert (
        f"Invalid value for '--payment': {form} its amount is not a plain decimal number of dollars "
        "and its way is not one of" in amount
    )
    assert "7x" not in amount
    assert f"{form} its date is not a date written YYYY-MM-DD" in date
    assert f"{form} it has too many values" in many
    (error,) = answers()["wrong_over_http"]
    assert (error["pointer"], error["code"]) == ("/payments/0/way", "unknown_value")
    assert "one of cash, check" in error["detail"]
    page = " ".join(answers()["wrong_on_the_page"].split())
    assert "has a line that is not written DATE[,AMOUNT][,WAY]: its date is not a date written MM/DD/YYYY" in page


def test_bounds_hold_over_http() -> None:
    (error,) = answers()["refused"]
    assert (error["pointer"], error["code"]) == ("/share_ppm", "out_of_range")
    assert "0 through 50000" in error["detail"]


def test_a_batch_of_json_and_one_of_arrow() -> None:
    assert [each["result"]["charge_cents"] for each in answers()["batch"]["results"]] == [185, 185]
    assert answers()["arrow"] == [
        {"charge_cents": 185, "reasons": []},
        {"charge_cents": None, "reasons": ["negative_amount"]},
    ]


def test_descriptions_are_the_columns() -> None:
    assert answers()["described"] == "What is past due, in cents."


def test_a_page() -> None:
    assert "What is charged on a balance that is past due?" in answers()["form"]
    assert 'name="past_due"' in answers()["form"]
    assert "$1.85" in answers()["page"]


def test_a_function_for_notebooks() -> None:
    row = {"account_id": "A", "service": "gas", "size": "large", "charge_cents": 185}
    assert answers()["notebook"] == [row]
    assert answers()["notebook_help"].startswith("Late charge, a rule made up.\n\nWhat is charged on a balance")
    assert "past_due_cents (cents" in answers()["notebook_help"]
    assert "The charge, rounded down, in cents." in answers()["notebook_help"]


def test_columns_are_listed() -> None:
    columns = answers()["columns"]
    assert [each["name"] for each in columns["columns"]] == ["account_id", "service", "past_due_cents", "share_ppm"]
    assert columns["columns"][3]["highest"] == 50_000
    assert [each["name"] for each in columns["results"]] == ["account_id", "service", "size", "charge_cents"]


def test_a_dataset_of_the_nightly_run() -> None:
    """123.45 x 1.5 % = 1.85 (rounded down), 2.00 x 1.5 % = 0.03; a key that stands twice is refused."""
    night = answers()["night"]
    assert night["results"] == [
        {"account_id": "A", "service": "gas", "size": "large", "charge_cents": 185},
        {"account_id": "B", "service": "gas", "size": "small", "charge_cents": 3},
    ]
    assert night["totals"]["all"] == {"rows": 2, "charge_cents": 188}
    assert night["totals"]["gas"]["small"] == {"rows": 1, "charge_cents": 3}
    assert night["reasons"] == {"duplicate_key": 2}
    assert night["differences"] == []
    assert (night["rehearsed"]["rows"], night["rehearsed"]["reasons"]) == (4, {"duplicate_key": 2})
    assert "--balances FILE One row per account that is past due." in " ".join(night["help"].split())
