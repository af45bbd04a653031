"""The accounts dataset over columns: limit (j), excess, what is due back (l), what bars a deposit (c)-(e)."""

import numpy as np
import numpy.typing as npt
import polars as pl

from calc.columns.blocks import in_blocks
from calc.columns.contract import ACCOUNTS, NONE
from calc.columns.evaluation import Array, Evaluation, assemble, by_service, words
from calc.columns.gate import gate
from calc.errors import Reason
from calc.kernels import calendar
from calc.kernels import deposit_limit as kernels
from calc.rules.resolve import Rules, ServiceRules
from calc.rules.schema import DepositLimit

Int64 = npt.NDArray[np.int64]

_ESTIMATES = ("billed", "premises_billed", "class_billed")
_OUTPUTS = ("limit_cents", "excess_cents", "available_cents", "return_due", "estimate_source")


def evaluate(frame: pl.DataFrame, *, rules: Rules, threads: int = 1, flagged: Int64 | None = None) -> Evaluation:
    """Limit of each account and service against what is held (column held_cents, put there by the caller; else 0).

    The first estimate that is there counts: the account's, the premises', the class average; an estimate with an amount
    but no days (or the reverse), or none at all, is missing_value. Rounded down.
    """
    gated = gate(ACCOUNTS, frame, flagged)
    values = gated.values
    none = np.ones(frame.height, dtype=np.bool_)
    for name in _ESTIMATES:
        has_cents = values[f"{name}_cents"] != NONE
        has_days = values[f"{name}_days"] > 0
        gated.refuse(has_cents != has_days, Reason.missing_value, f"{name}_cents", f"{name}_days")
        none &= ~has_cents
    gated.refuse(none, Reason.missing_value)
    held = np.zeros(frame.height, dtype=np.int64)
    if "held_cents" in frame.columns:
        held = frame["held_cents"].cast(pl.Int64).fill_null(0).to_numpy()
    values["held_cents"] = held
    outputs: dict[str, Array] = {
        "limit_cents": np.empty(frame.height, dtype=np.int64),
        "excess_cents": np.empty(frame.height, dtype=np.int64),
        "available_cents": np.empty(frame.height, dtype=np.int64),
        "return_due": np.empty(frame.height, dtype=np.bool_),
        "estimate_source": np.empty(frame.height, dtype=np.int8),
    }
    for service_rules, rows in by_service(rules, values["service"], lambda each: each.deposit_limit):
        if rows is None:
            _compute(values, outputs, service_rules, threads)
            continue
        part = {name: np.empty(int(rows.sum()), dtype=figures.dtype) for name, figures in outputs.items()}
        _compute({name: column[rows] for name, column in values.items()}, part, service_rules, threads)
        for name, figures in part.items():
            outputs[name][rows] = figures
    columns = {
        **outputs,
        "held_cents": held,
        "service": words(values["service"], ACCOUNTS.results["service"]),
        "estimate_source": words(outputs["estimate_source"], ACCOUNTS.results["estimate_source"]),
    }
    return assemble(ACCOUNTS, frame, columns, gated.reasons, {"held_cents": held})


def _compute(values: dict[str, Array], outputs: dict[str, Array], rules: ServiceRules, threads: int) -> None:
    limit = rules.deposit_limit

    def work(rows: slice) -> None:
        kernels.deposit_limit(
            *(values[f"{name}_{unit}"][rows] for name in _ESTIMATES for unit in ("cents", "days")),
            values["bills_in_advance"][rows], values["late_payments_12m"][rows], values["held_cents"][rows],
            limit.limit_days, limit.limit_in_advance_days, limit.return_late_payments_max,
            *(outputs[name][rows] for name in _OUTPUTS),
        )  # fmt: skip

    in_blocks(outputs["limit_cents"].size, threads, work)


def limits_from_months(bills: pl.Series, in_advance: Array, rule: DepositLimit) -> Int64:
    """Limit in cents of each row's list of monthly bills, oldest first, by `rule.estimate`; -1 where too few."""
    limits = np.empty(len(bills), dtype=np.int64)
    offset = np.concatenate([[0], np.cumsum(bills.list.len().to_numpy())]).astype(np.int64)
    cents = bills.explode(empty_as_null=False).cast(pl.Int64).to_numpy()
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
