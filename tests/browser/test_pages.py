"""Every page: sound at both widths, light and dark, nothing that axe finds, printable; signing in with a key."""

import io
from datetime import date
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect

from api.http.keys import create
from tests.browser.chromium import AXE, WIDTHS, Scheme, opened, service
from tests.browser.test_calculators import FORMS

pytestmark = pytest.mark.slow

PATHS = (
    "/",
    "/rates",
    "/rates/2024",
    "/rates/2027",
    "/rules",
    "/calculators",
    "/sign-in",
    *(f"/calculators/{name}" for name in FORMS),
)
RUN_AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
    .map(each => `${each.id}: ${each.nodes.map(node => node.target).join(" | ")}; ${each.impact}`)"""


def violations(page: Page) -> list[str]:
    """What axe finds, of any weight, with every fold open."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(RUN_AXE)
    return found


def serious(page: Page) -> list[str]:
    """What axe finds that is serious or critical."""
    return [each for each in violations(page) if each.endswith(("serious", "critical"))]


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_sound(browser: Browser, address: str, width: int) -> None:
    with opened(browser, address, width) as watched:
        for path in PATHS:
            watched.open(path)
            watched.assert_sound()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PATHS)
def test_axe(browser: Browser, address: str, path: str, width: int, scheme: Scheme) -> None:
    with opened(browser, address, width, script=True, scheme=scheme) as watched:
        assert violations(watched.open(path)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", FORMS)
def test_axe_finds_nothing_in_answers_and_errors(browser: Browser, address: str, name: str, scheme: Scheme) -> None:
    with opened(browser, address, 360, script=True, scheme=scheme) as watched:
        page = watched.open(f"/calculators/{name}")
        with page.expect_navigation():
            page.get_by_role("button", name="Calculate").click()
        expect(page.get_by_role("heading", name="another look")).to_be_visible()
        assert violations(page) == []
        for control, text in FORMS[name][0].items():
            is_day = len(text) == 8 and text.isdigit()
            page.fill(f"#{control}", f"{text[4:]}-{text[:2]}-{text[2:4]}" if is_day else text)
        with page.expect_navigation():
            page.get_by_role("button", name="Calculate").click()
        expect(page.locator(".headline")).to_be_visible()
        assert violations(page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_in_a_letter(browser: Browser, address: str, tmp_path: Path, width: int) -> None:
    with opened(browser, address, width, script=True) as watched:
        answer = watched.page.context.request.get(f"{address}/rates/2027/letter.html")
        file = tmp_path / "letter.html"
        file.write_bytes(answer.body())
        watched.page.goto(file.as_uri())
        assert "Rate of interest on customer deposits for calendar year 2027" in watched.page.locator("h1").inner_text()
        assert violations(watched.page) == []
        widths = watched.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert widths[0] <= widths[1]


def test_axe_would_find_something(browser: Browser, address: str) -> None:
    with opened(browser, address, 1280, script=True) as watched:
        page = watched.open("/sign-in")
        page.evaluate("document.querySelector('main').innerHTML = '<h1>x</h1><input>'")
        assert "label" in [each.partition(":")[0] for each in violations(page)]


def test_the_skip_link_leads_to_the_content(browser: Browser, address: str) -> None:
    with opened(browser, address, 1280) as watched:
        page = watched.open("/rates/2027")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_a_year_prints(browser: Browser, address: str) -> None:
    with opened(browser, address, 1280) as watched:
        page = watched.open("/rates/2027")
        pages = pypdf.PdfReader(io.BytesIO(page.pdf(format="Letter"))).pages
        text = "\n".join(each.extract_text() for each in pages)
        for shown in (
            "Deposit rate of 2027",
            "Provisional: not for issue",
            "September 2026",
            "4.37",
            "puccalc rates verify",
        ):
            assert shown in text
        assert "Calculators" not in text
        assert "simple interest" in text  # the words of the rule stand in a fold, which is open on paper


def test_a_calendar_file(browser: Browser, address: str, tmp_path: Path) -> None:
    with opened(browser, address, 1280) as watched:
        page = watched.open("/rates/2027")
        for link, name in (("Calendar file", "deposit-rate-2027.ics"), ("Letter as PDF", "deposit-rate-2027.pdf")):
            with page.expect_download() as found:
                page.get_by_role("link", name=link).press("Enter")
            assert found.value.suggested_filename == name
            found.value.save_as(tmp_path / name)
        assert (tmp_path / "deposit-rate-2027.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
        assert (tmp_path / "deposit-rate-2027.pdf").read_bytes().startswith(b"%PDF-")


def test_signing_in_and_out(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    key = create(file, "staff", ("quotes", "reference"), None, date(2100, 1, 1))
    with (
        service(tmp_path / "home", "--keys", str(file)) as address,
        opened(browser, address, 360, script=True) as watched,
    ):
        page = watched.open("/")
        expect(page).to_have_title("Sign in – puccalc")  # noqa: RUF001 - as in the title
        assert violations(page) == []
        page.get_by_label("Key").fill("puc_nobody_nothing")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("no valid key")).to_be_visible()
        page.get_by_label("Key").fill(key)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Deposit rate in force")).to_be_visible()
        (cookie,) = page.context.cookies()
        assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Strict")
        assert key.split("_", 2)[2] not in cookie["value"]
        watched.open("/calculators/interest")
        page.get_by_label("Deposit (required)").fill("1")
        page.get_by_role("button", name="Calculate").click()
        expect(page.get_by_role("heading", name="another look")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        expect(page).to_have_url(f"{address}/sign-in")
        assert page.context.cookies() == []
        watched.open("/rules")
        expect(page).to_have_title("Sign in – puccalc")  # noqa: RUF001 - as above


def test_dark_is_dark(browser: Browser, address: str) -> None:
    """By the reader's own choice; on paper everything is light."""
    dark = "getComputedStyle(document.body).backgroundColor"
    with opened(browser, address, 360, script=True, scheme="dark") as watched:
        page = watched.open("/rates/2027")
        assert page.evaluate(dark) == "rgb(20, 24, 30)"
        page.emulate_media(media="print", color_scheme="dark")
        assert page.evaluate(dark) == "rgb(255, 255, 255)"


@pytest.mark.parametrize(("width", "shown"), [(360, "narrow"), (1280, "wide")])
def test_charts_fit_their_window(browser: Browser, address: str, width: int, shown: str) -> None:
    with opened(browser, address, width) as watched:
        page = watched.open("/")
        (visible,) = [each for each in page.locator(".chart svg").all() if each.is_visible()]
        box = visible.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert (visible.locator("xpath=..").get_attribute("class") or "").split() == ["chart", f"chart--{shown}"]
        label = page.locator(f".chart--{shown} text", has_text="rate in force").bounding_box()
        assert label is not None
        assert label["height"] >= 11  # not shrunk to what nobody reads
        watched.assert_sound()


def test_an_answer_prints_on_two_pages(browser: Browser, address: str) -> None:
    with opened(browser, address, 1280) as watched:
        page = watched.open("/calculators/interest")
        for control, text in FORMS["interest"][0].items():
            page.fill(f"#{control}", text)
        with page.expect_navigation():
            page.get_by_role("button", name="Calculate").click()
        pages = pypdf.PdfReader(io.BytesIO(page.pdf(format="Letter"))).pages
        text = "\n".join(each.extract_text() for each in pages)
        assert len(pages) <= 2
        assert "$209.86" in text
        assert "Calculate" not in text


def test_two_persons_decide_a_rate(browser: Browser, tmp_path: Path) -> None:
    """Each signs in with a key of one's own; by keyboard and without JavaScript."""
    file = tmp_path / "keys.json"
    scopes = ("quotes", "reference", "register")
    keys = {name: create(file, name, scopes, None, date(2100, 1, 1)) for name in ("Ann Lee", "Bo Ray")}
    with service(tmp_path / "home", "--keys", str(file)) as address:
        for name, button in (("Ann Lee", "Propose as Ann Lee"), ("Bo Ray", "Approve as Bo Ray")):
            with opened(browser, address, 360) as watched:
                page = watched.open("/sign-in")
                page.get_by_label("Key").fill(keys[name])
                page.keyboard.press("Enter")
                expect(page.get_by_role("heading", name="Deposit rate in force")).to_be_visible()
                watched.open("/rates/2027")
                page.get_by_role("button", name=button).press("Enter")
                expect(page).to_have_url(f"{address}/rates/2027#decision")
                watched.assert_sound()
                shown = page.locator("#decision").inner_text()
                assert f"by {name}" in shown
        assert "3.78 % from January 1, 2027, by Bo Ray" in shown
