"""List the topics; a new one is declared as TOPIC in the module of its name and named here.

A topic's module is loaded when the topic is looked up, so that a quote loads only its own.
"""

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from calc.topics.topic import Topic

_NAMES: Final = (
    "interest", "deposit-limit", "unclaimed", "fixed-credit", "participant-year", "installment-plan",
    "budget-billing", "discontinuance", "restoration", "contributions", "annual-bill",
)  # fmt: skip


class _Topics(MutableMapping[str, Any]):
    """Hold topics by name; load each when it is looked up."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._topics: dict[str, Topic | None] = dict.fromkeys(names)

    def __getitem__(self, name: str) -> "Topic":
        topic = self._topics[name]
        if topic is None:
            topic = self._topics[name] = import_module(f"calc.topics.{name.replace('-', '_')}").TOPIC
        return topic

    def __setitem__(self, name: str, topic: "Topic") -> None:
        self._topics[name] = topic

    def __delitem__(self, name: str) -> None:
        del self._topics[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._topics)

    def __len__(self) -> int:
        return len(self._topics)


TOPICS: Final = _Topics(_NAMES)
"""Every topic by its name in paths and commands."""
