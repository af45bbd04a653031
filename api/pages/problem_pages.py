"""Render a refusal as a page for browsers, else as problem+json; without a key, as the sign-in page."""

from importlib.metadata import version

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from api.http.problems import KINDS, Problem
from api.pages.rendering import HEADERS, text


def answer(problem: Problem, scope: Scope) -> Response:
    """Render a problem.

    Args:
        problem: The refusal.
        scope: The request; paths under /v1/, and clients that do not accept text/html, get problem+json.

    Returns:
        The answer with the problem's status and headers.
    """
    if scope["path"].startswith("/v1/") or "text/html" not in Headers(scope=scope).get("accept", ""):
        return problem.response()
    about = {"here": None, "version": version("puccalc"), "signed_in": False, "keys": True, "fault": ""}
    template = "sign_in.html" if problem.kind == "not-authenticated" else "problem.html"
    content = text(template, kind=KINDS[problem.kind], errors=problem.errors, **about)
    return HTMLResponse(content, problem.status_code, HEADERS | dict(problem.headers or {}))
