"""Serve `POST /v1/quotes/...`: one row in, its figures out.

A quote is a few microseconds of kernel time, calculated where it is read, on the event loop. What a framework does
between a request and its function takes longer than all the rest, so `Quotes` stands in front of the framework: its
routes exist for the OpenAPI document and for other methods.
"""

from typing import Final

from fastapi import FastAPI, Request
from fastapi.routing import APIRoute
from pydantic import ValidationError
from pydantic_core import to_json
from starlette.types import Receive, Scope, Send

from api.answering.refused import items_of
from api.answering.topics import TOPICS, Topic, rendered, resolve
from api.http.access import allow_tariff, visit
from api.http.body import parse
from api.http.compression import Compression, compressed
from api.http.problems import Problem
from api.models.answers import QUOTE_ANSWERS
from api.models.examples import QUOTES
from api.models.schemas import invalid
from api.routes.replies import refusals
from calc.errors import Reason

_JSON: Final = (b"content-type", b"application/json")
_GZIP: Final = ((b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding"))


class Quotes:
    """Answer quotes in front of an ASGI application, and pass on every other request."""

    def __init__(self, app: FastAPI) -> None:
        """Add one route per topic to `app`."""
        self._app = app
        self._others = Compression(app)
        self._topics = {f"/v1/quotes/{topic.name}": (topic, _route(app, topic)) for topic in TOPICS.values()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, whose body comes as one message; raise Problem for a refused quote."""
        found = self._topics.get(scope.get("path", ""))
        if found is None or scope["method"] != "POST":
            await self._others(scope, receive, send)
            return
        topic, scope["route"] = found
        scope["app"] = self._app
        content = _answer(topic, (await receive())["body"], Request(scope))
        headers = [_JSON]
        if (packed := compressed(content, scope["headers"])) is not None:
            content = packed
            headers += _GZIP
        headers.append((b"content-length", b"%d" % len(content)))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})


def _route(app: FastAPI, topic: Topic) -> APIRoute:
    """Add a topic's route to the application, for its OpenAPI document, and return it."""
    schema = {"$ref": f"#/components/schemas/{topic.quote.__name__}"}
    content = {"application/json": {"schema": schema, "examples": QUOTES[topic.name]}}

    async def quote() -> None:
        """Stands for what `Quotes` answers."""

    quote.__doc__ = topic.quote.__doc__
    app.add_api_route(
        f"/v1/quotes/{topic.name}",
        quote,
        methods=["POST"],
        tags=["quotes"],
        summary=topic.title,
        operation_id=f"quote_{topic.name.replace('-', '_')}",
        responses={200: {"model": QUOTE_ANSWERS[topic.name]}, **refusals(400, 408, 413, 415, 422)},
        openapi_extra={"requestBody": {"content": content, "required": True}},
    )
    route = app.routes[-1]
    if not isinstance(route, APIRoute):
        raise TypeError(route)
    return route


def _answer(topic: Topic, raw: bytes, request: Request) -> bytes:
    try:
        body = topic.quote.model_validate(parse(raw))
    except ValidationError as error:
        raise Problem("invalid-values", invalid(error, topic.quote)) from None
    allow_tariff(request, body.tariff)
    options = resolve(body)
    answer = topic.ask([body], options)[0]
    if answer.outcome.result is None:
        unrated = bool(answer.outcome.reasons & Reason.no_rate_in_force)
        raise Problem("rates-missing" if unrated else "refused-by-rules", items_of(answer, ""))
    visit(request).facts["rows"] = 1
    return to_json(rendered(answer, options, explain=body.explain))
