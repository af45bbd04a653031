"""Sign in with an API key, where the service asks for keys, and sign out."""

from fastapi import FastAPI, Request
from starlette.responses import RedirectResponse, Response

from api.answering.uploads import Uploads
from api.files.owner import session_owner
from api.http.keys import Key, KeyStore
from api.http.session import Sessions, signed_out
from api.http.settings import Settings
from api.pages.rendering import page
from api.pages.submission import texts_of

SCOPES = ("quotes", "reference")
"""Scopes that a key needs to open every page."""


def add(app: FastAPI, settings: Settings, uploads: Uploads) -> None:
    """Add the sign-in page and the two forms, to sign in and out.

    Args:
        app: The application.
        settings: The file of keys and the session secret.
        uploads: Files that people send; those of a session go when it is signed out.
    """
    keys = KeyStore(settings.keys_file) if settings.keys_file else None
    sessions = Sessions(settings.session_secret.get_secret_value())

    def shown(request: Request, status: int = 200, fault: str = "") -> Response:
        return page(request, "sign_in.html", status, keys=keys is not None, fault=fault)

    async def ask(request: Request) -> Response:
        return shown(request)

    async def sign_in(request: Request) -> Response:
        texts = texts_of(await request.body(), ("key",))
        key: Key | None = keys.find(texts.get("key", "")) if keys else None
        if key is None:
            return shown(request, 401, "This is no valid key: it may be mistyped, expired or revoked")
        if not set(SCOPES) <= set(key.scopes):
            return shown(request, 403, f"The pages take a key with the scopes {' and '.join(SCOPES)}")
        return RedirectResponse("/", 303, {"Set-Cookie": sessions.cookie(key.id)})

    async def sign_out(request: Request) -> Response:
        if session := sessions.session(dict(request.scope["headers"])):
            uploads.store.remove_all(session_owner(session))
        return RedirectResponse("/sign-in", 303, {"Set-Cookie": signed_out()})

    app.add_api_route("/sign-in", ask, include_in_schema=False)
    app.add_api_route("/sign-in", sign_in, methods=["POST"], include_in_schema=False)
    app.add_api_route("/sign-out", sign_out, methods=["POST"], include_in_schema=False)
