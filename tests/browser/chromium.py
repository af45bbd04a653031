"""The pages in a real browser: Debian's chromium without a window, and a service on this machine for it to open."""

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.api_server import serving

NO_CHROMIUM = (
    "The pages are tested in chromium, and there is none on PATH (make browser installs it as root with apt-get)"
)
SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
WIDTHS = (360, 1280)
Scheme = Literal["light", "dark"]
AXE = Path(__file__).with_name("vendor") / "axe.min.js"


def require_chromium(environment: Mapping[str, str]) -> str:
    """Path of chromium; skip where there is none, fail where CI runs the tests, which is where nobody reads skips."""
    path = environment.get("PATH", "")
    found = shutil.which("chromium", path=path) or shutil.which("chromium-browser", path=path)
    if found:
        return found
    if environment.get("CI") == "true":
        pytest.fail(NO_CHROMIUM)
    pytest.skip(NO_CHROMIUM)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    executable = require_chromium(os.environ)
    expect.set_options(timeout=120_000)  # the first chart of a service loads what draws it
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(SWITCHES))
        yield browser
        browser.close()


@contextlib.contextmanager
def service(home: Path, *options: str) -> Iterator[str]:
    """Address of a service whose kernels are not compiled."""
    with serving(*options, compiled=False, home=str(home), warm_up="false") as (_, port):
        yield f"http://127.0.0.1:{port}"


class Watched:
    """A page, what it asked for, and what it complained of."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.requests: list[str] = []
        self.missing: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("response", lambda answer: self.missing.append(answer.url) if answer.status == 404 else None)
        page.on("console", lambda message: self.complaints.append(message.text))

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.address}{path}")
        return self.page

    def assert_sound(self) -> None:
        """Nothing was asked of another machine, nothing is missing, nothing is wider than the window."""
        assert self.requests
        assert [url for url in self.requests if not url.startswith((f"{self.address}/", "data:"))] == []
        assert self.missing == []
        assert [text for text in self.complaints if "422" not in text] == []
        widths = self.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert widths[0] <= widths[1], f"{self.page.url}: {widths[0]} px in a window of {widths[1]}"


@contextlib.contextmanager
def opened(
    browser: Browser, address: str, width: int, *, script: bool = False, scheme: Scheme = "light"
) -> Iterator[Watched]:
    """A page of its own, by default without JavaScript and light."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        java_script_enabled=script,
        locale="en-US",
        accept_downloads=True,
        color_scheme=scheme,
    )
    yield Watched(context.new_page(), address)
    context.close()
