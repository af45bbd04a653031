"""Calculate the dataset `deposits` by column: status, interest, surcharge, remittance on a day; rule (o), (q)-(s)."""

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from calc.columns import clause_deposits
from calc.columns.blocks import in_blocks
from calc.columns.contract import DEPOSITS
from calc.columns.evaluation import Evaluation, Outputs, assemble, compute_by_service
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.columns.interest import accrual_tables
from calc.columns.refusals import AS_OF
from calc.errors import Reason
from calc.kernels import unclaimed as kernels
from calc.kernels import unclaimed_terms
from calc.kernels.accrual import Accrual
from calc.kernels.arrays import Array, Bool, Int64
from calc.kernels.deposit_columns import Deposits, Reading, Results
from calc.rates.computing.table import RateTable
from calc.rules.holidays import legal_holidays
from calc.rules.resolve import Rules, ServiceRules
from calc.rules.schema import DepositInterest, Unclaimed
from calc.units import FIRST_DATE, LAST_DATE, to_day

if TYPE_CHECKING:
    import polars as pl


_DATES = ("received_date", "paid_date", "remitted_date", "service_ended_date", "order_payable_date")
_INPUTS = (
    "principal_cents", "received_date", "paid_date", "remitted_date", "service_ended_date", "order_payable_date",
    "kind", "efforts_made", "interest_payable", "posted_cents", "amounts_owed_cents",
)  # fmt: skip
_AS_GIVEN = ("service", "principal_cents", "posted_cents", "amounts_owed_cents")
_OUTPUTS: dict[str, Any] = {
    "status": np.int8,
    "accrued_days": np.int32,
    "base_interest_cents": np.int64,
    "surcharge_interest_cents": np.int64,
    "interest_cents": np.int64,
    "interest_due_cents": np.int64,
    "deemed_unclaimed_date": np.int32,
    "surcharge_from_date": np.int32,
    "remittance_cents": np.int64,
    "no_rate": np.bool_,
}


def parameters(rules: ServiceRules) -> tuple[DepositInterest, Unclaimed]:
    """Return the parts of a service's rules that decide a deposit's results."""
    return rules.deposit_interest, rules.unclaimed


@lru_cache(maxsize=32)
def term_tables(unclaimed: Unclaimed) -> unclaimed_terms.Terms:
    """Return the day deemed unclaimed and the first surcharge day by trigger day, under one reading of the rules.

    Both are tables of epoch days from FIRST_DAY through LAST_DAY, from `calc.kernels.unclaimed_terms`.
    """
    extended = unclaimed_terms.EXTENDED[unclaimed.weekend_extension]
    return unclaimed_terms.term_tables(
        unclaimed.abandonment_months,
        unclaimed.grace_months,
        int(unclaimed.more_than == "day_after"),
        int(unclaimed.surcharge_start == "day_after_period"),
        extended,
        _holidays(unclaimed.abandonment_months + unclaimed.grace_months) if any(extended) else np.empty(0, np.int64),
    )


def reading_of(unclaimed: Unclaimed) -> Reading:
    """Return how the rules are read, as kernels take it."""
    return Reading(
        efforts_for_both=unclaimed.efforts_scope == "both",
        plus_accrued=unclaimed.surcharge_base == "principal_plus_accrued",
        net_of_owed=unclaimed.surcharge_principal == "net_of_owed",
        owed_at_service_end=unclaimed.owed_applied == "service_ended",
    )


