"""Give out what came of a file: lists and results, by the names under which they were written."""

from typing import Final

from starlette.responses import FileResponse, Response

from api.files.store import HeldFile
from api.http.problems import Problem
from calc.uploads.work import LISTS

MEDIA_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
"""Media types by suffix."""


def download(held: HeldFile, name: str) -> Response:
    """Return a list or results of a file; raise Problem("not-found") where there are none of this name."""
    results = held.state().get("results")
    names = [each for listed in results["downloads"] for each in listed["files"]] if results else []
    if name not in names:
        raise Problem("not-found")
    return FileResponse(held.folder / LISTS / name, media_type=MEDIA_TYPES[name.rpartition(".")[2]], filename=name)
