"""What tonight's totals would be where the text leaves a reading open: rows are evaluated again under each other value.

Of a dataset of more than SAMPLE_ROWS rows, or SAMPLE_PARTS parts, a sample is: some whole parts, evenly spread, and in
them, of every so many rows in a row, the one that a hash of their place picks. It is the same for the same file in the
same parts. Its sums stand as they are, with the number of rows that they rest on: nothing is scaled up.
`--sensitivities` evaluates all rows.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from calc.bulk.inputs.chunk import Part
from calc.bulk.inputs.source import Source
from calc.bulk.reconcile.part_totals import amounts
from calc.bulk.reconcile.rests_on import REFUSED, Moves
from calc.bulk.reconcile.totals import FIGURES, GROUPS
from calc.columns.contract import DATASETS
from calc.columns.evaluation import Array, Evaluation
from calc.errors import RatesMissingError, UsageError
from calc.rates.computing.table import RateTable, load_rate_table
from calc.rules.readings import Another, as_text, open_readings
from calc.rules.resolve import Rules, load_rules
from calc.units import FIRST_DAY, LAST_DAY

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


class Asked(NamedTuple):
    """What is compared of some rows, refused ones among them: cents, places of their group in `words`, flags."""

    good: Bool
    cents: Mapping[str, Int64]
    groups: Array
    words: tuple[str, ...]
    flags: Mapping[str, Bool]


Again = Callable[[Rules, RateTable], Asked]
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
    "participants": ("fixed_credit", "arrearage"),
}
"""What the results of a dataset follow from."""
SAMPLE_PARTS: Final = 8
"""Parts that they are taken from at most: each costs some calls of every reading."""
_HALF, _LOWER = 32, 0xFFFFFFFF
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
        self.not_asked: list[str] = []
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

    def moves(self, name: str, rows: int, again: Again) -> dict[str, Any]:
        """What each other reading would move of the totals of some rows, by `again`."""
        moves: Moves = {}
        if rows and self._under[name]:
            usual = again(self.rules, self._rates)
            sums = _sums(usual, usual.good)
            for under in self._under[name]:
                if moved := _moved(usual, sums, again(under.rules, under.rates)):
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
            self.not_asked.append(reading.name)
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


def _sums(asked: Asked, good: Bool) -> dict[str, int]:
    """Totals of some rows, and how many have each status (or what else the dataset is told by) or flag."""
    sums = {name: _sum(_some(cents, good)) for name, cents in asked.cents.items()}
    counts = np.bincount(_some(asked.groups, good), minlength=len(asked.words)).tolist()
    sums.update({f"{word}_rows": count for word, count in zip(asked.words, counts, strict=True)})
    sums.update({f"{name}_rows": int(np.count_nonzero(_some(flags, good))) for name, flags in asked.flags.items()})
    return sums


def _some(column: Array, good: Bool) -> Array:
    return column if good.all() else column[good]


def _sum(cents: Int64) -> int:
    """Exact sum: 64 bits would wrap."""
    return (int((cents >> _HALF).sum()) << _HALF) + int((cents & _LOWER).sum())


def _moved(usual: Asked, sums: dict[str, int], other: Asked) -> dict[str, int]:
    """What differs from `sums`, those of `usual`, over the rows that are good both times."""
    good = usual.good & other.good
    refused = int(np.count_nonzero(usual.good & ~other.good))
    if refused:
        sums = _sums(usual, good)
    found = _sums(other, good)
    moved = {figure: amount - sums[figure] for figure, amount in found.items()}
    return {figure: amount for figure, amount in {**moved, REFUSED: refused}.items() if amount}


def asked_of(name: str, evaluation: Evaluation) -> Asked:
    """What is compared of a dataset's evaluation."""
    good = evaluation.reasons == 0
    results = evaluation.results

    def whole(column: Any) -> Array:  # noqa: ANN401 - a series or an array
        of_all = np.zeros(good.size, dtype=column.dtype)
        of_all[good] = column
        return of_all

    cents = {figure: found for figure in FIGURES[name] if (found := amounts(figure, evaluation)) is not None}
    groups = results[GROUPS[name]]
    flags = {column: results[column] for column, dtype in DATASETS[name].results.items() if dtype == pl.Boolean}
    cents = {figure: found for figure, found in cents.items() if figure not in flags}
    return Asked(
        good,
        {figure: whole(found) for figure, found in cents.items()},
        whole(groups.to_physical().to_numpy()),
        tuple(groups.dtype.categories.to_list()) if isinstance(groups.dtype, pl.Enum) else (),
        {column: whole(found.to_numpy()) for column, found in flags.items()},
    )


def with_moves(
    readings: Readings, name: str, part: Part, frame: pl.DataFrame, flagged: Int64, evaluate: Evaluate
) -> Evaluation:  # fmt: skip
    """A part's evaluation, with what other readings would move of the rows that are looked at again."""
    evaluation = evaluate(frame, rules=readings.rules, flagged=flagged)
    return evaluation._replace(rests_on=moves_of(readings, name, part, frame, flagged, evaluate))


def moves_of(
    readings: Readings, name: str, part: Part, frame: pl.DataFrame, flagged: Int64, evaluate: Evaluate
) -> dict[str, Any]:  # fmt: skip
    """What a part's totals rest on: what other readings would move of the rows that are looked at again."""
    places = readings.rows(name, part)
    some, reasons = (frame, flagged) if places is None else (frame[places], flagged[places])

    def under(rules: Rules, _: RateTable) -> Asked:
        return asked_of(name, evaluate(some, rules=rules, flagged=reasons))

    return {"interest_through_day": None, **readings.moves(name, reasons.size, under)}


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
    told = {*readings.not_asked, *(f"{each['switch']}={each['value']}" for each in moved)}
    return {
        "datasets": {
            name: {"rows": rows[name], "evaluated": each.evaluated, "is_sample": each.evaluated < rows[name]}
            for name, each in rests_on.items()
        },
        "moved_by": moved,
        "moves_nothing": [each.name for each in readings.others if each.name not in told],
        "not_asked": readings.not_asked,
    }
