"""Answer batches of JSON rows: parse once, then check, calculate and write slice by slice, yielding between slices.

Batches bypass the framework's body models, which would block the event loop for the whole batch. Slices, and the
dates within a slice, run on the event loop, a few milliseconds at a time: a thread beside it would hold the
interpreter exactly when a quote arrives, and three times as long. Each row comes back by its index, with its result
or its errors; rows use the same models and calculators as quotes.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable, Sequence
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import to_json

from api.answering.arrow_columns import ROW_ID
from api.answering.refused import items_of
from api.answering.topics import Answer, ResolvedOptions, Topic, figures_of, rendered, resolve, today
from api.http.body import parse
from api.http.problems import Item, Problem
from api.models.schemas import ROWS_MAX, invalid

ID_MAX: Final = 100
"""Characters of a caller's own id of a row."""
SLICE_ROWS: Final = 16
_PIECE_SLICES: Final = 64


class Batch:
    """Hold one batch in progress: its rows, and the finished slices' answers as JSON text."""

    def __init__(self, topic: Topic, raw: bytes, allowed: Callable[[str], None]) -> None:
        """Parse the body and check everything except the rows.

        Args:
            topic: The topic whose calculator answers.
            raw: The body, as UTF-8 JSON.
            allowed: Raises Problem for a tariff that the request may not use.

        Raises:
            Problem: The body is malformed, has too many rows (ROWS_MAX), or its options are invalid or not allowed.
        """
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
            raise Problem("invalid-values", invalid(error, topic.options)) from None
        allowed(options.tariff)
        self.topic = topic
        self.options: ResolvedOptions = resolve(options)
        self.options.law(today(), "electric")
        self._rows = rows
        self._slices: list[bytes] = []
        self.refused = 0
        self._provenance: dict[str, Any] | None = None

    @property
    def rows(self) -> int:
        """Return the number of rows received."""
        return len(self._rows)

    async def run(self) -> None:
        """Answer slice by slice, letting other requests run in between."""
        for start in range(0, len(self._rows), SLICE_ROWS):
            self._slices.append(await self._slice(start))
            await asyncio.sleep(0)

    async def text(self) -> AsyncIterator[bytes]:
        """Yield the JSON answer in pieces."""
        head = {
            "rows": len(self._rows),
            "refused": self.refused,
            "jurisdiction": self.options.jurisdiction,
            "rules_version": self._provenance and self._provenance["rules_sha256"],
            "tariff": self.options.tariff,
            "switches": dict(self.options.switches),
            "provenance": self._provenance,
        }
        yield to_json(head)[:-1] + b',"results":['
        for place in range(0, len(self._slices), _PIECE_SLICES):
            piece = b",".join(self._slices[place : place + _PIECE_SLICES])
            yield b"," + piece if place else piece
        yield b"]}"

    async def _slice(self, start: int) -> bytes:
        """Answer SLICE_ROWS rows from `start` on, in order; rows of one date (and service) are calculated together."""
        found: dict[int, dict[str, Any]] = {}
        together: dict[Hashable, tuple[list[int], list[Any]]] = {}
        validate = self.topic.row.model_validate
        ids: dict[int, dict[str, str | int]] = {}
        for place, given in enumerate(self._rows[start : start + SLICE_ROWS], start):
            try:
                ids[place] = _own_id(given, place)
                row = validate(given)
            except Problem as problem:
                found[place] = _errors(problem.errors)
                continue
            except ValidationError as error:
                found[place] = _errors(invalid(error, self.topic.row, f"/rows/{place}"))
                continue
            places, rows = together.setdefault(self.topic.together(row), ([], []))
            places.append(place)
            rows.append(row)
        for places, rows in together.values():
            if found:
                await asyncio.sleep(0)
            found.update(zip(places, map(self._answered, places, self.topic.ask(rows, self.options)), strict=True))
        self.refused += sum("errors" in each for each in found.values())
        return b",".join(to_json({"index": place, **ids.get(place, {}), **found[place]}) for place in sorted(found))

    def _answered(self, place: int, answer: Answer) -> dict[str, Any]:
        if answer.outcome.result is None:
            return _errors(items_of(answer, f"/rows/{place}"))
        if self._provenance is None:
            self._provenance = rendered(answer, self.options, explain=False)["provenance"]
        rules_on = answer.law.rules.on.isoformat()
        return {"result": {**figures_of(answer), "provisional": answer.provisional, "rules_on": rules_on}}


def _own_id(row: Any, place: int) -> dict[str, str | int]:  # noqa: ANN401 - whatever was sent
    """Take the caller's own id off a row, as the answer echoes it; raise Problem where it is neither text nor whole."""
    if type(row) is not dict or ROW_ID not in row:
        return {}
    own = row.pop(ROW_ID)
    if own is None:
        return {}
    if not ((type(own) is str and len(own) <= ID_MAX) or type(own) is int):
        detail = f"text of at most {ID_MAX} characters, or a whole number"
        raise Problem("invalid-values", [Item(f"/rows/{place}/{ROW_ID}", "wrong_type", detail)])
    return {ROW_ID: own}


def _errors(items: Sequence[Item]) -> dict[str, Any]:
    return {"errors": [each.as_dict() for each in items]}
