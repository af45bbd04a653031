"""Bad rows: which rows, with which reason, and what is changed in them; one row of a thousand.

A fault changes a good row so that it has exactly one reason. Faults that only text can hold are planned in either
format, and take effect in CSV alone: the good rows of both are the same.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import polars as pl

from calc.errors import Reason
from calc.kernels.arrays import Int64
from calc.sample.draw import Draw

Row: TypeAlias = dict[str, Any]
Change: TypeAlias = Row | Callable[[Row, Row], Row]
"""New values of a row's columns, or what gives them from the row and the row that follows it."""
Faults: TypeAlias = Mapping[Reason, tuple[Change, ...]]
"""Changes by the reason that they bring about; several take turns."""


class Fault(NamedTuple):
    """A bad row. A repeated key makes the row that follows bad as well."""

    place: int
    reason: Reason
    change: Change


class Plan(NamedTuple):
    """Faults of one chunk: those that a typed file holds, and those of text."""

    typed: list[Fault]
    text: list[Fault]

    def touched(self) -> Int64:
        """Rows that are bad in one of the formats, each with the row that follows."""
        places = np.array([fault.place for fault in (*self.typed, *self.text)], dtype=np.int64)
        return np.concatenate([places, places + 1])


def plan(draw: Draw, typed: Faults, text: Faults, *, every_reason: bool) -> Plan:
    """One bad row of a thousand; with `every_reason` each reason once before any comes twice."""
    kinds = len(typed)
    count = draw.rows // 1000 * kinds // (kinds + 1)  # a repeated key counts twice
    if every_reason:
        count = max(count, min(kinds, draw.rows // 1000))
    text_count = count * len(text) // kinds
    # even places, so that the row that follows is a good one
    places = (2 * draw.places(count + text_count, draw.rows // 2)).tolist()
    return Plan(_taking_turns(places[:count], typed), _taking_turns(places[count:], text))


def _taking_turns(places: list[int], faults: Faults) -> list[Fault]:
    reasons = list(faults)
    return [
        Fault(place, reason, faults[reason][turn // len(reasons) % len(faults[reason])])
        for turn, place in enumerate(places)
        for reason in (reasons[turn % len(reasons)],)
    ]


def spoil(frame: pl.DataFrame, faults: Iterable[Fault]) -> pl.DataFrame:
    """The frame with its bad rows."""
    ordered = sorted(faults, key=lambda fault: fault.place)
    places = np.array([fault.place for fault in ordered], dtype=np.int64)
    rows, following = frame[places].to_dicts(), frame[places + 1].to_dicts()
    for row, after, (_, _, change) in zip(rows, following, ordered, strict=True):
        row.update(change(row, after) if callable(change) else change)
    changed = pl.DataFrame(rows, schema=frame.schema, orient="row")
    taken = np.arange(frame.height)
    taken[places] = frame.height + np.arange(places.size)
    return pl.DataFrame([
        pl.concat([series, changed[series.name]]).gather(taken)
        if series.dtype.is_nested()
        else series.clone().scatter(places, changed[series.name])
        for series in frame
    ])  # fmt: skip


def bad_rows(faults: Iterable[Fault]) -> Counter[str]:
    """How many rows are bad for each reason."""
    counts: Counter[str] = Counter()
    for fault in faults:
        counts[str(fault.reason.name)] += 2 if fault.reason is Reason.duplicate_key else 1
    return counts
