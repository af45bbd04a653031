"""Decide over columns whether service may be discontinued and when it must be back, rules 3407, 3409; contributions."""

from dataclasses import astuple
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from calc.columns.contract import CONTRIBUTIONS, DISCONTINUANCES, RESTORATIONS, SERVICES
from calc.columns.evaluation import Coded, Evaluation, Outputs, assemble, compute_by_service
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.errors import Reason
from calc.kernels import discontinuance as kernels
from calc.kernels import plans
from calc.kernels.arrays import Array, Bool, Int32, Int64
from calc.kernels.calendar import add_months
from calc.kernels.discontinuance import BARS, WARNINGS
from calc.rules.holidays import legal_holidays
from calc.rules.resolve import Rules, ServiceRules
from calc.units import DAY_SECONDS, FIRST_DATE, LAST_DATE, LAST_DAY, NO_DAY, NO_MOMENT, to_day

if TYPE_CHECKING:
    import polars as pl

_DAYS_BEYOND: Final = 60
"""Days after the last date in tables of days: hours of business days that begin on it end before."""


def _words(names: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the names of each combination of bits."""
    return tuple(
        tuple(name for place, name in enumerate(names) if bits >> place & 1) for bits in range(1 << len(names))
    )


_BARS: Final = _words(BARS)
_WARNINGS: Final = _words(WARNINGS)


@lru_cache(maxsize=1)
def holidays() -> Bool:
    """Return whether each day of the tables is a state or federal holiday."""
    found = np.zeros(LAST_DAY + _DAYS_BEYOND - kernels.TABLE_START + 1, dtype=np.bool_)
    for year in range(FIRST_DATE.year - 1, LAST_DATE.year + 2):
        for each in legal_holidays(year):
            place = to_day(each) - kernels.TABLE_START
            if 0 <= place < found.size:
                found[place] = True
    found.flags.writeable = False
    return found


@lru_cache(maxsize=1)
def business_days() -> Bool:
    """Return whether each day of the tables is a business day: no week-end and no holiday."""
    off = holidays()
    days = np.arange(kernels.TABLE_START, kernels.TABLE_START + off.size)
    found: Bool = ~off & np.is_busday(days.astype("datetime64[D]"))
    found.flags.writeable = False
    return found


@lru_cache(maxsize=4)
def months_later(months: int) -> Int32:
    """Return the epoch day some months after each day of the tables."""
    days = np.arange(kernels.TABLE_START, LAST_DAY + 1, dtype=np.int64)
    return add_months(days, months).astype(np.int32)


def values_of(rule: Any) -> Int64:  # noqa: ANN401 - a topic's parameters
    """Return a topic's values in the schema's order; 0 for what the service's rule does not hold."""
    return np.array([value or 0 for value in astuple(rule)], dtype=np.int64)


def evaluate_discontinuances(frame: "pl.DataFrame", *, rules: Rules, flagged: Int64 | None = None) -> Evaluation:
    """Decide on the rows of a frame of the dataset `discontinuances`."""
    gated = gate(DISCONTINUANCES, frame, flagged)
    return assemble(DISCONTINUANCES, frame, discontinuances(gated, rules=rules), gated, {})


def discontinuances(gated: Gated, *, rules: Rules) -> Outputs:
    """Find what bars the discontinuance of gated rows, and what speaks against it."""
    values = gated.values
    outputs: dict[str, Array] = {
        "bars": np.empty(gated.reasons.size, dtype=np.int16), "warnings": np.empty(gated.reasons.size, dtype=np.int8)
    }  # fmt: skip

    def of_service(own: ServiceRules, values: dict[str, Array], part: dict[str, Array]) -> None:
        notices = kernels.Notices(
            values["discontinue_at"], values["past_due_cents"], values["due_date"], values["residential"],
            values["participant"], values["preexisting_arrearage_cents"], values["certificate_date"],
            values["other_certificate_date"], values["leap_applied_date"], values["forecast_low_f"],
            values["forecast_high_f"], values["emergency"], values["office_closed_date"],
        )  # fmt: skip
        next_certificate = months_later(own.discontinuance.certificate_months)
        kernels.discontinuance(
            notices, values_of(own.discontinuance), holidays(), next_certificate, part["bars"], part["warnings"]
        )

    compute_by_service(rules, values, outputs, lambda own: own.discontinuance, of_service)
    return {
        "service": values["service"],
        "may_discontinue": outputs["bars"] == 0,
        "barred": Coded(outputs["bars"], _BARS),
        "warnings": Coded(outputs["warnings"], _WARNINGS),
    }


def evaluate_restorations(frame: "pl.DataFrame", *, rules: Rules, flagged: Int64 | None = None) -> Evaluation:
    """Find when service must be back, of the rows of a frame of the dataset `restorations`."""
    gated = gate(RESTORATIONS, frame, flagged)
    return assemble(RESTORATIONS, frame, restorations(gated, rules=rules), gated, {})


def restorations(gated: Gated, *, rules: Rules) -> Outputs:
    """Find when service of gated rows must be back; a closing time on another day than the request is out_of_range."""
    values = dict(gated.values)
    requested, acted, closes = (values[name] for name in ("requested_at", "acted_at", "closes_at"))
    elsewhere = (closes != NO_MOMENT) & (closes // DAY_SECONDS != requested // DAY_SECONDS)
    gated.refuse(elsewhere, Reason.out_of_range, "closes_at", rests_on=("closes_at", "requested_at"))
    values["acted_at"] = np.where(acted == NO_MOMENT, requested, acted)
    rows = gated.reasons.size
    outputs: dict[str, Array] = {
        "same_day": np.empty(rows, dtype=np.bool_),
        "restore_by": np.empty(rows, dtype=np.int64),
        "restore_date": np.empty(rows, dtype=np.int32),
        "late_days": np.empty(rows, dtype=np.int64),
        "reconnection_credit_cents": np.empty(rows, dtype=np.int64),
    }

    def of_service(own: ServiceRules, values: dict[str, Array], part: dict[str, Array]) -> None:
        requests = kernels.Requests(
            values["requested_at"], values["acted_at"], values["service"] == SERVICES.index("gas"),
            values["advanced_meter"], values["closes_at"], values["after_hours_paid"], values["restored_at"],
        )  # fmt: skip
        kernels.restoration(
            requests, values_of(own.restoration), business_days(), kernels.Restored(*part.values())
        )  # fmt: skip

    compute_by_service(rules, values, outputs, lambda own: own.restoration, of_service)
    return {**outputs, "service": values["service"]}


def evaluate_contributions(frame: "pl.DataFrame", *, rules: Rules, flagged: Int64 | None = None) -> Evaluation:
    """Find the days of contributions, of the rows of a frame of the dataset `contributions`."""
    gated = gate(CONTRIBUTIONS, frame, flagged)
    return assemble(CONTRIBUTIONS, frame, contributions(gated, rules=rules), gated, {})


def contributions(gated: Gated, *, rules: Rules) -> Outputs:
    """Find quarter, transfer and report of the days of collection of gated rows."""
    values = gated.values
    dates = ("quarter_first_date", "quarter_last_date", "transfer_before_date", "transfer_last_date", "report_date")
    outputs = {name: np.empty(gated.reasons.size, dtype=np.int32) for name in dates}

    def of_service(own: ServiceRules, values: dict[str, Array], part: dict[str, Array]) -> None:
        rule = own.contributions
        collected = np.where(values["collected_date"] == NO_DAY, 0, values["collected_date"]).astype(np.int64)
        for name, days in plans.contribution_days(collected, rule.transfer_months, rule.report_month).items():
            part[name][:] = days

    compute_by_service(rules, values, outputs, lambda own: own.contributions, of_service)
    return {**outputs, "service": values["service"]}
