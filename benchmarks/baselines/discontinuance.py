"""Decide discontinuance and restoration in the baselines."""

from typing import Final

import numpy as np

from benchmarks.comparison import Comparison
from benchmarks.harness import Baseline, Baselines, Run
from calc.kernels.discontinuance import NO_FORECAST, TABLE_START, after_business_hours
from calc.units import DAY_SECONDS, NO_DAY, NO_MOMENT

_HOUR: Final = 3_600
_BY_DAYS: Final = "a table of holidays by the day, which NumPy reads as the kernel does"


def _numpy_discontinuance(comparison: Comparison) -> Run:
    columns, rule = comparison.columns, comparison.parameters["rule"]
    holiday, later = comparison.parameters["holiday"], comparison.parameters["next_certificate_day"]

    def run() -> dict[str, np.ndarray]:
        at = columns["at"]
        day, second = np.divmod(at, DAY_SECONDS)
        in_hours = ((day + 3) % 7 < rule[4]) & (rule[2] * _HOUR <= second) & (second <= rule[3] * _HOUR)
        own = np.where(columns["participant"], columns["preexisting_cents"], 0)
        place = day - TABLE_START
        closed = holiday[place] | (holiday[place + 1] & (second >= rule[5] * _HOUR))
        closed |= holiday[place - 1] & (second < rule[6] * _HOUR)
        office = columns["office_closed_day"].astype(np.int64)
        start, stop = (office - 1) * DAY_SECONDS + rule[5] * _HOUR, (office + 1) * DAY_SECONDS + rule[6] * _HOUR
        closed |= (office != NO_DAY) & (start <= at) & (at < stop)
        both = np.stack([columns["certificate_day"], columns["other_certificate_day"]]).astype(np.int64)
        first, other = both.min(axis=0), both.max(axis=0)
        counts = (other != NO_DAY) & (other >= later[np.where(first == NO_DAY, 0, first - TABLE_START)])
        holds = (first <= day) & (day <= first + rule[8]) | counts & (other <= day) & (day <= other + rule[8])
        low, high = columns["low_f"], columns["high_f"]
        applied = columns["applied_day"].astype(np.int64)
        protected = (
            holds,
            (low != NO_FORECAST) & (low <= rule[10]),
            (rule[11] > 0) & (high != NO_FORECAST) & (high >= rule[11]),
            columns["emergency"],
            (rule[12] > 0) & (applied <= day) & (day <= applied + rule[12]),
        )
        grounds = (
            columns["past_due_cents"] - own < rule[0],
            day < columns["due_day"] + rule[1],
            (own > 0) & (own >= columns["past_due_cents"]),
            ~in_hours,
            closed,
            *(each & columns["residential"] for each in protected),
        )
        bars = np.zeros(at.size, dtype=np.int16)
        for bit, ground in enumerate(grounds):
            bars |= ground.astype(np.int16) << bit
        return {"bars": bars, "warnings": (in_hours & (second >= rule[7] * _HOUR)).astype(np.int8)}

    return run


DISCONTINUANCE: Final[Baselines] = {
    "NumPy": Baseline(_numpy_discontinuance),
    "Polars": _BY_DAYS,
    "DuckDB": _BY_DAYS,
    "Python": _BY_DAYS,
}


def _numpy_restoration(comparison: Comparison) -> Run:
    columns, rule, business = comparison.columns, comparison.parameters["rule"], comparison.parameters["business"]

    def run() -> dict[str, np.ndarray]:
        requested = columns["requested"]
        day, second = np.divmod(requested, DAY_SECONDS)
        closes = np.where(columns["closes"] == NO_MOMENT, day * DAY_SECONDS + rule[4] * 60, columns["closes"])
        by_meter = columns["advanced_meter"] & (requested <= closes - rule[2] * 60)
        by_noon = (columns["gas"] | ~columns["advanced_meter"]) & (second // 60 <= rule[3])
        same_day = business[day - TABLE_START] & (by_meter | by_noon)
        hours = [after_business_hours(at, rule[0] * _HOUR, business) for at in columns["acted"].tolist()]
        by = np.where(columns["after_hours_paid"], columns["acted"] + rule[1] * _HOUR, np.array(hours))
        midnight = (day + 1) * DAY_SECONDS
        today = same_day & (midnight <= by)
        due = np.where(today, day, by // DAY_SECONDS)
        late = np.where(columns["restored"] == NO_MOMENT, 0, np.maximum(0, columns["restored"] // DAY_SECONDS - due))
        return {
            "same_day": same_day,
            "restore_by": np.where(today, midnight, by),
            "due_day": due,
            "late_days": late,
            "credit_cents": late * rule[5],
        }

    return run


RESTORATION: Final[Baselines] = {
    "NumPy": Baseline(_numpy_restoration, per_row=True),
    "Polars": _BY_DAYS,
    "DuckDB": _BY_DAYS,
    "Python": _BY_DAYS,
}
