"""Serve `/v1/files`: a CSV file or a workbook in, the map proposed for it, its totals, and results to take away."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import FastAPI, Path, Request
from fastapi.routing import APIRouter
from starlette.responses import Response

from api.answering.uploads import Uploads, expires_at, options_of
from api.files.downloads import download
from api.files.intake import uploaded
from api.files.owner import owner_of
from api.files.store import HeldFile
from api.http.access import allow_tariff, visit
from api.models.files import FILE_CONTENT, FILE_REQUEST, FileAnswer
from api.routes.replies import json_reply, refusals

FileId = Annotated[str, Path(description="Id of a file that this key sent.")]
Name = Annotated[str, Path(description="A name of the links of its answer, such as results.xlsx.")]
PATH: Final = "/v1/files"


def add(app: FastAPI, uploads: Uploads) -> None:
    """Add the routes."""
    router = APIRouter(tags=["files"])

    async def upload(request: Request) -> Response:
        """Send a CSV file or a workbook, as a form or as the body itself; the answer says what came of it."""
        content, fields = await uploaded(request)
        options = options_of(fields)
        allow_tariff(request, options.tariff)
        held = await uploads.add(owner_of(request), content, options, visit(request).facts)
        reply = json_reply(_answer(held, request.app.state.settings.base_path))
        reply.status_code = 201
        reply.headers["Location"] = f"{PATH}/{held.id}"
        return reply

    def read(request: Request, file_id: FileId) -> Response:
        """The same answer as when it was sent."""
        return json_reply(_answer(uploads.store.get(owner_of(request), file_id), request.app.state.settings.base_path))

    def delete(request: Request, file_id: FileId) -> Response:
        """Delete it now; otherwise it goes at `expires_at`."""
        uploads.store.remove(owner_of(request), file_id)
        return Response(status_code=204)

    def take(request: Request, file_id: FileId, name: Name) -> Response:
        """Lists as a workbook, CSV or Parquet: the links of an answer."""
        return download(uploads.store.get(owner_of(request), file_id), name)

    router.add_api_route(
        PATH, upload, methods=["POST"], status_code=201, operation_id="send_file", openapi_extra=FILE_REQUEST,
        summary="Recalculate a CSV file or a workbook",
        responses={201: {"model": FileAnswer, "description": "The file is held"}, **refusals(400, 408, 413, 415, 422)},
    )  # fmt: skip
    router.add_api_route(
        f"{PATH}/{{file_id}}", read, operation_id="read_file", summary="What came of a file",
        responses={200: {"model": FileAnswer}, **refusals(404, 422)},
    )  # fmt: skip
    router.add_api_route(
        f"{PATH}/{{file_id}}", delete, methods=["DELETE"], status_code=204, operation_id="delete_file",
        summary="Delete a file and all that came of it", responses=refusals(404, 422),
    )  # fmt: skip
    router.add_api_route(
        f"{PATH}/{{file_id}}/{{name}}", take, operation_id="take_file", response_class=Response,
        summary="Take away a list or results of a file",
        responses={200: {"content": FILE_CONTENT, "description": "The file"}, **refusals(404, 422)},
    )  # fmt: skip
    app.include_router(router)


def _answer(held: HeldFile, base_path: str) -> dict[str, Any]:
    state = held.state()
    results = state.get("results")
    downloads = [_linked(held, each, base_path) for each in results["downloads"]] if results else []
    return {
        "id": held.id,
        "expires_at": expires_at(held),
        "state": "done" if results else "map_incomplete" if _missing(state) else "map_proposed",
        "map": state["map"],
        "tables": state["tables"],
        "results": results and {**results, "downloads": downloads},
    }


def _missing(state: Mapping[str, Any]) -> bool:
    return any(table["missing"] for table in state["tables"])


def _linked(held: HeldFile, listed: Mapping[str, Any], base_path: str) -> dict[str, Any]:
    links = {name.rpartition(".")[2]: f"{base_path}{PATH}/{held.id}/{name}" for name in listed["files"]}
    return {"name": listed["name"], "rows": listed["rows"], "links": links}
