"""The application: routes over `calc`, no arithmetic. `puccalc serve` runs it; quotes and batches join it later."""

from datetime import datetime
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from calc.errors import PuccalcError
from calc.rates.table import RateTable, load_rate_table
from calc.rules.resolve import load_rules


def create_app() -> FastAPI:
    """The service as an ASGI application. Its documentation pages are off: the stock ones load from elsewhere."""
    app = FastAPI(title="puccalc", docs_url=None, redoc_url=None)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        """Answer as long as the process lives."""
        return {"status": "ok"}

    @app.get("/readyz")
    def readyz() -> JSONResponse:
        """Answer 200 when rules and rates can be loaded, 503 otherwise."""
        try:
            _shipped_rates()
        except PuccalcError:
            detail = "the rules or rates cannot be loaded; puccalc doctor says why"
            problem = {"type": "about:blank", "title": "Not ready", "status": 503, "detail": detail}
            return JSONResponse(problem, status_code=503, media_type="application/problem+json")
        return JSONResponse({"status": "ready"})

    @app.get("/v1/rates")
    def rates() -> dict[str, Any]:
        """The rates in force by effective date; the last runs through the day before `end_date`."""
        table = _shipped_rates()
        return {
            "rates": [
                {
                    "effective_from": row.effective_from.isoformat(),
                    "rate_ppm": row.rate_ppm,
                    "source": row.source,
                    "known_on": row.known_on.isoformat(),
                    "note": row.note,
                    "provenance": row.provenance,
                }
                for row in table.rows
            ],
            "end_date": table.end_date.isoformat(),
            "sha256": table.checksum,
        }

    return app


def _shipped_rates() -> RateTable:
    """The shipped table under the rules of today."""
    today = datetime.now().astimezone().date()
    return load_rate_table(load_rules(today).electric.annual_rate)
