"""Batches of JSON rows: parsed once, checked, calculated and written in slices on a thread, with a yield between them.

They bypass the framework's body models, which would hold the event loop for the whole of a batch. Each row comes back
by its index, with its result or with its errors; rows follow the very models and calculators of quotes.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Executor
from typing import Any, Final

from pydantic import ValidationError

from api.body import parse
from api.problems import Item, Problem, items
from api.schemas import ROWS_MAX
from api.topics import Reading, Topic, groups, reading, rendered, shown, today

SLICE_ROWS: Final = 500
DAYS_MAX: Final = 100
"""Days (and services) in one batch: each is a calculation of its own."""

Numbered = list[tuple[int, Any]]


class Batch:
    """One batch on its way: `rows` by number, those that were refused or answered as JSON text by number."""

    def __init__(self, topic: Topic, raw: bytes, allowed: Callable[[str], None]) -> None:
        """Parse the body and check all but its rows; `allowed` refuses a tariff. Problem where something is wrong."""
        body = parse(raw)
        if not isinstance(body, dict):
            raise Problem("invalid-values", [Item("", "wrong_type")])
        if "rows" not in body:
            raise Problem("invalid-values", [Item("/rows", "missing_value")])
        rows = body.pop("rows")
        if not isinstance(rows, list):
            raise Problem("invalid-values", [Item("/rows", "wrong_type")])
        if len(rows) > ROWS_MAX:
            raise Problem("too-large", [Item("/rows", "too_long", f"more than {ROWS_MAX} rows")])
        try:
            options = topic.options.model_validate(body)
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
            raise Problem("invalid-values", items(found, frozenset(topic.options.model_fields))) from None
        allowed(options.tariff)
        self.topic = topic
        self.asked: Reading = reading(options)
        self.asked.law(today(), "electric")
        self._rows = rows
        self._good: Numbered = []
        self._written: dict[int, str] = {}
        self.refused = 0
        self._provenance: dict[str, Any] = {}

    @property
    def rows(self) -> int:
        """How many rows came in."""
        return len(self._rows)

    async def run(self, executor: Executor) -> None:
        """Check and answer slice by slice; the loop serves others between them. Problem where the days are too many."""
        on_thread = asyncio.get_running_loop().run_in_executor
        for start in range(0, len(self._rows), SLICE_ROWS):
            await on_thread(executor, self._check, start)
        together = groups(self.topic, self._good)
        if len(together) > DAYS_MAX:
            raise Problem("too-large", [Item("/rows", "too_long", f"more than {DAYS_MAX} days and services")])
        for part in _slices(together):
            await on_thread(executor, self._answer, part)

    async def text(self) -> AsyncIterator[bytes]:
        """The answer in pieces."""
        head = {
            "rows": len(self._rows),
            "refused": self.refused,
            "tariff": self.asked.tariff,
            "switches": dict(self.asked.switches),
            "provenance": self._provenance or None,
        }
        yield json.dumps(head).encode()[:-1] + b', "results": ['
        for start in range(0, len(self._rows), SLICE_ROWS):
            stop = min(start + SLICE_ROWS, len(self._rows))
            lead = "" if start == 0 else ", "
            yield (lead + ", ".join(self._written[place] for place in range(start, stop))).encode()
        yield b"]}"

    def _check(self, start: int) -> None:
        validate = self.topic.row.model_validate
        known = frozenset(self.topic.row.model_fields)
        for place, row in enumerate(self._rows[start : start + SLICE_ROWS], start):
            try:
                self._good.append((place, validate(row)))
            except ValidationError as error:
                found = error.errors(include_url=False, include_input=False)
                self._refuse(place, items(found, known, f"/rows/{place}"))

    def _answer(self, part: Numbered) -> None:
        for (place, _), answer in zip(part, self.topic.ask([row for _, row in part], self.asked), strict=True):
            if answer.outcome.result is None:
                self._refuse(place, self.topic.errors(answer, f"/rows/{place}"))
                continue
            if not self._provenance:
                self._provenance = rendered(answer, self.asked, explain=False)["provenance"]
            rules_on = answer.law.rules.on.isoformat()
            result = {**shown(answer), "provisional": answer.provisional, "rules_on": rules_on}
            self._written[place] = json.dumps({"index": place, "result": result})

    def _refuse(self, place: int, errors: Sequence[Item]) -> None:
        self.refused += 1
        self._written[place] = json.dumps({"index": place, "errors": [each.as_dict() for each in errors]})


def _slices(together: Sequence[Numbered]) -> Iterator[Numbered]:
    for group in together:
        for start in range(0, len(group), SLICE_ROWS):
            yield group[start : start + SLICE_ROWS]