def _holidays(months: int) -> Int64:
    """Return epoch days of the legal holidays of all years in which a period of months may end."""
    years = range(FIRST_DATE.year, LAST_DATE.year + months // 12 + 2)
    return np.array([to_day(day) for year in years for day in legal_holidays(year)], dtype=np.int64)


def evaluate(
    frame: "pl.DataFrame",
    *,
    rules: Rules,
    rates: RateTable,
    as_of: date,
    threads: int = 1,
    flagged: Int64 | None = None,
) -> Evaluation:
    """Calculate deposits and construction advances on the as-of day; rounds total interest once per row.

    Args:
        frame: Rows of the dataset `deposits`.
        rules: Rules of both services.
        rates: Rate table.
        as_of: Day of the results; what is dated later has not happened.
        threads: Number of threads.
        flagged: Bitmask of reasons known before, shape (rows,).

    Raises:
        InputError: Columns are missing or unusable.
    """
    gated = gate(DEPOSITS, frame, flagged)
    outputs = compute(gated, rules=rules, rates=rates, as_of=as_of, threads=threads)
    return assembled(frame, gated, outputs)


def assembled(frame: "pl.DataFrame", gated: Gated, outputs: Outputs) -> Evaluation:
    """Build the evaluation of deposits from gated rows and their results."""
    inputs = {name: gated.values[name] for name in ("kind", "principal_cents", "posted_cents", "amounts_owed_cents")}
    return assemble(DEPOSITS, frame, outputs, gated, inputs)


def compute(gated: Gated, *, rules: Rules, rates: RateTable, as_of: date, threads: int = 1) -> dict[str, Array]:
    """Compute results of gated rows of the dataset `deposits`; what is dated after the as-of day has not happened.

    Rows are refused for dates before the deposit was received (date_order) and for an earning day without a rate
    (no_rate_in_force).
    """
    _refuse_date_order(gated)
    given = {name: gated.values[name] for name in _AS_GIVEN}
    if rules.clauses is not None:
        found = clause_deposits.compute(gated, clauses=rules.clauses, rates=rates, as_of=as_of, threads=threads)
        return {**found, **given}
    outputs = {name: np.empty(gated.reasons.size, dtype=dtype) for name, dtype in _OUTPUTS.items()}

    def of_service(own: ServiceRules, values: dict[str, Array], part: dict[str, Array]) -> None:
        _put_results(values, part, own, accrual_tables(rates, own.deposit_interest, own.unclaimed), as_of, threads)

    compute_by_service(rules, gated.values, outputs, parameters, of_service)
    _refuse_unrated(gated, outputs["no_rate"], rates, as_of)
    return {**outputs, **given}


def _refuse_date_order(gated: Gated) -> None:
    """Refuse rows paid or remitted before they were received; deposits also for a trigger before that."""
    received, paid, remitted, ended, payable = (gated.values[name] for name in _DATES)
    is_deposit = gated.values["kind"] == kernels.DEPOSIT
    ends_early = np.minimum(paid, remitted) < received
    triggered_early = (np.minimum(ended, payable) < received) & is_deposit
    for early, names, rests_on in (
        (ends_early, ("paid_date", "remitted_date"), ("received_date",)),
        (triggered_early, ("service_ended_date", "order_payable_date"), ("received_date", "kind")),
    ):
        if early.any():
            for name in names:
                before = early & (gated.values[name] < received)
                gated.refuse(before, Reason.date_order, name, "received_date", rests_on=rests_on)


def _refuse_unrated(gated: Gated, unrated: Bool, rates: RateTable, as_of: date) -> None:
    """Refuse rows that earn on a day without a rate, which lies at their received_date or at their end."""
    if not unrated.any():
        return
    values, rests_on = gated.values, ("kind", *_DATES)
    early = values["received_date"] < rates.first_day
    ends = np.minimum(values["paid_date"], values["remitted_date"]) <= to_day(as_of)
    paid = values["paid_date"] <= values["remitted_date"]
    for rows, name in (
        (early, "received_date"), (~early & ends & paid, "paid_date"), (~early & ends & ~paid, "remitted_date"),
        (~early & ~ends, AS_OF),
    ):  # fmt: skip
        gated.refuse(unrated & rows, Reason.no_rate_in_force, name, rests_on=rests_on)


def _put_results(
    values: dict[str, Array],
    outputs: dict[str, Array],
    rules: ServiceRules,
    tables: Accrual,
    as_of: date,
    threads: int,
) -> None:
    terms, reading = term_tables(rules.unclaimed), reading_of(rules.unclaimed)
    as_of_day = to_day(as_of)

    def work(rows: slice) -> None:
        kernels.unclaimed(
            Deposits(*(values[name][rows] for name in _INPUTS)),
            tables,
            terms,
            reading,
            as_of_day,
            Results(*(figures[rows] for figures in outputs.values())),
        )

    in_blocks(outputs["status"].size, threads, work)
