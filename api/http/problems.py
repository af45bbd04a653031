"""Refuse requests with RFC 9457 problems: stable types, JSON pointers, codes; no submitted value or exception's text.

Input: what a layer refuses, or Pydantic's errors. Output: `Problem`, rendered as `application/problem+json`. Texts are
constants of this package. A pointer ends before a name that the service does not know, which is the client's own text.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from starlette.exceptions import HTTPException
from starlette.responses import Response

from calc.errors import REASON_TEXTS
from calc.rules.schema import SWITCHES
from calc.uploads.refusals import REFUSALS

MEDIA_TYPE: Final = "application/problem+json"


class Kind(NamedTuple):
    """Describe a type of problem.

    Attributes:
        status: HTTP status.
        title: Title of the type.
        meaning: What it means and what to do.
    """

    status: int
    title: str
    meaning: str


KINDS: Final[dict[str, Kind]] = {
    "malformed-body": Kind(400, "Malformed body", "The body is no JSON text or no Arrow stream; correct it."),
    "not-authenticated": Kind(401, "Not authenticated", "Give a valid API key: Authorization: Bearer KEY."),
    "not-allowed": Kind(403, "Not allowed", "The key's scopes or its tariff do not allow this; ask for another key."),
    "not-from-a-page": Kind(
        403,
        "Not sent by a page",
        "This service takes forms from its own pages only; open the page and send the form there.",
    ),
    "not-found": Kind(404, "Not found", "There is nothing at this path; /docs lists what there is."),
    "wrong-method": Kind(405, "Wrong method", "The path takes another method; see Allow and /docs."),
    "too-slow": Kind(408, "Body too slow", "The body did not arrive in time; send it again."),
    "too-large": Kind(413, "Body too large", "The body, or a batch's rows, exceed the service's limit; send less."),
    "address-too-long": Kind(414, "Address too long", "The address is too long; put fields into the body."),
    "wrong-media-type": Kind(
        415,
        "Wrong media type",
        "Send application/json, to a batch an Arrow stream, a file as text/csv, .xlsx or a form.",
    ),
    "file-refused": Kind(422, "File refused", "The file cannot be worked on; errors say why and what to do."),
    "invalid-values": Kind(422, "Invalid values", "Fields are missing, unknown, of a wrong type or out of bounds."),
    "refused-by-rules": Kind(422, "Refused by the rules", "The row is well formed, but the rules refuse it."),
    "rates-missing": Kind(422, "Rates missing", "A day that earns has no rate in force; give other dates or rates."),
    "too-many-requests": Kind(429, "Too many requests", "The key's rate limit is reached; wait for Retry-After."),
    "head-too-large": Kind(431, "Head too large", "The headers are too large; send fewer."),
    "fault": Kind(500, "Fault of the service", "The service failed; report the request id."),
    "overloaded": Kind(503, "Overloaded", "The service has no room now; wait for Retry-After."),
    "not-ready": Kind(503, "Not ready", "Rules, rates or compiled kernels are not there yet, or are damaged."),
}
"""Problem types by the fragment of their address, /docs/problems#NAME."""
OF_PAGES: Final = frozenset({"not-from-a-page"})
"""Types that only pages answer with, no path for programs."""

CODES: Final[dict[str, str]] = {
    **{str(reason.name): text for reason, text in REASON_TEXTS.items()},
    "no_rule": "the jurisdiction has no rule for this",
    "unknown_field": "the object has a field that the service does not know; /docs lists the fields",
    "wrong_type": "of another JSON type than this field takes",
    "conflict": "fields are given together, or left out, that do not go together",
    "too_long": "longer than this field may be",
    "not_json": "no JSON text (RFC 8259): see what follows an opening brace, quotes and commas",
    "not_utf8": "not UTF-8, or with a byte order mark",
    "not_finite": "NaN and Infinity are no JSON numbers",
    "duplicate_name": "an object has the same name twice",
    "too_deep": "objects or arrays are nested too deep",
    "not_a_form": "no multipart/form-data with its boundary and named fields",
    "empty_body": "there is no body",
    **REFUSALS,
    "not_csv": "no CSV in UTF-8 with a header and as many fields in every line",
    "not_arrow": "no Arrow IPC stream of uncompressed record batches",
    "not_a_column": "an Arrow column is missing, unknown to the dataset or of a type that cannot hold its values",
}
"""Text of each error code."""

