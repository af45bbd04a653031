"""Papers for a customer as pages: axe finds nothing, and nothing is wider than a telephone."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.cli import main
from tests.browser.chromium import AXE
from tests.portfolio import deposits

ROW = {
    "deposit_id": "D1", "account_id": "A1", "service": "electric", "principal_cents": 200_00,
    "received_date": date(2022, 3, 1), "service_ended_date": date(2024, 3, 15), "remitted_date": date(2026, 9, 30),
}  # fmt: skip
EXPLANATION = (
    "explanation", "--decided", "2026-11-25", "--deposit", "310.00", "--billed", "1460.00", "--billed-days", "365",
    "--reason", "Two bills were paid late.",
)  # fmt: skip


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("night")
    deposits([ROW]).write_parquet(folder / "deposits.parquet")
    run_nightly(NightlyJob(date(2026, 10, 31), deposits=str(folder / "deposits.parquet"), out=folder / "out"))
    return folder / "out"


@pytest.mark.parametrize("paper", ["statement", "explanation", "receipt"])
def test_a_paper_is_accessible_and_fits_a_telephone(
    browser: Browser, night: Path, paper: str, tmp_path: Path
) -> None:  # fmt: skip
    file = tmp_path / "paper.html"
    asked = {"statement": ("statement", str(night), "D1"), "receipt": ("receipt", str(night), "D1")}
    with pytest.raises(SystemExit) as ended:
        main([*asked.get(paper, EXPLANATION), "-o", str(file), "--name", "Ada Smith"])
    assert ended.value.code == 0
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(file.as_uri())
    page.add_script_tag(path=str(AXE))
    assert page.evaluate("async () => (await axe.run()).violations.map(each => each.id)") == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.close()
