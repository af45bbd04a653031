"""Serve `/healthz`, `/readyz` and `/metrics` for those who operate the service."""

from fastapi import FastAPI
from starlette.responses import JSONResponse, Response

from api.http import metrics
from api.http.problems import Problem
from api.models.reference import Health, Ready
from api.readiness import Readiness
from api.routes.replies import refusals


def add(app: FastAPI, readiness: Readiness, counters: metrics.Metrics) -> None:
    """Add the routes.

    Args:
        app: The application.
        readiness: Decides between 200 and Problem("not-ready") on `/readyz`.
        counters: What `/metrics` shows.
    """

    @app.get("/healthz", tags=["service"], summary="Whether the process lives", responses=refusals())
    async def healthz() -> Health:
        """Answered whatever the load; needs no key."""
        return Health(status="ok")

    @app.get(
        "/readyz", tags=["service"], summary="Whether data are sound and kernels compiled",
        responses={200: {"model": Ready}, **refusals()},
    )  # fmt: skip
    def readyz() -> JSONResponse:
        """Send requests once it answers 200; needs no key."""
        if not readiness.check():
            raise Problem("not-ready", headers={"Retry-After": "5"})
        return JSONResponse({"status": "ready"})

    @app.get(
        "/metrics", tags=["service"], summary="Counters of this worker for Prometheus",
        response_class=Response,
        responses={
            200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Counters"},
            **refusals(),
        },
    )  # fmt: skip
    async def read_metrics() -> Response:
        """Requests by route template and status, seconds, rows, refusals: no figure of any request."""
        return Response(counters.text(), headers={"Content-Type": metrics.MEDIA_TYPE})
