"""An example for each operation, of the topics' own: shown in the documentation, run as tests."""

from typing import Any, Final

from calc.topics.table import TOPICS

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
            "value": {"rows": [topic.example.body, topic.example.body]},
        }
    }
    for name, topic in TOPICS.items()
}
