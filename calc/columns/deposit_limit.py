"""The accounts dataset over columns: limit (j), excess, what is due back (l), what bars a deposit (c)-(e)."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from calc.columns.blocks import in_blocks
from calc.columns.contract import ACCOUNTS, NONE, Column, Dataset, Holds
from calc.columns.evaluation import Array, Evaluation, Outputs, assemble, compute_by_service
from calc.columns.gate import Gated, gate
from calc.errors import Reason
from calc.kernels import calendar
from calc.kernels import deposit_limit as kernels
from calc.rules.resolve import Rules, ServiceRules
from calc.rules.schema import DepositLimit

Int64 = npt.NDArray[np.int64]

_ESTIMATES = ("billed", "premises_billed", "class_billed")
_HELD = Dataset(ACCOUNTS.name, (), (Column("held_cents", Holds.MONEY, optional=True, nullable=True, default=0),))
_OUTPUTS: dict[str, Any] = {
    "limit_cents": np.int64,
    "excess_cents": np.int64,
    "available_cents": np.int64,
    "return_due": np.bool_,
    "estimate_source": np.int8,
}


def evaluate(frame: pl.DataFrame, *, rules: Rules, threads: int = 1, flagged: Int64 | None = None) -> Evaluation:
    """Limit of each account and service against what is held (column held_cents, put there by the caller; else 0)."""
    gated = gate(ACCOUNTS, frame, flagged)
    held = np.zeros(frame.height, dtype=np.int64)
    if "held_cents" in frame.columns:
        held = _held(frame, gated)
    outputs = compute(gated, held, rules=rules, threads=threads)
    return assemble(ACCOUNTS, frame, outputs, gated, {"held_cents": held})


def _held(frame: pl.DataFrame, gated: Gated) -> Int64:
    """What is held of each row, whole numbers as they are; what is none is refused as any money is."""
    given = frame["held_cents"]
    if given.dtype.is_integer():
        return given.cast(pl.Int64).fill_null(0).to_numpy()
    found = gate(_HELD, frame.select("held_cents"))
    gated.reasons[:] |= found.reasons
    held: Int64 = found.values["held_cents"]
    return held


def compute(gated: Gated, held_cents: Int64, *, rules: Rules, threads: int = 1) -> Outputs:
    """Limit, excess and what is available of gated rows of the dataset `accounts`, against what is held of each.

    The first estimate that is there counts: the account's, the premises', the class average; an estimate with an amount
    but no days (or the reverse), or none at all, is missing_value. Rounded down.
    """
    values = {**gated.values, "held_cents": held_cents}
    none = np.ones(held_cents.size, dtype=np.bool_)
    told = np.zeros(held_cents.size, dtype=np.bool_)
    for name in _ESTIMATES:
        cents, days = pair = (f"{name}_cents", f"{name}_days")
        has_cents = values[cents] != NONE
        has_days = values[days] > 0
        none &= ~has_cents
        if (has_cents != has_days).any():
            gated.refuse(has_cents & ~has_days, Reason.missing_value, days, rests_on=pair)
            lacks_cents = gated.refuse(has_days & ~has_cents, Reason.missing_value, cents, rests_on=pair)
            told[lacks_cents] = True
    gated.refuse(none & ~told, Reason.missing_value, "billed_cents", "billed_days", rests_on=())
    outputs = {name: np.empty(held_cents.size, dtype=dtype) for name, dtype in _OUTPUTS.items()}

    def of_service(own: ServiceRules, values: dict[str, Array], part: dict[str, Array]) -> None:
        _put_results(values, part, own.deposit_limit, threads)

    compute_by_service(rules, values, outputs, lambda each: each.deposit_limit, of_service)
    return {**outputs, "held_cents": held_cents, "service": values["service"]}


def _put_results(values: dict[str, Array], outputs: dict[str, Array], limit: DepositLimit, threads: int) -> None:
    def work(rows: slice) -> None:
        kernels.deposit_limit(
            *(values[f"{name}_{unit}"][rows] for name in _ESTIMATES for unit in ("cents", "days")),
            values["bills_in_advance"][rows], values["late_payments_12m"][rows], values["held_cents"][rows],
            limit.limit_days, limit.limit_in_advance_days, limit.return_late_payments_max,
            *(figures[rows] for figures in outputs.values()),
        )  # fmt: skip

    in_blocks(outputs["limit_cents"].size, threads, work)


def limits_from_months(bills: Sequence[Sequence[int]], in_advance: Array, rule: DepositLimit) -> Int64:
    """Limit in cents of each row's monthly bills, oldest first, by `rule.estimate`; -1 where too few."""
    limits = np.empty(len(bills), dtype=np.int64)
    offset = np.cumsum([0, *map(len, bills)], dtype=np.int64)
    cents = np.array(list(chain.from_iterable(bills)), dtype=np.int64)
    method = kernels.PEAK_CONSECUTIVE if rule.estimate == "peak_consecutive" else kernels.MONTHLY_AVERAGE
    kernels.limit_from_months(
        offset, cents, in_advance, rule.limit_months, rule.limit_in_advance_months, method, limits
    )
    return limits


def barred_bits(
    applied_day: Array, clean_past_service: Array, good_payment_ended_day: Array, assistance_last_day: Array,
    rule: DepositLimit,
) -> Array:  # fmt: skip
    """Bit i set where kernels.deposit_limit.GROUNDS[i] bars a deposit; days are int32 epoch days, NO_DAY for none."""
    bits = np.empty(applied_day.size, dtype=np.int8)
    assistance_from = calendar.add_months(applied_day, -rule.assistance_window_months).astype(np.int32)
    kernels.grounds(
        applied_day, clean_past_service, good_payment_ended_day, assistance_last_day, assistance_from,
        rule.good_payment_window_days, bits,
    )  # fmt: skip
    return bits
