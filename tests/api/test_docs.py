"""The pages for programs: a sidebar that leads to every operation, calls in curl and Python, real answers."""

import json
import re
import shlex

from tests.api.client import Service
from tests.api.pages import Parsed

SERVICE = Service()
HTML = SERVICE.get("/docs").text
PARSED = Parsed(HTML)
DOCUMENT = SERVICE.get("/openapi.json").json()
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


def unescaped(text: str) -> str:
    for sign, to in (("&#39;", "'"), ("&#34;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(sign, to)
    return text


def preformatted(operation: str) -> dict[str, str]:
    """Texts of an operation's blocks by their label."""
    section = HTML.partition(f'<h3 id="{operation}">')[2].partition("</section>")[0]
    found = re.findall(r'<pre tabindex="0" aria-label="([^"]+)"[^>]*>(.*?)</pre>', section, flags=re.DOTALL)
    return {label: unescaped(text) for label, text in found}


def test_the_sidebar_leads_to_every_operation() -> None:
    ids = {attributes["id"] for _, attributes in PARSED.elements if "id" in attributes}
    links = {attributes["href"][1:] for attributes in PARSED.attributes("a") if attributes["href"].startswith("#")}
    assert links <= ids
    assert set(OPERATIONS) <= links
    assert {"authentication", "limits", "errors", "tables", "versions"} <= links
    assert not list(PARSED.attributes("script"))


def test_every_operation_has_calls_that_can_be_run() -> None:
    """The Python compiles, and curl's words have the operation's method, path and body."""
    for name, (method, path, operation) in OPERATIONS.items():
        blocks = preformatted(name)
        compile(blocks["The call from Python"], name, "exec")
        words = shlex.split(blocks["The call with curl"])
        assert path.partition("{")[0] in words[-1] + " ".join(words)
        if method == "delete":
            assert "DELETE" in words
        examples = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("examples", {})
        if examples:
            body = next(iter(examples.values()))["value"]
            assert json.loads(words[words.index("-d") + 1]) == body


def test_answers_are_the_services_own() -> None:
    body = DOCUMENT["paths"]["/v1/quotes/interest"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    answer = SERVICE.post("/v1/quotes/interest", body["plain"]["value"]).json()
    assert json.loads(preformatted("quote_interest")["The answer"]) == answer
    for name, (_, path, _) in OPERATIONS.items():
        if path.startswith(("/v1/quotes/", "/v1/batches/")) or path in {"/v1/rates", "/v1/rules", "/v1/jurisdictions"}:
            assert json.loads(preformatted(name)["The answer"]), name


def test_every_problem_has_its_place() -> None:
    page = SERVICE.get("/docs/problems").text
    for kind in re.findall(r"/docs/problems#([a-z-]+)", json.dumps(SERVICE.get("/v1/nothing").json())):
        assert f'<h2 id="{kind}">' in page
    assert "unpacks_too_large" in page
