"""Each calculator by keyboard alone, without JavaScript, on a telephone and at a desk."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import WIDTHS, Watched, opened

pytestmark = pytest.mark.slow

FORMS: Mapping[str, tuple[Mapping[str, str], tuple[str, ...]]] = {
    # 200.00 at 4.93 % through the year 2024.
    "interest": (
        {"principal": "200.00", "received": "01/01/2024", "through": "01/01/2025"},
        ("$209.86", "$9.86", "366"),
    ),
    # 1,460.00 in 365 days are 4.00 a day: 360.00 in 90. Nothing is typed of what may bar a deposit.
    "deposit-limit": (
        {"billed": "1,460.00", "billed_days": "365", "held": "300"},
        ("$360.00", "not checked: nothing was said of what may bar a deposit", "$60.00", "$0.00"),
    ),
    # A published example: 31.78 of interest, 2.46 of it at the six points.
    "unclaimed": (
        {"principal": "200", "received": "03/01/2022", "service_ended": "3/15/2024", "through": "2026-09-30"},
        ("overdue", "$231.78", "$31.78"),
    ),
    # 6 % of 18,000.00 are 1,080.00 or 90.00 a month, which leaves 720.00 of the bill, 60.00 a month; twice the
    # guideline of three persons is above the income.
    "fixed-credit": (
        {"household_income": "18000", "household_size": "3", "full_annual_bill": "1800.00"},
        ("$90.00", "$60.00", "$1,080.00", "$720.00", "200 % of the federal poverty guideline"),
    ),
}
MOST_STOPS = 60


def stand_on(page: Page, control: str) -> None:
    """Tab on until the control has the focus."""
    for _ in range(MOST_STOPS):
        if page.evaluate("document.activeElement.id") == control:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{control} is not reached by Tab")


def type_in(page: Page, texts: Mapping[str, str]) -> None:
    for control, text in texts.items():
        stand_on(page, control)
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type(text)


def submit(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def headline(page: Page) -> list[str]:
    return page.locator(".headline dd").all_inner_texts()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", FORMS)
def test_by_keyboard(browser: Browser, address: str, name: str, width: int) -> None:
    texts, figures = FORMS[name]
    with opened(browser, address, width) as watched:
        page = watched.open(f"/calculators/{name}")
        watched.assert_sound()
        type_in(page, texts)
        submit(page)
        assert re.fullmatch(rf"{address}/calculators/{name}\?answer=[\w-]{{24}}#answer", page.url)
        assert tuple(text.lower() for text in headline(page)) == figures
        expect(page).to_have_title(f"Result: {page.locator('h1').inner_text()} – puccalc")  # noqa: RUF001 - as in the title
        watched.assert_sound()
        page.keyboard.press("Tab")
        assert page.evaluate("document.getElementById('answer').contains(document.activeElement)")


def test_folded_options_by_keyboard(browser: Browser, address: str) -> None:
    with opened(browser, address, 1280) as watched:
        page = watched.open("/calculators/interest")
        type_in(page, FORMS["interest"][0])
        stand_on(page, "service")
        page.keyboard.press("Tab")  # the options of other jurisdictions
        page.keyboard.press("Tab")  # the rates
        page.keyboard.press("Enter")
        type_in(page, {"rate": "6"})
        submit(page)
        assert headline(page) == ["$212.00", "$12.00", "366"]
        assert page.locator("details[open] #rate").input_value() == "6"
        page.reload()
        assert headline(page) == ["$212.00", "$12.00", "366"]


@pytest.mark.parametrize("width", WIDTHS)
def test_errors_lead_to_their_fields(browser: Browser, address: str, width: int) -> None:
    with opened(browser, address, width) as watched:
        page = watched.open("/calculators/fixed-credit")
        type_in(page, {"household_income": "1.234,50", "household_size": "31", "full_annual_bill": "900"})
        submit(page)
        expect(page).to_have_title("Error: Bill affordability credit – puccalc")  # noqa: RUF001 - as above
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "household_income"
        assert page.locator("#household_income").input_value() == "1.234,50"
        assert page.locator("#household_size").get_attribute("aria-invalid") == "true"
        assert page.locator("#full_annual_bill").get_attribute("aria-invalid") is None
        watched.assert_sound()
        assert "234" not in page.url


@pytest.mark.parametrize("width", WIDTHS)
def test_a_day_that_is_none_is_an_error_at_its_field(browser: Browser, address: str, width: int) -> None:
    """An optional day: left out, it would be answered as a deposit whose service goes on."""
    with opened(browser, address, width) as watched:
        page = watched.open("/calculators/unclaimed")
        type_in(page, {**FORMS["unclaimed"][0], "service_ended": "02/30/2024"})
        submit(page)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "service_ended"
        assert page.locator("#service_ended").input_value() == "02/30/2024"
        complaint = page.locator("#service_ended-error").inner_text()
        assert complaint.endswith("Service ended on is not a day of the calendar")
        assert page.locator(".headline").count() == 0
        watched.assert_sound()


def test_worksheets_are_files(browser: Browser, address: str, tmp_path: Path) -> None:
    with opened(browser, address, 1280) as watched:
        page = watched.open("/calculators/interest")
        type_in(page, FORMS["interest"][0])
        submit(page)
        for button, suffix in (("Worksheet to print (HTML)", "html"), ("Worksheet as text", "txt")):
            with page.expect_download() as found:
                page.get_by_role("button", name=button).press("Enter")
            file = tmp_path / found.value.suggested_filename
            found.value.save_as(file)
            assert file.name == f"interest-worksheet.{suffix}"
            assert "9.86" in file.read_text("utf-8")
        assert_stands_alone(watched, tmp_path / "interest-worksheet.html")


def assert_stands_alone(watched: Watched, file: Path) -> None:
    """The file opened from disk loads nothing else."""
    watched.requests.clear()
    watched.page.goto(file.as_uri())
    assert watched.requests == [file.as_uri()]
    assert headline(watched.page) == ["$209.86", "$9.86", "366"]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", FORMS)
def test_the_form_stands_filled_above_its_answer(browser: Browser, address: str, name: str, width: int) -> None:
    texts, _ = FORMS[name]
    with opened(browser, address, width) as watched:
        page = watched.open(f"/calculators/{name}")
        first = page.locator(".calculator input, .calculator select").first
        expect(first).to_be_focused()
        type_in(page, texts)
        submit(page)
        assert {control: page.locator(f"#{control}").input_value() for control in texts} == dict(texts)
        form, answer = (page.locator(each).bounding_box() for each in (".calculator", ".headline"))
        assert form is not None
        assert answer is not None
        assert form["y"] + form["height"] <= answer["y"]
        assert 0 <= answer["y"] < 900  # in sight, and so is the end of the form
        assert form["y"] + form["height"] > 0


def test_back_keeps_the_figures(browser: Browser, address: str) -> None:
    """Two callers one after the other: back leads to the first one's answer, then to the form as it was sent."""
    with opened(browser, address, 1280) as watched:
        page = watched.open("/calculators/interest")
        type_in(page, FORMS["interest"][0])
        submit(page)
        page.fill("#principal", "400.00")
        with page.expect_navigation():
            page.get_by_role("button", name="Calculate").click()
        assert headline(page)[0] == "$419.72"  # twice 9.86 is 19.72
        page.go_back()
        assert (page.locator("#principal").input_value(), headline(page)[0]) == ("200.00", "$209.86")
        page.go_back()
        assert page.locator("#principal").input_value() == "200.00"
        assert page.locator(".headline").count() == 0
        page.go_forward()
        assert headline(page)[0] == "$209.86"
        page.get_by_role("link", name="Start over").click()
        assert page.locator("#principal").input_value() == ""
        assert not [url for url in watched.requests if "200.00" in url or "400" in url]
