"""Pages asked without a network: forms sent as a browser sends them, and what a page's HTML holds."""

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

import httpx

from tests.api.client import Service

OWN_PAGE = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
FORMS: Mapping[str, Mapping[str, str]] = {
    "interest": {"principal": "200.00", "received": "2024-01-01", "through": "2025-01-01"},
    "deposit-limit": {"billed": "1,460.00", "billed_days": "365", "held": "300"},
    "unclaimed": {
        "principal": "$200.00",
        "received": "2022-03-01",
        "service_ended": "2024-03-15",
        "through": "2026-09-30",
    },
    "fixed-credit": {
        "primary_heating": "electric",
        "household_income": "18,000.00",
        "household_size": "3",
        "full_annual_bill": "1800.00",
        "as_of": "2026-09-30",
    },
    "installment-plan": {"due": "480.01", "months": "7", "as_of": "2026-09-30"},
    "discontinuance": {
        "discontinue_at": "11/10/2026 13:00",
        "past_due": "80",
        "due": "2026-09-01",
        "as_of": "2026-11-10",
    },
    "restoration": {"requested_at": "2026-03-06T15:00", "restored_at": "3/10/2026 9:00", "as_of": "2026-03-10"},
    "contributions": {"collected": "2026-12-31", "as_of": "2026-12-31"},
    "annual-bill": {
        "tariff": "example",
        "service": "electric",
        "rate_schedule": "R",
        "monthly_use": "650 600 550 500 480 700 900 880 620 500 560 640.5",
        "as_of": "2026-09-30",
    },
    "budget-billing": {"last_year_billed": "1,100.07", "arrears": "100", "as_of": "2026-09-30"},
}
PATHS = (
    "/",
    "/rates",
    "/rates/1990",
    "/rates/2024",
    "/rates/2027",
    "/rates/2028",
    "/rules",
    "/calculators",
    "/sign-in",
    *(f"/calculators/{name}" for name in FORMS),
)
"""Every page that is asked for by GET."""


class Parsed(HTMLParser):
    """Elements with their attributes, texts by class, the title."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(" ".join(data.split()))

    def attributes(self, tag: str) -> Iterator[dict[str, str]]:
        return (attributes for name, attributes in self.elements if name == tag)

    def by_id(self, wanted: str) -> dict[str, str]:
        (found,) = (attributes for _, attributes in self.elements if attributes.get("id") == wanted)
        return found

    def after(self, text: str) -> str:
        """The text that follows another."""
        return self.texts[self.texts.index(text) + 1]


def answer_in(html: str) -> Parsed:
    """What stands below the form: the answer."""
    _, begins, rest = html.partition('id="answer"')
    assert begins, "no answer"
    return Parsed(rest)


def send(service: Service, path: str, form: Mapping[str, str], **headers: str) -> httpx.Response:
    """The answer to a form."""
    return service.ask("POST", path, data=dict(form), headers={**OWN_PAGE, **headers})


def faults(answer: httpx.Response) -> dict[str, str]:
    """Errors of a page by the field to which each leads."""
    assert answer.status_code == 422, answer.text
    parsed = Parsed(answer.text)
    links = [attributes["href"][1:] for attributes in parsed.attributes("a") if attributes["href"].startswith("#")]
    found = {}
    for name in links:
        if name == "main":
            continue
        control = parsed.by_id(name)
        assert control.get("aria-invalid") == "true"
        assert f"{name}-error" in control["aria-describedby"].split()
        found[name] = parsed.after("Error:")
        parsed.texts.remove("Error:")
    return found
