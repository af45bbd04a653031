"""Build the application: routes over `calc` behind one middleware, no arithmetic. `puccalc serve` runs it."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from api.answering.uploads import Uploads
from api.http.base_path import BasePath
from api.http.metrics import Metrics
from api.http.middleware import Middleware
from api.http.problems import Problem, items
from api.http.settings import Settings
from api.models.openapi import document
from api.models.schemas import MODELS
from api.pages import problem_pages
from api.pages import routes as pages
from api.readiness import Readiness
from api.routes import batches, docs, files, health, reference
from api.routes.quotes import Quotes

_SWITCH_SECONDS: Final = 0.0001
"""Seconds for which a thread may hold the interpreter while another waits. The server's own threads take it several
times per request: at Python's default of 5 ms, a quote that runs beside a batch waits several times 5 ms."""
_NO_TELEMETRY: Final[TelemetryConfig] = {
    "tracing": False,  # spans would hold query strings
    "metrics": False,
    "logs": False,  # these would hold exceptions' texts
    "operation_spans": False,
    "auto_configure": False,
}
_KNOWN: Final = frozenset(name for models in MODELS.values() for name in models.quote.model_fields) | {
    "effective_from",
    "year",
}
_BY_STATUS: Final = {404: "not-found", 405: "wrong-method"}


def create_app(settings: Settings | None = None) -> Middleware | BasePath:
    """Build the service as an ASGI application.

    Args:
        settings: Settings of the service; None reads them from the environment.

    Returns:
        The middleware with all routes behind it.

    Raises:
        DataError: The file of keys cannot be read.
    """
    settings = settings or Settings()
    counters = Metrics()
    readiness = Readiness(warm=not settings.warm_up)
    uploads = Uploads(settings)
    executor = ThreadPoolExecutor(settings.batches_at_once, thread_name_prefix="batch")

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        sys.setswitchinterval(_SWITCH_SECONDS)
        preparing = asyncio.create_task(readiness.prepare(warm_up=settings.warm_up))
        sweeping = asyncio.create_task(uploads.sweep())
        yield
        preparing.cancel()
        sweeping.cancel()
        uploads.close()
        executor.shutdown(wait=True)

    app = FastAPI(
        title="puccalc",
        version=version("puccalc"),
        summary="Deposit interest and limits, unclaimed monies and bill credits under the Colorado PUC rules",
        docs_url=None,  # the stock pages load from elsewhere
        redoc_url=None,
        openapi_url=None,
        telemetry=_NO_TELEMETRY,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.state.uploads = uploads
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_exception_handler(RequestValidationError, _values_problem)
    app.add_exception_handler(Exception, _fault)
    health.add(app, readiness, counters)
    with_quotes = Quotes(app)
    batches.add(app, settings, executor)
    files.add(app, uploads)
    reference.add(app)
    docs.add(app, settings)
    pages.add(app, settings, uploads)
    app.openapi = lambda: document(app)  # type: ignore[method-assign]  # the framework's way to complete the document
    service = Middleware(with_quotes, settings, counters, problem_pages.answer)
    return BasePath(service, settings.base_path) if settings.base_path else service


def _http_problem(request: Request, error: Any) -> Response:  # noqa: ANN401 - the framework's signature
    problem = error if isinstance(error, Problem) else Problem(_BY_STATUS.get(error.status_code, "malformed-body"))
    request.scope["state"]["visit"].facts["refusal"] = problem.kind
    if error.status_code == 405 and not isinstance(error, Problem):
        problem.headers = {"Allow": ", ".join(_methods(request))}
    return problem_pages.answer(problem, request.scope)


def _methods(request: Request) -> list[str]:
    """Return the methods that all routes of a path accept; the middleware answers HEAD wherever there is GET."""
    taken = {"GET": ["GET", "HEAD"], "POST": ["POST"], "DELETE": ["DELETE"]}
    routes = request.app.routes
    return [
        name
        for method, names in taken.items()
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
        for name in names
    ]


def _fault(request: Request, _: Any) -> Response:  # noqa: ANN401 - as above
    """Answer an unexpected exception without its text; the middleware, which gets it next, logs where it was raised."""
    return problem_pages.answer(Problem("fault"), request.scope)


def _values_problem(request: Request, error: Any) -> Response:  # noqa: ANN401 - as above
    places = [{**each, "loc": each["loc"][1:]} for each in error.errors()]
    return _http_problem(request, Problem("invalid-values", items(places, _KNOWN)))
