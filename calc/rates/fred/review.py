"""Review what a FRED answer would change in the months in use, before it becomes the snapshot.

Input: answers of `.download`. Output: a `Review` with the snapshot it would make (`.snapshot`), the months that it
adds, prints or revises, and by month what a person has to accept first. An answer that cannot be used at all is
refused here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from calc.errors import PublishRefusedError, RatesMissingError
from calc.rates.fred.series import (
    NO_VALUE,
    RATE_BP_MAX,
    MonthlySeries,
    Status,
    month_number,
    month_text,
    shipped_series,
    shipped_taken,
)
from calc.rates.fred.snapshot import MonthKnown, Snapshot, load_snapshot, write_snapshot
from calc.units import PPM_PER_BP, format_percent, parse_scaled

if TYPE_CHECKING:
    from datetime import date

    from calc.rates.fred.download import Answer

JUMP_BP: Final = 200
"""A person must accept a new figure further than this from the month beside it.

Since 1953 that happened three times, in 1980 and 1981.
"""
_KINDS: Final[dict[Status, Literal["added", "printed", "revised"]]] = {
    "missing": "added", "derived": "printed", "published": "revised",
}  # fmt: skip


class Change(NamedTuple):
    """Hold a month that the answer adds, prints in place of a derived figure, or revises; basis points."""

    month: str
    kind: Literal["added", "printed", "revised"]
    was_bp: int | None
    is_bp: int


@dataclass(frozen=True, slots=True)
class Review:
    """Hold a usable answer and what it changes.

    Attributes:
        answer: The monthly series GS1.
        daily: The daily series DGS1 to compare with; None if not requested.
        before: The months in use.
        changes: The months that change.
        doubts: By month (YYYY-MM), what a person has to accept before the answer is kept.
        snapshot: The snapshot that it would make.
    """

    answer: "Answer"
    daily: "Answer | None"
    before: MonthlySeries
    changes: tuple[Change, ...]
    doubts: dict[str, list[str]]
    snapshot: Snapshot

    def keep(self, accepted: Collection[str] = ()) -> Path:
        """Write the snapshot, as `write_snapshot` does.

        Args:
            accepted: Months (YYYY-MM) whose doubts a person accepted.

        Returns:
            Path of the snapshot's record.

        Raises:
            PublishRefusedError: A month with doubts is not accepted; the message names each.
        """
        waiting = {month: texts for month, texts in self.doubts.items() if month not in accepted}
        if waiting:
            told = "; ".join(f"{month} {', '.join(texts)}" for month, texts in waiting.items())
            options = " ".join(f"--accept {month}" for month in waiting)
            raise PublishRefusedError(f"FRED's answer is not kept, look at it first: {told}. If it is right: {options}")
        answers = (self.answer, self.daily) if self.daily else (self.answer,)
        return write_snapshot(self.snapshot, {answer.series: answer.raw for answer in answers}, self.doubts)


def review(answer: "Answer", daily: "Answer | None" = None) -> Review:
    """Compare an answer with the months in use.

    A person has to accept a published month with another value, a jump of more than JUMP_BP, and a month that is not
    the mean of its daily figures, rounded half-up.

    Args:
        answer: The monthly series GS1.
        daily: The daily series DGS1 to compare with.

    Returns:
        What would change.

    Raises:
        RatesMissingError: The answer cannot be used: its vintage is older than the one in use, a value is no rate, or a
            month is missing or not over.
    """
    before = load_snapshot()
    current = shipped_series() if before is None else before.over_shipped()
    in_use = shipped_taken() if before is None else before.vintage
    if answer.vintage < in_use:
        raise RatesMissingError(f"FRED's answer is as of {answer.vintage}, older than the months in use ({in_use})")
    rates_bp = _monthly(answer, current)
    changes = tuple(_changes(rates_bp, current))
    touched = {change.month for change in changes}
    doubts: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        if change.kind == "revised" and change.was_bp is not None:
            doubts[change.month].append(f"was {_percent(change.was_bp)}, is {_percent(change.is_bp)}")
        number = _number(change.month)
        beside = [number - 1] if month_text(number + 1) in touched else [number - 1, number + 1]
        jumps = {month: abs(change.is_bp - rates_bp.get(month, change.is_bp)) for month in beside}
        doubts[change.month] += [
            f"{jump} basis points from {month_text(month)}" for month, jump in jumps.items() if jump > JUMP_BP
        ]
    for month, text in _daily_differences(rates_bp, daily) if daily else ():
        doubts[month].append(text)
    months = tuple(_months(rates_bp, before.months if before else (), answer.vintage))
    told = {month: texts for month, texts in sorted(doubts.items()) if texts}
    return Review(answer, daily, current, changes, told, Snapshot(answer.vintage, months))


def _monthly(answer: "Answer", current: MonthlySeries) -> dict[int, int]:
    """Return basis points by month number: every month from first through last, including all published so far."""
    rates_bp: dict[int, int] = {}
    for day, value in answer.observations:
        number = month_number(day.year, day.month)
        if day.day != 1:
            raise RatesMissingError(f"FRED's answer has {day}: expected months, by their first day")
        if value == NO_VALUE:
            continue
        rate_bp = parse_scaled(value, 2, "percent")
        if not 0 <= rate_bp <= RATE_BP_MAX:
            raise RatesMissingError(
                f"FRED's answer has {value} for {month_text(number)}: expected 0.00 to 100.00 percent"
            )
        rates_bp[number] = rate_bp
    last_day = answer.observations[-1].day
    last = month_number(last_day.year, last_day.month)
    if last >= month_number(answer.vintage.year, answer.vintage.month):
        raise RatesMissingError(f"FRED's answer of {answer.vintage} has {month_text(last)}, a month that was not over")
    numbers = range(current.first_month, current.last_month + 1)
    published = {number for number in numbers if current.month(number).status == "published"}
    missing = tuple(
        month_text(number)
        for number in range(min(rates_bp.keys() | published), max({last, *published}) + 1)
        if number not in rates_bp and (number <= last or number in published)
    )
    if missing:
        raise RatesMissingError(f"FRED's answer of {answer.vintage} lacks {', '.join(missing)}", missing)
    return rates_bp


def _changes(rates_bp: dict[int, int], current: MonthlySeries) -> Iterable[Change]:
    for number, rate_bp in rates_bp.items():
        month, was_bp, status = current.month(number)
        if was_bp != rate_bp or status == "derived":
            yield Change(month, _KINDS[status], was_bp, rate_bp)


def _daily_differences(rates_bp: dict[int, int], daily: "Answer") -> Iterable[tuple[str, str]]:
    """Yield months since the first daily figure that are not the mean of their days, half-up to two decimals."""
    days_bp: dict[int, list[int]] = defaultdict(list)
    for day, value in daily.observations:
        if value != NO_VALUE:
            days_bp[month_number(day.year, day.month)].append(parse_scaled(value, 2, "percent"))
    first_day = daily.observations[0].day
    for number, rate_bp in rates_bp.items():
        if number >= month_number(first_day.year, first_day.month):
            total, count = sum(days_bp[number]), len(days_bp[number])
            if count == 0:
                yield month_text(number), "has no daily figures"
            elif rate_bp != (2 * total + count) // (2 * count):
                mean = _percent((2 * total + count) // (2 * count))
                yield month_text(number), f"is {_percent(rate_bp)}, the mean of its {count} daily figures {mean}"


def _months(rates_bp: dict[int, int], before: Iterable[MonthKnown], vintage: "date") -> Iterable[MonthKnown]:
    """Yield what was known before and, after each month's older figures, the answer's if it differs."""
    known: dict[int, list[MonthKnown]] = defaultdict(list)
    for each in before:
        known[_number(each.month)].append(each)
    shipped = shipped_series()
    for number, rate_bp in rates_bp.items():
        text = _percent(rate_bp)
        if known[number]:
            is_new = known[number][-1].rate_percent != text
        else:
            is_new = shipped.month(number)[1:] != (rate_bp, "published")
        if is_new or not known[number]:
            known[number].append(MonthKnown(month_text(number), text, vintage if is_new else None))
    for number in sorted(known):
        yield from known[number]


def _number(month: str) -> int:
    year, _, of_year = month.partition("-")
    return month_number(int(year), int(of_year))


def _percent(rate_bp: int) -> str:
    return format_percent(rate_bp * PPM_PER_BP)
