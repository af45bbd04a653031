"""Serve `/healthz`, `/readyz` and `/metrics` for those who operate the service."""

from fastapi import FastAPI
from starlette.responses import JSONResponse, Response

from api.http import metrics
from api.http.problems import Problem
from api.readiness import Readiness


def add(app: FastAPI, readiness: Readiness, counters: metrics.Metrics) -> None:
    """Add the routes.

    Args:
        app: The application.
        readiness: Decides between 200 and Problem("not-ready") on `/readyz`.
        counters: What `/metrics` shows.
    """

    @app.get("/healthz", tags=["service"], summary="Whether the process lives")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", tags=["service"], summary="Whether data are sound and kernels compiled")
    def readyz() -> JSONResponse:
        if not readiness.check():
            raise Problem("not-ready", headers={"Retry-After": "5"})
        return JSONResponse({"status": "ready"})

    @app.get("/metrics", tags=["service"], summary="Counters of this worker for Prometheus")
    async def read_metrics() -> Response:
        return Response(counters.text(), headers={"Content-Type": metrics.MEDIA_TYPE})
