"""An example for each operation, of the topics' own: shown in the documentation, run as tests."""

from collections.abc import Mapping
from typing import Any, Final

from calc.topics.table import TOPICS


def _twice(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a batch of a quote's row, twice; a tariff is the batch's."""
    of_batch = {name: body[name] for name in ("tariff",) if name in body}
    row = {name: value for name, value in body.items() if name not in of_batch}
    return {**of_batch, "rows": [row, row]}


QUOTES: Final[dict[str, Any]] = {
    name: {
        "plain": {"summary": topic.example.title, "value": topic.example.body},
        "explained": {
            "summary": f"{topic.example.title}, with its working",
            "value": {**topic.example.body, "explain": True},
        },
    }
    for name, topic in TOPICS.items()
}
BATCHES: Final[dict[str, Any]] = {
    name: {
        "rows": {
            "summary": f"{topic.example.title}, twice",
            "value": _twice(topic.example.body),
        }
    }
    for name, topic in TOPICS.items()
}
