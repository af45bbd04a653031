"""Add the routes of the pages. They are not part of the OpenAPI document."""

from typing import Final

from fastapi import FastAPI
from starlette.responses import Response

from api.answering.uploads import Uploads
from api.http.problems import Problem
from api.http.settings import Settings
from api.pages import assets, calculator_pages, file_pages, rate_pages, rule_pages, sign_in
from api.pages.form_memory import FormMemory

_A_YEAR: Final = "public, max-age=31536000, immutable"


def add(app: FastAPI, settings: Settings, uploads: Uploads) -> None:
    """Add the pages and the files that they load.

    Args:
        app: The application.
        settings: The file of keys and the session secret, for signing in; the folder that workers share.
        uploads: Files that people send.
    """

    async def static(digest: str, name: str) -> Response:
        content = assets.files().get(name)
        if content is None or digest != assets.digest():
            raise Problem("not-found")
        media_type = next(kind for suffix, kind in assets.TYPES.items() if name.endswith(suffix))
        return Response(content, headers={"Cache-Control": _A_YEAR, "Content-Type": media_type})

    app.add_api_route(assets.PREFIX + "{digest}/{name:path}", static, include_in_schema=False)
    sign_in.add(app, settings, uploads)
    memory = settings.files_base / "forms" if settings.files_base and settings.workers > 1 else None
    rate_pages.add(app)
    calculator_pages.add(app, FormMemory(memory))
    rule_pages.add(app)
    file_pages.add(app, uploads)
