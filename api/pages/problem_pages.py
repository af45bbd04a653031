"""A refusal as a page for a browser that asks for one, else as problem+json; without a key, the page to sign in."""

from importlib.metadata import version

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from api.pages.rendering import HEADERS, text
from api.problems import KINDS, Problem


def answer(problem: Problem, scope: Scope) -> Response:
    """The problem as an answer."""
    if scope["path"].startswith("/v1/") or "text/html" not in Headers(scope=scope).get("accept", ""):
        return problem.response()
    about = {"here": None, "version": version("puccalc"), "signed_in": False, "keys": True, "fault": ""}
    template = "sign_in.html" if problem.kind == "not-authenticated" else "problem.html"
    content = text(template, kind=KINDS[problem.kind], errors=problem.errors, **about)
    return HTMLResponse(content, problem.status_code, HEADERS | dict(problem.headers or {}))
