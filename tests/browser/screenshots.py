"""The pictures of docs/screenshots, made anew: python -m tests.browser.screenshots (or make screenshots).

With pngquant on PATH they are a third of the size.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.chromium import WIDTHS, chromium, opened, service

FOLDER = Path(__file__).parents[2] / "docs/screenshots"
PAGES = {"today": "/", "year": "/rates/2027", "rules": "/rules"}
FORMS = {
    "unclaimed": {
        "principal": "200.00",
        "received": "2022-03-01",
        "service_ended": "2024-03-15",
        "through": "2026-09-30",
    },
    "fixed-credit": {"household_income": "18000", "household_size": "3", "full_annual_bill": "1800"},
}
BAD = {"principal": "2,00", "through": "2026-09-30"}


def take(page: Page, name: str, width: int) -> None:
    file = FOLDER / f"{name}-{width}.png"
    page.screenshot(path=file, full_page=True)
    pngquant = shutil.which("pngquant")
    if pngquant:
        subprocess.run([pngquant, "--force", "--speed", "1", "--output", file, "48", file], check=True)


def fill(page: Page, name: str, texts: dict[str, str]) -> None:
    for control, text in texts.items():
        page.fill(f"#{control}", text)
    with page.expect_navigation():
        page.get_by_role("button", name="Calculate").click()
    assert page.locator(".headline, .usa-alert--error").count() == 1, name


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        chromium() as browser,
        service(Path(home)) as address,
    ):
        for width in WIDTHS:
            with opened(browser, address, width) as watched:
                for name, path in PAGES.items():
                    take(watched.open(path), name, width)
                for name, texts in FORMS.items():
                    fill(watched.open(f"/calculators/{name}"), name, texts)
                    take(watched.page, name, width)
                fill(watched.open("/calculators/interest"), "interest", BAD)
                take(watched.page, "errors", width)


if __name__ == "__main__":
    main()
