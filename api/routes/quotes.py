"""`POST /v1/quotes/...`: one row in, its figures out."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import FastAPI, Request
from fastapi.routing import APIRoute, APIRouter
from starlette.responses import Response

from api.access import allow_tariff, visit
from api.answers import QUOTE_ANSWERS
from api.body import parse
from api.examples import QUOTES
from api.problems import Problem
from api.replies import json_reply, refusals
from api.together import Together
from api.topics import TOPICS, Topic, reading, rendered
from calc.errors import Reason


class _StrictRequest(Request):
    async def json(self) -> Any:  # noqa: ANN401 - whatever JSON holds
        """The body by the service's own parser."""
        return parse(await self.body())


class _StrictRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """As the framework's, with the strict request."""
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            return await handle(_StrictRequest(request.scope, request.receive))

        return strictly


def add(app: FastAPI) -> None:
    """Add a route for each topic."""
    together = Together()
    router = APIRouter(route_class=_StrictRoute, tags=["quotes"])
    for topic in TOPICS.values():
        router.add_api_route(
            f"/v1/quotes/{topic.name}",
            _endpoint(topic, together),
            methods=["POST"],
            summary=topic.title,
            operation_id=f"quote_{topic.name.replace('-', '_')}",
            responses={200: {"model": QUOTE_ANSWERS[topic.name]}, **refusals(400, 408, 413, 415, 422)},
            openapi_extra={
                "requestBody": {"content": {"application/json": {"examples": QUOTES[topic.name]}}, "required": True}
            },
        )
    app.include_router(router)


def _endpoint(topic: Topic, together: Together) -> Callable[..., Coroutine[Any, Any, Response]]:
    async def quote(body: Any, request: Request) -> Response:  # noqa: ANN401 - the topic's model, below
        allow_tariff(request, body.tariff)
        asked = reading(body)
        answer = await together.ask(topic, body, asked)
        if answer.outcome.result is None:
            unrated = bool(answer.outcome.reasons & Reason.no_rate_in_force)
            raise Problem("rates-missing" if unrated else "refused-by-rules", topic.errors(answer, ""))
        visit(request).facts["rows"] = 1
        return json_reply(rendered(answer, asked, explain=body.explain))

    quote.__annotations__["body"] = topic.quote
    quote.__doc__ = topic.quote.__doc__
    return quote
