"""Notebook functions under another jurisdiction's rules."""

from datetime import date

import polars as pl
import pytest

import calc
from calc.errors import NoRuleError


def test_interest_of_a_frame() -> None:
    # The cases of the quotes: Mississippi's 150.00 earn 8.59; residential and non-residential deposits in Florida 40.00
    # and 40.82.
    frame = pl.DataFrame({"principal_cents": [150_00], "received_date": ["2021-03-15"], "through_date": ["2024-03-15"]})
    assert calc.interest(frame, as_of="2024-03-15", jurisdiction="us-ms").results["interest_cents"].to_list() == [8_59]
    frame = pl.DataFrame({
        "principal_cents": [1_000_00, 1_000_00, 1_000_00],
        "received_date": [date(2021, 1, 1)] * 3,
        "through_date": [date(2023, 1, 1)] * 3,
        "class": ["residential", "non_residential", "industrial"],
    })  # fmt: skip
    found = calc.interest(frame, as_of=date(2023, 1, 1), jurisdiction="us-fl")
    assert found.results["interest_cents"].to_list() == [40_00, 40_82]
    assert found.quarantine["reasons"].to_list() == [["unknown_value"]]


def test_limit_and_unclaimed() -> None:
    accounts = pl.DataFrame({
        "account_id": ["A1"], "service": ["gas"], "billed_cents": [1_460_00], "billed_days": [365],
        "late_payments_12m": [0],
    })  # fmt: skip
    assert calc.deposit_limit(accounts, as_of="2026-09-30", jurisdiction="us-ky").results["limit_cents"][0] == 243_33
    with pytest.raises(NoRuleError, match="us-mn has no rule for deposit limit"):
        calc.deposit_limit(accounts, as_of="2026-09-30", jurisdiction="us-mn")
