"""What the money of a dataset rests on beside its rows: the last day that earned, and what open readings would move.

Gathered part by part and kept in each part's side file, so that a resumed run tells the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from calc.columns.contract import SERVICES
from calc.kernels.arrays import Array
from calc.kernels.calendar import DAY_ENDS
from calc.kernels.unclaimed import ADVANCE
from calc.rules.resolve import Rules
from calc.units import to_date

Moves = dict[str, dict[str, int]]
"""`switch=value` -> figure -> what the total would be under it, less tonight's; `_cents` are money, `_rows` counts."""
REFUSED = "refused_rows"
"""Good rows of tonight that another reading would refuse; their amounts are in no other figure."""

_ROWS_AT_A_TIME: Final = 16_384
"""Nearly always the first of them earn up to the last day that there is: then no other rows are looked at."""


@dataclass(slots=True)
class RestsOn:
    """`evaluated` rows were looked at again under each other reading. Days are epoch days; None where none earned."""

    interest_through_day: int | None = None
    evaluated: int = 0
    moves: Moves = field(default_factory=dict)

    def add(self, more: Mapping[str, Any]) -> None:
        """Take in a part's, as its side file has it."""
        days = [day for day in (self.interest_through_day, more["interest_through_day"]) if day is not None]
        self.interest_through_day = max(days, default=None)
        self.evaluated += more["evaluated"]
        for reading, figures in more["moves"].items():
            into = self.moves.setdefault(reading, {})
            for name, amount in figures.items():
                into[name] = into.get(name, 0) + amount


def interest_through(
    values: Mapping[str, Array], outputs: Mapping[str, Array], good: Array, as_of: int, rules: Rules
) -> int | None:
    """The last day on which one of the good deposits earned: before its payment, its remittance or the as-of day.

    Whether that day itself counts says `day_ends`. An advance whose interest is not payable earns the surcharge alone.
    """
    shifts = np.array([DAY_ENDS[rules.service(name).deposit_interest.day_ends][1] for name in SERVICES], dtype=np.int32)
    latest = as_of + int(shifts.max()) - 1
    found: list[int] = []
    for begin in range(0, good.size, _ROWS_AT_A_TIME):
        rows = slice(begin, begin + _ROWS_AT_A_TIME)
        given, result = ({name: column[rows] for name, column in each.items()} for each in (values, outputs))
        end = np.minimum(np.minimum(given["paid_date"], given["remitted_date"]), np.int32(as_of))
        last = end + shifts[given["service"]] - np.int32(1)
        silent = (given["kind"] == ADVANCE) & ~given["interest_payable"] & (last < result["surcharge_from_date"])
        days = last[good[rows] & (result["accrued_days"] > 0) & (given["principal_cents"] > 0) & ~silent]
        found += [int(days.max())] if days.size else []
        if found and found[-1] == latest:
            break
    return max(found, default=None)


def interest_through_as_json(as_of: int, rests_on: RestsOn, rules: Rules, without_rate: int) -> dict[str, Any]:
    """What a manifest says of it: `interest_through` (ISO, or null) and `interest_through_note`, which says why."""
    day = rests_on.interest_through_day
    ends = {name: rules.service(name).deposit_interest.day_ends for name in SERVICES}
    named = " and ".join(dict.fromkeys(ends.values()))
    latest = as_of - 1 + max(DAY_ENDS[each][1] for each in ends.values())
    if day is None:
        note = "no deposit earned interest on any day"
    elif day < latest:
        note = f"nothing that earns is held after {to_date(day)}"
    else:
        counts = "counts" if day == as_of else "does not count"
        note = f"day_ends is {named}: the day up to which interest is reckoned, {to_date(as_of)}, {counts}"
    if without_rate:
        note += f"; rows refused, since no rate is in force on some of their days: {without_rate}"
    return {"interest_through": None if day is None else to_date(day).isoformat(), "interest_through_note": note}
