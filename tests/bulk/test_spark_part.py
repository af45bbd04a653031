"""What a Spark worker does to batches, without Spark: every row comes out once, as a result or with its reasons."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal

import calc
from calc.bulk.spark.part import INPUTS, evaluate_batches, evaluations
from calc.columns.contract import DATASETS
from calc.errors import Reason, UsageError
from calc.rates.computing.table import load_rate_table
from calc.rules.resolve import load_rules
from tests.bulk.bad_rows import frame_of, numbered, rows_of

AS_OF = date(2026, 9, 30)
RULES = load_rules(AS_OF)
RATES = load_rate_table(RULES.electric.annual_rate)
EVALUATE = evaluations(RULES, RATES, AS_OF)
Row = dict[str, Any]


def through(name: str, table: pa.Table, rows: int) -> list[Row]:
    """Rows that come out when a table goes in by batches of so many rows."""
    out = list(evaluate_batches(table.to_batches(max_chunksize=rows), name, EVALUATE[name], calc.__version__))
    for batch in out:
        batch.validate(full=True)
    found: list[Row] = pa.Table.from_batches(out).to_pylist()
    return found


@pytest.mark.parametrize("cut", [1, 7, 1000])
@pytest.mark.parametrize("name", DATASETS)
def test_every_row_comes_out_once(name: str, cut: int) -> None:
    rows, expected = rows_of(name, typed=True)
    key = DATASETS[name].key[0]
    flagged = [Reason.duplicate_key if row[key] == "twice" else 0 for row in rows]
    frame = frame_of(name, rows).with_columns(
        file=pl.lit("f"), row=pl.int_range(1, pl.len() + 1), flagged=pl.Series(flagged, dtype=pl.Int64)
    )
    out = through(name, frame.to_arrow(), cut)
    assert all((row["result"] is None) != (row["refused"] is None) for row in out)
    refused = {row["refused"].pop("row"): row["refused"] for row in out if row["refused"]}
    found = {number: (row.pop("reasons"), row.pop("reason_columns")) for number, row in refused.items()}
    assert found == expected
    assert all(len(row.pop("reason_allowed")) == len(expected[number][0]) for number, row in refused.items())
    assert refused == {number: {**rows[number - 1], "file": "f"} for number in expected}
    good = [row for number, row in enumerate(rows, 1) if number not in expected]
    results = [row["result"] for row in out if row["result"]]
    assert [row[key] for row in results] == [row[key] for row in good]
    whole = EVALUATE[name](frame_of(name, good), flagged=pl.Series([0] * len(good)).to_numpy()).results
    assert_frame_equal(pl.DataFrame(results, schema=DATASETS[name].results), whole)
    inputs = [tuple(row[each] for each in INPUTS[name]) for row in out if row["result"]]
    assert inputs == [(0, row["principal_cents"], 0) if name == "deposits" else () for row in good]


def test_accounts_take_what_is_held_from_beside() -> None:
    frame = frame_of("accounts", [numbered("accounts", 1), numbered("accounts", 2)])
    flagged = [0, int(Reason.depends_on_quarantined)]
    good, bad = through("accounts", frame.with_columns(flagged=pl.Series(flagged), held_cents=30000).to_arrow(), 2)
    # 1460.00 billed in 365 days: 90 days of them are 360.00.
    assert [good["result"][name] for name in ("held_cents", "limit_cents", "available_cents")] == [30000, 36000, 6000]
    assert bad["refused"]["reasons"] == ["depends_on_quarantined"]
    assert "held_cents" not in bad["refused"]


def test_accounts_of_participants_are_barred() -> None:
    frame = frame_of("accounts", [numbered("accounts", 1), numbered("accounts", 2)])
    beside = {"flagged": pl.Series([0, 0]), "takes_part": pl.Series([True, False])}
    rows = through("accounts", frame.with_columns(**beside, held_cents=30000).to_arrow(), 2)
    found = [(row["result"]["may_ask"], row["result"]["barred"], row["result"]["available_cents"]) for row in rows]
    assert found == [("no", ["energy_assistance"], 0), ("not_checked", [], 6000)]


def test_an_instant_is_a_day_in_utc() -> None:
    frame = frame_of("deposits", [numbered("deposits", number) for number in range(2)])
    instants = [datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, 7, tzinfo=UTC)]  # the latter midnight in Denver
    received = pl.Series(instants, dtype=pl.Datetime("us", "UTC")).dt.convert_time_zone("America/Denver")
    paid = pl.Series([date(2025, 1, 1)] * 2)
    good, bad = through(
        "deposits",
        frame.with_columns(received_date=received, paid_date=paid, flagged=pl.lit(0, pl.Int64)).to_arrow(),
        2,
    )
    assert good["result"]["accrued_days"] == 366
    assert bad["refused"]["reasons"] == ["bad_date"]


def test_another_version_on_a_worker_is_refused() -> None:
    with pytest.raises(UsageError, match=f"the driver runs puccalc 0.0, a worker {calc.__version__}"):
        next(evaluate_batches([], "deposits", EVALUATE["deposits"], "0.0"))
