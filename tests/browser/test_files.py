"""The page of files in a real browser, without a script and by keyboard: 5,000 rows from upload to lists, axe clean."""

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import opened
from tests.browser.test_pages import serious
from tests.bulk.test_workbooks import analyst_rows, workbook
from tests.uploads.test_work import BLANK

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The analyst's workbook with 5,000 rows, of which one has no amount and one a day that is none."""
    rows: list[list[Any]] = analyst_rows(5_000)
    rows[3][4] = "see note"
    rows[4][3] = "2/30/2019 12:00:00 AM"
    return workbook(tmp_path_factory.mktemp("files") / "deposits.xlsx", {"Deposits": rows})


def sent(page: Page, path: Path) -> None:
    page.set_input_files("#file", path)
    page.fill("#as_of_date", "1/31/2025")
    with page.expect_navigation():
        page.get_by_role("button", name="Send the file").press("Enter")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_workbook_of_five_thousand_rows(browser: Browser, address: str, large: Path, width: int) -> None:
    with opened(browser, address, width) as watched:
        page = watched.open("/files")
        sent(page, large)
        expect(page.get_by_role("heading", name="How your file is taken")).to_be_visible()
        expect(page.get_by_text("Columns that are required were not found")).to_be_visible()
        watched.assert_sound()
        for name in BLANK:
            page.get_by_label(f"{name}: blank in every row").focus()
            page.keyboard.press("Space")
        with page.expect_navigation():
            page.get_by_role("button", name="Calculate").press("Enter")
        expect(page.get_by_role("heading", name="Results of your file")).to_be_visible()
        assert page.locator(".headline dd").all_inner_texts() == ["4,998", "2", "1"]
        assert "$6,247,500.00" in page.locator(".totals").inner_text()  # 4,998 times 1,250.00
        table = page.get_by_role("table", name="Why rows were refused").inner_text()
        assert "Amount" in table
        assert "Dep Date" in table
        watched.assert_sound()
        with page.expect_download() as workbook_of_lists:
            page.get_by_role("link", name="All lists (Excel)").click()
        lists = fastexcel.read_excel(Path(workbook_of_lists.value.path()).read_bytes())
        assert lists.sheet_names == ["interest due", "to remit", "quarantine"]
        with page.expect_download() as quarantine:
            page.get_by_role("link", name="Quarantine (CSV)").click()
        refused = pl.read_csv(io.BytesIO(Path(quarantine.value.path()).read_bytes()))
        assert refused.select("row", "line", "reasons", "columns").rows() == [
            (1, 4, "not_a_number", "Amount"),
            (2, 5, "bad_date", "Dep Date"),
        ]
        with page.expect_navigation():
            page.get_by_role("button", name="Delete this file").press("Enter")
        assert page.get_by_role("heading", name="Your files").count() == 0


def test_a_correction_is_kept_and_a_mistake_named(browser: Browser, address: str, tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Dep No", "Acct No", "Fuel", "Dep Date", "Amount", "Other date"]]
    rows += [[f"D{number}", "A1", "steam" if number else "ELEC", "1/5/2024", "200.00", None] for number in range(3)]
    path = workbook(tmp_path / "d.xlsx", {"One": rows, "Two": [["nothing"], ["here"]]})
    with opened(browser, address, 1280, script=True) as watched:
        page = watched.open("/files")
        assert serious(page) == []
        with page.expect_navigation():
            page.get_by_role("button", name="Send the file").click()
        expect(page.get_by_text("Choose one file that is not empty")).to_be_visible()
        assert serious(page) == []
        sent(page, path)
        assert serious(page) == []
        page.get_by_label("Acct No").select_option("deposit_id")
        with page.expect_navigation():
            page.get_by_role("button", name="Calculate").click()
        expect(page.get_by_role("heading", name="2 entries need another look")).to_be_visible()
        assert serious(page) == []
        page.get_by_label("Acct No").select_option("account_id")
        page.get_by_label("Fuel").select_option("service")
        page.get_by_label("Other date").select_option("")
        with page.expect_navigation():
            page.get_by_role("button", name="Show the rows again").click()
        page.get_by_label("steam in service means").select_option("gas")
        for name in BLANK:
            page.get_by_text(f"{name}: blank in every row").click()
        with page.expect_navigation():
            page.get_by_role("button", name="Calculate").click()
        assert page.locator(".headline dd").all_inner_texts()[:2] == ["3", "0"]
        assert serious(page) == []
        assert page.get_by_label("steam in service means").input_value() == "gas"


def test_a_date_of_a_cell_and_a_day_that_is_none(browser: Browser, address: str, tmp_path: Path) -> None:
    rows: list[list[Any]] = [["deposit_id"], [datetime(2024, 1, 5)]]  # noqa: DTZ001 - cells have no zone
    path = workbook(tmp_path / "d.xlsx", {"One": rows})
    with opened(browser, address, 360) as watched:
        page = watched.open("/files")
        page.set_input_files("#file", path)
        page.fill("#as_of_date", "02/30/2025")
        with page.expect_navigation():
            page.get_by_role("button", name="Send the file").click()
        expect(page.get_by_text("The day ")).to_be_visible()
        watched.assert_sound()


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_in_the_pages_for_programs(browser: Browser, address: str, width: int) -> None:
    with opened(browser, address, width, script=True) as watched:
        for path in ("/docs", "/docs/problems"):
            assert serious(watched.open(path)) == []
            watched.assert_sound()