_BY_PYDANTIC: Final = {
    "missing": "missing_value",
    "extra_forbidden": "unknown_field",
    "int_type": "not_a_number",
    "int_from_float": "not_a_number",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "literal_error": "unknown_value",
    "enum": "unknown_value",
    "string_pattern_mismatch": "unknown_value",
    "string_too_long": "too_long",
    "too_long": "too_long",
    "too_short": "missing_value",
    "bad_date": "bad_date",
    "bad_year": "not_a_number",
    "conflict": "conflict",
}


class Item(NamedTuple):
    """Describe one error in a request.

    Attributes:
        pointer: JSON pointer to the field; "" for the whole body.
        code: A key of CODES.
        detail: Text in place of the code's own.
    """

    pointer: str
    code: str
    detail: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the error as a JSON object, with the code's text where it has no detail of its own."""
        return {"pointer": self.pointer, "code": self.code, "detail": self.detail or CODES[self.code]}


class Problem(HTTPException):
    """Refuse a request with a problem of one of KINDS."""

    def __init__(self, kind: str, errors: Sequence[Item] = (), headers: Mapping[str, str] | None = None) -> None:
        """Build a refusal.

        Args:
            kind: A key of KINDS.
            errors: Errors in the request.
            headers: Headers of the answer.
        """
        super().__init__(KINDS[kind].status, headers=headers)
        self.kind = kind
        self.errors = errors

    @property
    def body(self) -> dict[str, Any]:
        """Return the problem as a JSON object."""
        kind = KINDS[self.kind]
        return {
            "type": f"/docs/problems#{self.kind}",
            "title": kind.title,
            "status": kind.status,
            "detail": kind.meaning,
            "errors": [each.as_dict() for each in self.errors],
        }

    def response(self) -> Response:
        """Return the problem as an HTTP answer."""
        return Response(
            json.dumps(self.body).encode(), self.status_code, headers=dict(self.headers or {}), media_type=MEDIA_TYPE
        )


def items(
    errors: Sequence[Mapping[str, Any]],
    known: frozenset[str],
    prefix: str = "",
    allowed: Callable[[Sequence[int | str]], str] = lambda _: "",
) -> list[Item]:
    """Convert Pydantic's errors to items, with the codes that a row of a file would get.

    Args:
        errors: Pydantic's errors, whose locations begin at the model.
        known: Names that a pointer may contain.
        prefix: Pointer to the model within the body.
        allowed: Describes what the field at a location accepts.

    Returns:
        One item per error.
    """
    return [
        _with_allowed(_item(error, _pointer(error["loc"], known, prefix)), allowed(error["loc"])) for error in errors
    ]


def _with_allowed(item: Item, allowed: str) -> Item:
    return item._replace(detail=f"{item.detail or CODES[item.code]}; allowed: {allowed}") if allowed else item


def _pointer(loc: Sequence[int | str], known: frozenset[str], prefix: str) -> str:
    pointer = prefix
    for part in loc:
        if isinstance(part, str) and part not in known and part not in SWITCHES:
            break
        pointer += f"/{part}"
    return pointer


def _item(error: Mapping[str, Any], pointer: str) -> Item:
    given = error.get("input", ...)
    if given is None and error["loc"]:
        return Item(pointer, "missing_value")
    if error["type"] == "greater_than_equal" and type(given) is int and given < 0:
        return Item(pointer, "negative_amount", _detail(error))
    return Item(pointer, _BY_PYDANTIC.get(error["type"], "wrong_type"), _detail(error))


def _detail(error: Mapping[str, Any]) -> str:
    """Return the bound of a number or the model's own text: both come from the model, not from what was sent."""
    context = error.get("ctx", {})
    match error["type"]:
        case "greater_than_equal":
            return f"less than {context['ge']}"
        case "less_than_equal":
            return f"more than {context['le']}"
        case "bad_date" | "bad_year" | "conflict":
            return str(context["text"])
    return ""
