"""A nightly run of full annual bills: results, totals and what is refused."""

from pathlib import Path

import polars as pl

from calc.bulk.publish.results import read_results
from calc.bulk.reconcile.check import check_output
from calc.bulk.run.nightly import run_nightly
from tests.bulk.test_nightly import job


def test_annual_bills_of_a_night(tmp_path: Path) -> None:
    """Gas: 72.00 in January and eleven times 12.00. Electric without use: twelve times 8.06, as before."""
    use = pl.DataFrame({
        "participant_id": ["A", "B", "C"], "service": ["gas", "electric", "electric"],
        "rate_schedule": ["RG", "R", "RG"],
        "monthly_use": ["100" + " 0" * 11, "0 " * 12, "0 " * 12], "basis_bill": ["160.00", "96.72", None],
    })  # fmt: skip
    use.write_csv(tmp_path / "use.csv")
    manifest = run_nightly(
        job(tmp_path / "out", deposits=None, more={"annual_bills": str(tmp_path / "use.csv")}, tariff="example")
    )
    found = read_results(tmp_path / "out", "annual_bills").collect()
    assert found.select("participant_id", "full_annual_bill_cents", "bill_change").rows() == [
        ("A", 204_00, "due"), ("B", 96_72, "none"),
    ]  # fmt: skip
    assert manifest["quarantine"]["annual_bills"]["reasons"] == {"unknown_value": 1}
    totals = manifest["control_totals"]["annual_bills"]
    assert totals["gas"]["due"] == {"rows": 1, "full_annual_bill_cents": 204_00, "monthly_bill_cents": 204_00}
    assert list(check_output(tmp_path / "out").differences) == []
