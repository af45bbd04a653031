"""Calculate without a frame: Python values to gated arrays, and result columns to Python values.

For quotes and JSON batches, whose rows come one at a time with their types checked: building one frame takes as long as
a hundred such rows. Bounds and blanks follow the contract's table as in `gate`, so the reasons are the same.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np

from calc.columns.bills import MONTHS_MAX, of_rows
from calc.columns.contract import Column, Dataset, Holds
from calc.columns.evaluation import Outputs, Records
from calc.columns.gated import Gated
from calc.columns.refusals import Refusal
from calc.columns.result_type import DATE, MOMENT, TEXT, ResultType, list_of
from calc.errors import Reason
from calc.kernels.arrays import Array, Bool, Int64
from calc.units import (
    DAY_SECONDS,
    EPOCH,
    FIRST_DATE,
    FIRST_DAY,
    LAST_DATE,
    LAST_DAY,
    NO_DAY,
    NO_MOMENT,
    to_date,
    to_moment,
    to_second,
)

_EPOCH_ORDINAL: Final = EPOCH.toordinal()


class _Reader(NamedTuple):
    """How to read one column: the array's value for a Python value, for a blank, and for a refused value.

    `number_of` returns None for a refused value, and `why` the reason. `blank` is None if a value is required.
    """

    name: str
    dtype: Any
    number_of: Callable[[Any], int | None]
    why: Callable[[Any], Reason]
    blank: int | None
    harmless: int


class Rows:
    """Converts rows of one dataset to arrays and back; texts are left out both ways."""

    def __init__(self, dataset: Dataset) -> None:
        """Prepare the contract's table, once."""
        held = (Holds.TEXT, Holds.BILLS)
        self._readers = [_reader(column) for column in dataset.columns if column.holds not in held]
        self._lists = [_reader(column) for column in dataset.columns if column.holds is Holds.BILLS]
        self._plain = {each.name: _plain(each.type) for each in dataset.declared_results}

    def gate(self, rows: Sequence[Mapping[str, Any]]) -> Gated:
        """Check rows and convert them to arrays.

        Rows are refused as missing_value, out_of_range, negative_amount or unknown_value.

        Args:
            rows: Values by the contract's names: money (cents) and counts int, dates date, words str, flags bool; None
                or an absent name is a blank.
        """
        reasons = np.zeros(len(rows), dtype=np.int64)
        values: dict[str, Array] = {}
        unusable: dict[str, Bool] = {}
        amounts = {reader: [row.get(reader.name) or () for row in rows] for reader in self._lists}
        lists = {reader.name: of_rows([_harmless(reader, each) for each in of]) for reader, of in amounts.items()}
        found = Gated(values, reasons, unusable, [], lists)
        for name, dtype, number_of, why, blank, harmless in self._readers:
            numbers = []
            for place, row in enumerate(rows):
                value = row.get(name)
                number = blank if value is None else number_of(value)
                if number is None:
                    number = harmless
                    reason = Reason.missing_value if value is None else why(value)
                    found.refuse_at(np.array([place]), reason, name)
                    unusable.setdefault(name, np.zeros(len(rows), dtype=np.bool_))[place] = True
                numbers.append(number)
            values[name] = np.array(numbers, dtype=dtype)
        for reader, given in amounts.items():
            for place, each in enumerate(given):
                for reason in _reasons(reader, each):
                    found.spoil(reader.name, Refusal(reason, (reader.name,), np.array([place])))
        return found

    def results(self, outputs: Outputs, reasons: Int64) -> list[dict[str, Any] | None]:
        """Return each row's results by the contract's names, as a frame's rows have them; None for a refused row."""
        columns = {name: plain(outputs[name]) for name, plain in self._plain.items() if name in outputs}
        found = zip(reasons.tolist(), *columns.values(), strict=True)
        return [None if mask else dict(zip(columns, figures, strict=True)) for mask, *figures in found]


def _reasons(reader: _Reader, amounts: Sequence[int | None]) -> set[Reason]:
    """Return the reasons for which a row's list is refused."""
    found = {reader.why(amount) for amount in amounts if _is_refused(reader, amount)}
    return found | {Reason.out_of_range} if len(amounts) > MONTHS_MAX else found


def _harmless(reader: _Reader, amounts: Sequence[int | None]) -> list[int | None]:
    """Replace each refused number of a row's list by a harmless one."""
    return [reader.harmless if _is_refused(reader, amount) else amount for amount in amounts]


def _is_refused(reader: _Reader, amount: int | None) -> bool:
    return amount is not None and reader.number_of(amount) is None


def _reader(column: Column) -> _Reader:
    kind = {Holds.DATE: _day, Holds.MOMENT: _moment, Holds.WORD: _word, Holds.FLAG: _flag}.get(column.holds, _number)
    number_of, why, harmless = kind(column)
    blank = column.blank if column.nullable else None
    return _Reader(column.name, column.dtype, number_of, why, blank, harmless)


_Reading = tuple[Callable[[Any], int | None], Callable[[Any], Reason], int]


def _number(column: Column) -> _Reading:
    lowest, highest = column.lowest, column.highest

    def number_of(value: int) -> int | None:
        return value if lowest <= value <= highest else None

    def why(value: int) -> Reason:
        return Reason.negative_amount if value < 0 <= lowest else Reason.out_of_range

    return number_of, why, max(0, lowest)


def _day(_: Column) -> _Reading:
    def number_of(value: Any) -> int | None:  # noqa: ANN401 - a date
        day: int = value.toordinal() - _EPOCH_ORDINAL
        return day if FIRST_DAY <= day <= LAST_DAY else None

    return number_of, lambda _: Reason.out_of_range, NO_DAY


def _moment(_: Column) -> _Reading:
    def number_of(value: Any) -> int | None:  # noqa: ANN401 - a local time
        return to_second(value) if FIRST_DATE <= value.date() <= LAST_DATE else None

    return number_of, lambda _: Reason.out_of_range, FIRST_DAY * DAY_SECONDS


def _word(column: Column) -> _Reading:
    codes = {word: code for code, word in enumerate(column.words)}
    return codes.get, lambda _: Reason.unknown_value, max(0, column.default)


def _flag(column: Column) -> _Reading:
    return int, lambda _: Reason.unknown_value, max(0, column.default)


def _plain(kind: ResultType) -> Callable[[Any], list[Any]]:
    """Return the function that converts a result column to Python values."""
    words = kind.words
    if words:
        return lambda column: [words[code] for code in column.tolist()]
    if kind == DATE:
        return lambda column: [None if day == NO_DAY else to_date(day) for day in column.tolist()]
    if kind == MOMENT:
        return lambda column: [None if each == NO_MOMENT else to_moment(each) for each in column.tolist()]
    if kind == list_of(TEXT):
        return lambda column: [list(found) for found in column.tolist()]
    if kind.of and kind.of.fields:
        return _records(kind.of)
    return lambda column: column.tolist()


def _records(kind: ResultType) -> Callable[[Records], list[list[dict[str, Any]]]]:
    """Return the function that converts a column of records to lists of dictionaries."""
    fields = {name: _plain(each) for name, each in kind.fields}

    def plain(column: Records) -> list[list[dict[str, Any]]]:
        values = [read(column.columns[name]) for name, read in fields.items()]
        found = [dict(zip(fields, each, strict=True)) for each in zip(*values, strict=True)]
        return [found[start:stop] for start, stop in pairwise(column.offset.tolist())]

    return plain
