"""Render JSON answers and document an operation's refusals."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic_core import to_json
from starlette.responses import Response

from api.http.problems import KINDS, MEDIA_TYPE, OF_PAGES
from api.models.answers import ProblemDetails

_EVERYWHERE: Final = (401, 403, 414, 429, 431, 503)
"""Statuses that the middleware may answer with, whatever the operation."""


def json_reply(content: Mapping[str, Any] | list[Any]) -> Response:
    """Return `content` as a JSON answer with status 200."""
    return Response(to_json(content), media_type="application/json")


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Build OpenAPI's description of an operation's problems.

    Args:
        statuses: HTTP statuses that the operation may answer with, beside those of every operation.

    Returns:
        OpenAPI response objects by status.
    """
    found: dict[int | str, dict[str, Any]] = {}
    for status in sorted({*_EVERYWHERE, *statuses}):
        kinds = (kind for name, kind in KINDS.items() if name not in OF_PAGES)
        titles = " or ".join(kind.title for kind in kinds if kind.status == status)
        schema = {"$ref": f"#/components/schemas/{ProblemDetails.__name__}"}
        found[status] = {"description": titles, "content": {MEDIA_TYPE: {"schema": schema}}}
    return found
