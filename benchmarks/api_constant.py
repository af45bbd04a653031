"""Provide the baseline of a quote: a FastAPI endpoint with the same models that computes nothing."""

from fastapi import FastAPI

from api.answering.topics import TOPICS, rendered, resolve
from api.models.answers import QUOTE_ANSWERS

QUOTE = TOPICS["interest"].quote
BODY = QUOTE.model_validate({"principal_cents": 20_000, "received_date": "2024-01-01", "through_date": "2025-01-01"})


def create_app() -> FastAPI:
    """The endpoint, at the quote's own path."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    model = QUOTE_ANSWERS["interest"]
    options = resolve(BODY)
    constant = model.model_validate(rendered(TOPICS["interest"].ask([BODY], options)[0], options, explain=False))

    @app.post("/v1/quotes/interest", response_model=model)
    async def quote(_: QUOTE) -> object:  # type: ignore[valid-type]  # made of the topic's fields
        return constant

    @app.get("/readyz")
    async def readyz() -> dict[str, str]:
        return {"status": "ready"}

    return app
