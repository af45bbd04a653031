"""Quotes that wait at the same moment are calculated together: one call over a few rows costs what one row does.

A quote waits for no other: those that arrived while the event loop was at work share the next calculation, an idle
service answers each alone. The answers are the same, since rows are independent.
"""

import asyncio
from typing import TYPE_CHECKING, Any

from api.topics import Answer, Reading, Topic

if TYPE_CHECKING:
    from collections.abc import Hashable

Waiting = list[tuple[Any, asyncio.Future[Answer]]]


class Together:
    """The quotes of one event loop that wait, by topic, reading and what may be asked together."""

    def __init__(self) -> None:
        """None waits."""
        self._waiting: dict[Hashable, tuple[Topic, Reading, Waiting]] = {}

    async def ask(self, topic: Topic, row: Any, asked: Reading) -> Answer:  # noqa: ANN401 - the topic's model
        """Answer of one row; Problem as by `Topic.ask`."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._calculate)
        key = (topic.name, asked, topic.together(row))
        future: asyncio.Future[Answer] = loop.create_future()
        self._waiting.setdefault(key, (topic, asked, []))[2].append((row, future))
        return await future

    def _calculate(self) -> None:
        groups, self._waiting = self._waiting, {}
        for topic, asked, waiting in groups.values():
            try:
                _answer(topic, asked, waiting)
            except Exception:  # noqa: BLE001 - whose row it was is found by asking each alone
                for each in waiting:
                    _alone(topic, asked, each)


def _answer(topic: Topic, asked: Reading, waiting: Waiting) -> None:
    answers = topic.ask([row for row, _ in waiting], asked)
    for (_, future), answer in zip(waiting, answers, strict=True):
        if not future.done():
            future.set_result(answer)


def _alone(topic: Topic, asked: Reading, each: tuple[Any, asyncio.Future[Answer]]) -> None:
    try:
        _answer(topic, asked, [each])
    except Exception as error:  # noqa: BLE001 - the request's own, raised where it is awaited
        if not each[1].done():
            each[1].set_exception(error)
