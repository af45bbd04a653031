"""Build the OpenAPI document: the framework's, plus the models it does not see, API keys, and problems."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from api.models.answers import ProblemDetails
from api.models.meanings import complete
from api.models.schemas import MODELS

TAGS: Final = {
    "quotes": "One row in, its figures out, with the working if it is asked for.",
    "batches": "Many rows in, their figures or errors out: JSON, CSV or an Arrow stream.",
    "files": "A CSV file or a workbook in; a map, totals, refused rows by column, and lists to take away.",
    "reference": "Rates, rules and jurisdictions, with citations.",
    "service": "Whether the service lives, is ready, and what it counts.",
}
"""What the operations of each tag are for."""
_REFERENCES = "#/components/schemas/{model}"


def document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of an application; it is built once."""
    if app.openapi_schema is None:
        app.openapi_schema = _made(app)
    return app.openapi_schema


def _made(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
    unseen = [(model, "validation") for models in MODELS.values() for model in (models.quote, models.batch)]
    unseen.append((ProblemDetails, "serialization"))
    _, extra = models_json_schema(unseen, ref_template=_REFERENCES)  # type: ignore[arg-type]  # the modes are literals
    schemas = found["components"]["schemas"]
    schemas.update(extra["$defs"])
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    complete(schemas)
    found["components"]["schemas"] = dict(sorted(schemas.items()))
    found["servers"] = [{"url": app.state.settings.base_path or "/", "description": "Where this document is read from"}]
    found["tags"] = [{"name": name, "description": meaning} for name, meaning in TAGS.items()]
    found["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    }
    found["security"] = [{"bearer": []}, {"header": []}, {}]
    return found
