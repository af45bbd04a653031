"""Refused rows counted by reason and column, each with the place of its first row: never a value.

Comes in: each part's refused rows, from any thread and in any order. Goes out: what the manifest, the dry run and a
refusal's message say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from calc.bulk.inputs.chunk import Chunk
from calc.columns.refusals import RefusedRows

_SAID_MAX: Final = 12
"""Reasons in columns of a dataset that a message names."""


@dataclass(frozen=True, slots=True)
class ColumnCount:
    """How many rows have a reason in a column ("": the row as a whole), and the first of them: file, row, CSV line.

    `allowed` is what the column may hold. Rows are data rows of their file, from 1.
    """

    reason: str
    column: str
    allowed: str
    rows: int
    file: str
    row: int
    line: int | None

    def as_json(self) -> dict[str, Any]:
        """As the manifest has it."""
        first = {"file": self.file, "row": self.row, "line": self.line}
        said = {"reason": self.reason, "column": self.column, "allowed": self.allowed}
        return {**said, "rows": self.rows, "first": first}


class ByColumn:
    """What was refused in a dataset, over its parts."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._found: dict[tuple[str, str], tuple[int, ColumnCount]] = {}

    def add(self, number: int, counts: Iterable[ColumnCount]) -> None:
        """Take in what was found in the part of this number; one part at a time."""
        for each in counts:
            key = (each.reason, each.column)
            first, before = self._found.get(key, (number, replace(each, rows=0)))
            kept = before if first < number else each
            self._found[key] = (min(first, number), replace(kept, rows=before.rows + each.rows))

    def as_json(self) -> list[dict[str, Any]]:
        """By number of rows, the most first."""
        found = sorted(
            (each for _, each in self._found.values()), key=lambda each: (-each.rows, each.reason, each.column)
        )
        return [each.as_json() for each in found]


def counted_in(chunk: Chunk, refused: RefusedRows) -> list[ColumnCount]:
    """What was found in a chunk."""
    found = []
    for refusal, allowed in zip(refused.refusals, refused.allowed, strict=True):
        place = int(refusal.places[0])
        line = None if chunk.lines is None else int(chunk.lines[place])
        row = int(chunk.rows_at(refusal.places[:1])[0])
        about = (refusal.reason.name or "", refusal.about, allowed)
        found.append(ColumnCount(*about, refusal.places.size, chunk.file, row, line))
    return found


def as_text(counts: Sequence[Mapping[str, Any]]) -> str:
    """Counts as a message has them: "received_date bad_date 1,100 (first: a.csv row 17), ..."."""
    said = [f"{each['column']} {each['reason']}".strip() + f" {each['rows']:,}{first_of(each)}" for each in counts]
    more = [f"and {len(said) - _SAID_MAX} more"] if len(said) > _SAID_MAX else []
    return ", ".join([*said[:_SAID_MAX], *more])


def first_of(count: Mapping[str, Any]) -> str:
    """Where a count's first row stands, where that is known: " (first: a.csv row 17, line 18)"."""
    first = count["first"]
    if not first:
        return ""
    line = "" if first.get("line") is None else f", line {first['line']}"
    return f" (first: {Path(first['file']).name} row {first['row']}{line})"
