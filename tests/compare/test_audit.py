"""An extract whose interest was computed another way: the audit names the reading, to the row."""

import json
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from pathlib import Path
from random import Random

import polars as pl
import pytest

from calc.cli import main

RATE_2024 = Fraction(493, 10_000)
"""4.93 %, as published for 2024."""


def extract(rows: int = 200) -> pl.DataFrame:
    """Deposits held within 2024, with interest at actual/360, cut off to the cent."""
    random = Random(7)  # noqa: S311 - test data
    received = [date(2024, 1, 1) + timedelta(random.randrange(100)) for _ in range(rows)]
    paid = [start + timedelta(random.randrange(1, 260)) for start in received]
    principal = [random.randrange(5_000, 90_000) for _ in range(rows)]
    cents = [
        floor(amount * RATE_2024 * (end - start).days / 360)
        for amount, start, end in zip(principal, received, paid, strict=True)
    ]
    return pl.DataFrame(
        {
            "deposit_id": [f"D{number}" for number in range(rows)],
            "account_id": [f"A{number}" for number in range(rows)],
            "service": ["electric", "gas"] * (rows // 2),
            "principal_cents": principal,
            "received_date": received,
            "paid_date": paid,
            "remitted_date": pl.Series([None] * rows, dtype=pl.Date),
            "service_ended_date": pl.Series([None] * rows, dtype=pl.Date),
            "order_payable_date": pl.Series([None] * rows, dtype=pl.Date),
            "int_cents": cents,
        }
    )


def audit(frame: pl.DataFrame, folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, object]:
    frame.write_parquet(folder / "deposits.parquet")
    given = ["audit", "--deposits", str(folder / "deposits.parquet"), "--as-of", "2025-06-30", "--json"]
    with pytest.raises(SystemExit) as ended:
        main([*given, "--theirs", "int_cents", "-o", str(folder / "out"), *more])
    assert ended.value.code == 0
    shown: dict[str, object] = json.loads(capsys.readouterr().out)
    return shown


def test_the_reading_that_was_used_reproduces_every_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frame = extract()
    shown = audit(frame, tmp_path, capsys)
    assert (shown["best_reading"], shown["best_share"]) == ("day_count=actual_360 rounding_mode=down", 1.0)
    assert shown["rows"] == 200
    readings = pl.read_parquet(tmp_path / "out" / "readings.parquet")
    assert readings.columns == ["reading", "rows", "equal_rows", "share"]
    whole = readings.filter(pl.col("equal_rows") == pl.col("rows"))["reading"].to_list()
    # Within a year of one rate, counting the last day in place of the first changes nothing.
    assert whole == [
        "day_count=actual_360 rounding_mode=down",
        "day_count=actual_360 day_ends=start_excluded_end_included rounding_mode=down",
    ]


def test_rows_hold_both_figures_and_their_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """$200.00 for all of 2024 earns 9.86 (4.93 % of 200.00): theirs by 366 days of 360 is 10.02, 16 cents above."""
    frame = extract(2).with_columns(
        principal_cents=pl.Series([20_000, 20_000]),
        received_date=pl.Series([date(2024, 1, 1)] * 2),
        paid_date=pl.Series([date(2025, 1, 1)] * 2),
        int_cents=pl.Series([1_002, 986]),
    )
    shown = audit(frame, tmp_path, capsys)
    assert (shown["equal_rows"], shown["difference_cents"]) == (1, 16)
    assert pl.read_parquet(tmp_path / "out" / "audit.parquet").to_dicts() == [
        {"deposit_id": "D0", "theirs_cents": 1_002, "ours_cents": 986, "difference_cents": 16},
        {"deposit_id": "D1", "theirs_cents": 986, "ours_cents": 986, "difference_cents": 0},
    ]


def test_blank_and_refused_rows_are_counted_and_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frame = extract(4).with_columns(
        int_cents=pl.Series([None, 1, -1, 1]), principal_cents=pl.Series([100, 100, 100, -5])
    )
    shown = audit(frame, tmp_path, capsys)
    assert (shown["rows"], shown["blank_rows"], shown["refused_rows"]) == (1, 1, 2)
    assert shown["reasons"] == {"negative_amount": 2}
    refused = pl.read_parquet(tmp_path / "out" / "refused.parquet")
    assert refused.select("row", "reason_columns").rows() == [(3, ["int_cents"]), (4, ["principal_cents"])]


def test_dollars_by_the_name_without_cents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frame = extract(2).with_columns(theirs=pl.Series(["9.86", "0.00"])).drop("int_cents")
    frame.write_csv(tmp_path / "deposits.csv")
    with pytest.raises(SystemExit) as ended:
        main(["audit", "--deposits", str(tmp_path / "deposits.csv"), "--as-of", "2025-06-30", "--theirs", "theirs"])
    assert ended.value.code == 0
    assert "theirs 9.86" in capsys.readouterr().out


@pytest.mark.parametrize(("theirs", "code"), [("nowhere_cents", 3), ("posted", 2)])
def test_a_column_that_cannot_be_audited(theirs: str, code: int, tmp_path: Path) -> None:
    """One that is not there; one of the deposits' own."""
    extract(2).write_parquet(tmp_path / "deposits.parquet")
    with pytest.raises(SystemExit) as ended:
        main(["audit", "--deposits", str(tmp_path / "deposits.parquet"), "--as-of", "2025-06-30", "--theirs", theirs])
    assert ended.value.code == code
