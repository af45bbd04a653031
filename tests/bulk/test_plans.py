"""A nightly run of payment plans: results, totals and what is refused."""

from pathlib import Path

import polars as pl

from calc.bulk.publish.results import read_results
from calc.bulk.reconcile.check import check_output
from calc.bulk.run.nightly import run_nightly
from tests.bulk.bad_rows import numbered
from tests.bulk.test_nightly import job, write


def test_plans_of_a_night(tmp_path: Path) -> None:
    """A tenth of 480.01 is 48.001; of 100.00, 9.99 is too little; 1,200.07 / 12 is 100.00."""
    plans = pl.DataFrame(
        {"account_id": ["A", "B"], "service": ["gas"] * 2, "due_cents": [480_01, 100_00], "months": [7, 3],
         "down_payment_cents": [None, 9_99]}
    )  # fmt: skip
    budgets = pl.DataFrame(
        {"account_id": ["A"], "service": ["electric"], "last_year_billed_cents": [1_100_07], "arrears_cents": [100_00]}
    )
    write(tmp_path, "deposits", [numbered("deposits", 1)], "parquet")
    plans.write_parquet(tmp_path / "installments.parquet")
    budgets.write_parquet(tmp_path / "budgets.parquet")
    topics = {
        "installment_plans": str(tmp_path / "installments.parquet"), "budget_plans": str(tmp_path / "budgets.parquet")
    }  # fmt: skip
    manifest = run_nightly(job(tmp_path / "out", deposits=str(tmp_path / "deposits.parquet"), more=topics))
    (plan,) = read_results(tmp_path / "out", "installment_plans").collect().to_dicts()
    assert plan["installment_cents"] == [61_72] * 3 + [61_71] * 4
    (budget,) = read_results(tmp_path / "out", "budget_plans").collect().to_dicts()
    assert (budget["payment_cents"], budget["settlement_cents"]) == (100_00, 100_07)
    assert manifest["quarantine"]["installment_plans"]["reasons"] == {"out_of_range": 1}
    totals = manifest["control_totals"]["installment_plans"]
    assert totals["gas"]["proposed"]["installment_cents"] == 432_00
    assert list(check_output(tmp_path / "out").differences) == []
