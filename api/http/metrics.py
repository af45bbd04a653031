"""Count a worker's requests, latencies, rows and refusals for Prometheus; labels are route templates and types only.

Counts are plain numbers; the text that Prometheus reads is made when it asks.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import accumulate
from typing import Any, Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

MEDIA_TYPE: Final = CONTENT_TYPE_LATEST
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_BUCKETS: Final = (*map(str, _SECONDS), "+Inf")


class Metrics(Collector):
    """Hold the counters of one application."""

    def __init__(self) -> None:
        """Start all counters at zero."""
        self._requests: Counter[tuple[str, str, str]] = Counter()
        self._latencies: dict[str, list[int]] = {}
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._rows: Counter[tuple[str]] = Counter()
        self._refusals: Counter[tuple[str, str]] = Counter()
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def answered(self, method: str, route: str, status: int, seconds: float, rows: int, refusal: str | None) -> None:
        """Count one answer.

        Args:
            method: HTTP method, or "other".
            route: Route template, or "unmatched".
            status: HTTP status.
            seconds: Seconds from request to answer.
            rows: Rows calculated.
            refusal: Problem type, or None.
        """
        self._requests[method, route, str(status)] += 1
        if route not in self._latencies:
            self._latencies[route] = [0] * len(_BUCKETS)
        self._latencies[route][bisect_left(_SECONDS, seconds)] += 1
        self._seconds[route] += seconds
        if rows:
            self._rows[route,] += rows
        if refusal:
            self._refusals[route, refusal] += 1

    def collect(self) -> Iterator[Metric]:
        """Yield the counters as Prometheus metric families."""
        yield _family("puccalc_requests", "Requests answered", ("method", "route", "status"), self._requests)
        latency = HistogramMetricFamily("puccalc_request_seconds", "Seconds to an answer", labels=("route",))
        for route, counts in self._latencies.items():
            latency.add_metric((route,), list(zip(_BUCKETS, accumulate(counts), strict=True)), self._seconds[route])
        yield latency
        yield _family("puccalc_rows", "Rows calculated", ("route",), self._rows)
        yield _family("puccalc_refusals", "Refusals by problem type", ("route", "type"), self._refusals)

    def text(self) -> bytes:
        """Return the counters in Prometheus' text format."""
        return generate_latest(self._registry)


def _family(name: str, text: str, labels: tuple[str, ...], counts: Counter[Any]) -> CounterMetricFamily:
    family = CounterMetricFamily(name, text, labels=labels)
    for values, count in counts.items():
        family.add_metric(values, count)
    return family
