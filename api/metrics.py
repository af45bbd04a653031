"""Counters of a worker for Prometheus: requests, latency, rows, refusals; labels are route templates and types only."""

from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest

MEDIA_TYPE: Final = CONTENT_TYPE_LATEST
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        """All at nothing."""
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "puccalc_requests", "Requests answered", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "puccalc_request_seconds", "Seconds to an answer", ("route",), buckets=_SECONDS, registry=self._registry
        )
        self._rows = Counter("puccalc_rows", "Rows calculated", ("route",), registry=self._registry)
        self._refusals = Counter(
            "puccalc_refusals", "Refusals by problem type", ("route", "type"), registry=self._registry
        )

    def answered(self, method: str, route: str, status: int, seconds: float, rows: int, refusal: str | None) -> None:
        """Count an answer."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        if rows:
            self._rows.labels(route).inc(rows)
        if refusal:
            self._refusals.labels(route, refusal).inc()

    def text(self) -> bytes:
        """The counters as Prometheus reads them."""
        return generate_latest(self._registry)
