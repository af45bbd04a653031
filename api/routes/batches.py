"""Serve `POST /v1/batches/...`: many rows in, their figures or errors out, as JSON, CSV or an Arrow stream."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.routing import APIRouter
from starlette.responses import Response, StreamingResponse

from api.answering import arrow, csv_rows
from api.answering.batches import Batch
from api.answering.topics import TOPICS, Topic
from api.http.access import allow_tariff, visit
from api.http.settings import Settings
from api.models.answers import BATCH_ANSWERS
from api.models.examples import BATCHES
from api.routes.replies import refusals

_JSON: Final = "application/json"
_STREAM: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}
_CSV: Final[dict[str, Any]] = {
    "schema": {"type": "string", "description": "A header with the dataset's columns, then a line a row."}
}
_TABLES: Final = {
    arrow.MEDIA_TYPE: (arrow.frame_of, arrow.written),
    csv_rows.MEDIA_TYPE: (csv_rows.frame_of, csv_rows.written),
}
"""How a body of each media type is read as a frame, and results are written."""
_HEADERS: Final = ("Jurisdiction", "Rules-Version", "Tariff")
"""Headers of answers that are tables, each behind X-."""
_QUERY: Final = {
    "jurisdiction": "Whose rules, for rows of CSV or Arrow: an id of /v1/jurisdictions.",
    "tariff": "The utility's tariff, for rows of CSV or Arrow.",
    "service": "electric or gas, for rows of CSV or Arrow of interest.",
    "through_date": "The as-of date, for rows of CSV or Arrow.",
    "as_of_date": "The day of the rules and guidelines, for rows of CSV or Arrow.",
    "rate_ppm": "A flat rate instead of the shipped ones, for rows of CSV or Arrow.",
    "set": "SWITCH=VALUE, repeatable, for rows of CSV or Arrow.",
}


def add(app: FastAPI, settings: Settings, executor: Executor) -> None:
    """Add one route per topic.

    Args:
        app: The application.
        settings: `arrow_rows`, the largest number of rows of a table.
        executor: Threads that parse JSON bodies and calculate tables.
    """
    router = APIRouter(tags=["batches"])
    for topic in TOPICS.values():
        model = topic.batch.__name__
        answer = {"model": BATCH_ANSWERS[topic.name], "content": {csv_rows.MEDIA_TYPE: _CSV, arrow.MEDIA_TYPE: _STREAM}}
        router.add_api_route(
            f"/v1/batches/{topic.name}",
            _endpoint(topic, settings, executor),
            methods=["POST"],
            summary=f"{topic.title}: many rows",
            operation_id=f"batch_{topic.name.replace('-', '_')}",
            responses={200: answer, **refusals(400, 408, 413, 415, 422)},
            openapi_extra={
                "requestBody": {
                    "required": True,
                    "content": {
                        _JSON: {
                            "schema": {"$ref": f"#/components/schemas/{model}"},
                            "examples": BATCHES[topic.name],
                        },
                        csv_rows.MEDIA_TYPE: _CSV,
                        arrow.MEDIA_TYPE: _STREAM,
                    },
                },
                "parameters": [
                    {"name": name, "in": "query", "required": False, "description": text, "schema": {"type": "string"}}
                    for name, text in _QUERY.items()
                ],
            },
        )
    app.include_router(router)


def _rests_on(table: arrow.Calculated) -> dict[str, str]:
    """Return headers that say what a table's results rest on, as keys of a JSON answer do."""
    return {f"X-{name}": str(table.rests_on[name.lower().replace("-", "_")]) for name in _HEADERS}


def _endpoint(topic: Topic, settings: Settings, executor: Executor) -> Callable[..., Coroutine[Any, Any, Response]]:
    async def batch(request: Request) -> Response:
        raw = await request.body()
        on_thread = asyncio.get_running_loop().run_in_executor
        facts = visit(request).facts
        media_type = request.headers["content-type"].partition(";")[0].strip().lower()

        def allowed(tariff: str) -> None:
            allow_tariff(request, tariff)

        if media_type != _JSON:
            query = arrow.options(request.query_params.multi_items())
            allowed(query.tariff)
            read, written = _TABLES[media_type]
            frame = await on_thread(executor, read, raw, topic.declared, settings.arrow_rows)
            table = await on_thread(executor, arrow.calculate, topic.declared, frame, query)
            facts["rows"] = table.frame.height
            return StreamingResponse(written(table), media_type=media_type, headers=_rests_on(table))
        work = await on_thread(executor, Batch, topic, raw, allowed)
        await work.run()
        facts["rows"] = work.rows
        return StreamingResponse(work.text(), media_type=_JSON)

    batch.__doc__ = topic.batch.__doc__
    return batch
