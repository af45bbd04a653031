"""What tonight's totals would be where the text leaves a reading open: rows are evaluated again under each other value.

Of a dataset of more than SAMPLE_ROWS rows, or SAMPLE_PARTS parts, a sample is: some whole parts, evenly spread, and in
them, of every so many rows in a row, the one that a hash of their place picks. It is the same for the same file in the
same parts. Its sums stand as they are, with the number of rows that they rest on: nothing is scaled up.
`--sensitivities` evaluates all rows.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

import numpy as np
import polars as pl

from calc.bulk.inputs.chunk import Part
from calc.bulk.inputs.source import Source
from calc.bulk.reconcile.moved_totals import ComparedRows, compared_rows, moved_between, sums_of
from calc.columns.evaluation import Evaluation
from calc.errors import RatesMissingError, UsageError
from calc.kernels.arrays import Int64
from calc.rates.computing.table import RateTable, load_rate_table
from calc.rules.readings import Another, as_text, open_readings
from calc.rules.resolve import Rules, load_rules
from calc.units import FIRST_DAY, LAST_DAY

if TYPE_CHECKING:
    from calc.bulk.reconcile.rests_on import Moves

Reevaluate = Callable[[Rules, RateTable], ComparedRows]
"""Rows of a part under other rules and rates -> what is compared of them."""


class Evaluate(Protocol):
    """A calculator that needs no rates: rows and the reasons known so far -> their evaluation under some rules."""

    def __call__(self, frame: pl.DataFrame, *, rules: Rules, flagged: Int64 | None) -> Evaluation:
        """Evaluate some rows."""


SAMPLE_ROWS: Final = 20_000
"""Rows of a dataset that are looked at again unless all of them are asked for, about."""
TOPICS: Final[Mapping[str, tuple[str, ...]]] = {
    "deposits": ("annual_rate", "deposit_interest", "unclaimed"),
    "accounts": ("deposit_limit",),
    "participants": ("fixed_credit", "arrearage", "participant_year"),
}
"""What the results of a dataset follow from."""
SAMPLE_PARTS: Final = 8
"""Parts that they are taken from at most: each costs some calls of every reading."""
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
_UPPER: Final = np.uint64(32)
_NONE: Final[Int64] = np.empty(0, dtype=np.int64)


class _Under(NamedTuple):
    """The law under another reading."""

    name: str
    rules: Rules
    rates: RateTable


class Readings:
    """The other open readings of a run, asked part by part from any thread."""

    def __init__(
        self,
        rules: Rules,
        rates: RateTable,
        known_on: date | None,
        tariff: str,
        sources: Mapping[str, Source],
        *,
        all_rows: bool,
    ) -> None:
        """The law of the run, and its datasets."""
        self.rules, self._rates = rules, rates
        self._known_on, self._tariff = known_on, tariff
        self._every = {name: (1, 1) if all_rows else _every(source) for name, source in sources.items()}
        concerned = {name: TOPICS[name] for name in sources if name in TOPICS}
        self.others = [each for each in open_readings(rules) if any(each.topic in of for of in concerned.values())]
        self.not_evaluated: list[str] = []
        """Readings that do not go together with what is in force, or leave years without a rate."""
        laws = [(each.topic, under) for each in self.others if (under := self._law(each))]
        self._under = {name: [under for topic, under in laws if topic in of] for name, of in concerned.items()}

    def rows(self, name: str, part: Part) -> Int64 | None:
        """Places of the part's rows that are looked at again; None for all of them."""
        every_part, every = self._every[name]
        if part.number % every_part:
            return _NONE
        if every == 1:
            return None
        group = np.arange(part.position // every, (part.position + part.rows - 1) // every + 1)
        hashed = (group.astype(np.uint64) + np.uint64(1)) * _FACTOR
        place: Int64 = group * every + ((hashed >> _UPPER) % np.uint64(every)).astype(np.int64) - part.position
        return place[(place >= 0) & (place < part.rows)]

    def moves(self, name: str, rows: int, reevaluate: Reevaluate) -> dict[str, Any]:
        """What each other reading would move of the totals of some rows, by `reevaluate`."""
        moves: Moves = {}
        if rows and self._under[name]:
            usual = reevaluate(self.rules, self._rates)
            sums = sums_of(usual, usual.good)
            for under in self._under[name]:
                if moved := moved_between(usual, sums, reevaluate(under.rules, under.rates)):
                    moves[under.name] = moved
        return {"evaluated": rows, "moves": moves}

    def _law(self, reading: Another) -> _Under | None:
        """The law under another reading; None where it cannot be asked for, or changes no rate."""
        rules, rates = self.rules, self._rates
        try:
            rules = load_rules(
                rules.on, switches=reading.switches(rules), tariff=self._tariff, jurisdiction=rules.jurisdiction
            )
            if reading.topic == "annual_rate":
                rates = load_rate_table(rules.electric.annual_rate, known_on=self._known_on)
        except (UsageError, RatesMissingError):
            self.not_evaluated.append(reading.name)
            return None
        if reading.topic == "annual_rate" and _by_day(rates) == _by_day(self._rates):
            return None
        return _Under(reading.name, rules, rates)


def _every(source: Source) -> tuple[int, int]:
    """Of how many parts one is taken, and of how many of its rows one: all of them where a sample is not needed."""
    parts = sum(-(-file.rows_hint // source.part_rows) or 1 for file in source.files)
    of_parts = -(-parts // SAMPLE_PARTS)
    return of_parts, max(1, -(-source.rows_hint // (SAMPLE_ROWS * of_parts)))


def _by_day(rates: RateTable) -> tuple[int, int, bytes]:
    return rates.first_day, rates.end_day, rates.rate_ppm_by_day(FIRST_DAY, LAST_DAY).tobytes()


def with_moves(
    readings: Readings, name: str, part: Part, frame: pl.DataFrame, flagged: Int64, evaluate: Evaluate
) -> Evaluation:  # fmt: skip
    """A part's evaluation, with what other readings would move of the rows that are looked at again."""
    evaluation = evaluate(frame, rules=readings.rules, flagged=flagged)
    places = readings.rows(name, part)
    some, reasons = (frame, flagged) if places is None else (frame[places], flagged[places])

    def under(rules: Rules, _: RateTable) -> ComparedRows:
        return compared_rows(name, evaluate(some, rules=rules, flagged=reasons))

    return evaluation._replace(rests_on={"interest_through_day": None, **readings.moves(name, reasons.size, under)})


def readings_as_json(readings: Readings, rests_on: Mapping[str, Any], rows: Mapping[str, int]) -> dict[str, Any]:
    """What a manifest says of them: by dataset how many rows they rest on, and by reading what it would move.

    `rests_on` are what the datasets rest on. Readings that move no total are named under `moves_nothing`.
    """
    moved = [
        {
            "switch": each.switch,
            "value": as_text(each.value),
            "in_force": as_text(each.in_force),
            "dataset": name,
            "moves": moves,
        }
        for each in readings.others
        for name in rests_on
        if (moves := {figure: amount for figure, amount in rests_on[name].moves.get(each.name, {}).items() if amount})
    ]
    told = {*readings.not_evaluated, *(f"{each['switch']}={each['value']}" for each in moved)}
    return {
        "datasets": {
            name: {"rows": rows[name], "evaluated": each.evaluated, "is_sample": each.evaluated < rows[name]}
            for name, each in rests_on.items()
        },
        "moved_by": moved,
        "moves_nothing": [each.name for each in readings.others if each.name not in told],
        "not_asked": readings.not_evaluated,
    }
