"""Read the file that a request sends, and the options beside it, from a form or from the body itself."""

from typing import Final

from starlette.requests import Request

from api.files.multipart import parts_of
from api.http.intake import FILE_FORM
from api.http.problems import Item, Problem

FILE_FIELD: Final = "file"
"""The form's field that holds the file."""


async def uploaded(request: Request) -> tuple[bytes, list[tuple[str, str]]]:
    """Return a request's file and the names and texts of its options: of a form, else body and query.

    Raises:
        Problem: The form cannot be read, or has no file or several.
    """
    body = await request.body()
    content_type = request.headers["content-type"]
    if content_type.partition(";")[0].strip().lower().encode() != FILE_FORM:
        return body, request.query_params.multi_items()
    parts = parts_of(content_type, body)
    files = [part.content for part in parts if part.is_file and part.name == FILE_FIELD]
    if len(files) != 1 or not files[0]:
        raise Problem("invalid-values", [Item(f"/{FILE_FIELD}", "missing_value", "choose one file that is not empty")])
    fields = [(part.name, part.content.decode("utf-8", "replace")) for part in parts if not part.is_file]
    return files[0], [*request.query_params.multi_items(), *fields]
