"""Calculate the dataset `accounts` by column: limit (j), excess, what is due back (l), what bars a deposit (c)-(e)."""

from datetime import date
from functools import lru_cache
from typing import Any, Final

import numpy as np

from calc.columns import clause_limits
from calc.columns.blocks import in_blocks
from calc.columns.contract import ACCOUNTS, Dataset
from calc.columns.customers import GROUNDS_BY_BITS, named, no_totals, put_totals, services, totals_of_rows
from calc.columns.declared_columns import money
from calc.columns.evaluation import Coded, Evaluation, Outputs, assemble, by_service, compute_by_service
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.columns.lazy_polars import pl
from calc.columns.limit_estimates import ESTIMATES, check_estimates, put_months, takes_months
from calc.errors import Reason
from calc.kernels import calendar
from calc.kernels import deposit_limit as kernels
from calc.kernels.arrays import Array, Int32, Int64
from calc.rules.resolve import Rules, ServiceRules
from calc.rules.schema import DepositLimit
from calc.units import FIRST_DAY, to_day

HELD: Final = money("held_cents", "What is held of the customer for this service, in cents.", optional=True)
"""Column that a caller may add to an account's: what is held; 0 by default."""
_HELD: Final = Dataset(ACCOUNTS.name, (), (HELD,))
_LIMIT: Final = ("limit_cents", "excess_cents", "available_cents", "return_due", "estimate_source")
_OUTPUTS: Final[dict[str, Any]] = {
    "limit_cents": np.int64,
    "excess_cents": np.int64,
    "available_cents": np.int64,
    "return_due": np.bool_,
    "estimate_source": np.int8,
    "ground_bits": np.int8,
    "may_ask": np.int8,
}


def evaluate(
    frame: "pl.DataFrame",
    *,
    rules: Rules,
    as_of: date,
    threads: int = 1,
    flagged: Int64 | None = None,
    participants: "pl.Series | None" = None,
    customers: "pl.DataFrame | None" = None,
) -> Evaluation:
    """Calculate the limit of each account and service, and compare it with what is held.

    Rows that name a customer take the customer's totals in place of their account's own figures, rule (j).

    Args:
        frame: Columns of `accounts`, and held_cents if anything is held.
        rules: Rules of both services.
        as_of: Date to which grounds count where no application is dated by then.
        threads: Number of threads.
        flagged: Bitmask of reasons that are already known, per row.
        participants: Ids of the accounts that take part in a program which bars a deposit, rule (e).
        customers: Totals by customer, as from `customers_of`; None: those of the frame's own rows.

    Returns:
        The evaluation; limits are rounded down to the cent.

    Raises:
        ColumnError: The frame lacks a column, or one has a type that cannot hold its values.
    """
    gated = gate(ACCOUNTS, frame, flagged)
    held = np.zeros(frame.height, dtype=np.int64)
    if "held_cents" in frame.columns:
        held = _held(frame, gated)
    outputs = own_figures(frame, gated, held, rules=rules, as_of=as_of, threads=threads, participants=participants)
    customer = named(frame)
    if customer is not None:
        service = services(gated.values["service"], gated.unusable.get("service"))
        totals = customers
        if totals is None:
            totals = totals_of_rows(customer, service, held, outputs, gated.reasons != 0)
        refused = put_totals(customer, service, totals, outputs)
        gated.refuse(refused & (gated.reasons == 0), Reason.depends_on_quarantined, "customer_id")
    return assemble(ACCOUNTS, frame, with_words(outputs), gated, {"held_cents": held})


def customers_of(
    frame: "pl.DataFrame", held_cents: Int64, *, rules: Rules, as_of: date, flagged: Int64, participants: "pl.Series"
) -> "pl.DataFrame":  # fmt: skip
    """Return totals by customer of the rows that name one, as `calc.columns.customers` has them; see `evaluate`.

    Args:
        frame: Columns of `accounts`.
        held_cents: What is held of each row's account, cents.
        rules: Rules of both services.
        as_of: As-of date.
        flagged: Bitmask of reasons that are already known, per row.
        participants: Ids of the accounts that take part in a program which bars a deposit.
    """
    gated = gate(ACCOUNTS, frame, flagged)
    outputs = own_figures(frame, gated, held_cents, rules=rules, as_of=as_of, participants=participants)
    customer = named(frame)
    if customer is None:
        return no_totals()
    service = services(gated.values["service"], gated.unusable.get("service"))
    return totals_of_rows(customer, service, held_cents, outputs, gated.reasons != 0)


def own_figures(
    frame: "pl.DataFrame",
    gated: Gated,
    held_cents: Int64,
    *,
    rules: Rules,
    as_of: date,
    threads: int = 1,
    participants: "pl.Series | None" = None,
) -> dict[str, Array]:
    """Calculate gated rows by their own accounts, regardless of the customers' other accounts; grounds are bits.

    Args:
        frame: Columns of `accounts`.
        gated: The rows after the gate; may be refused further here.
        held_cents: What is held of each row's account, cents.
        rules: Rules of both services.
        as_of: As-of date.
        threads: Number of threads.
        participants: Ids of the accounts that take part in a program which bars a deposit.

    Returns:
        Result columns by name, cents as int64, words as codes.
    """
    if participants is not None and participants.len():
        takes_part = frame["account_id"].cast(pl.String).is_in(participants.implode()).fill_null(value=False).to_numpy()
        now = gated.values["assistance_now"]
        gated.values["assistance_now"] = np.where(takes_part, np.int8(1), now)
    return _computed(gated, held_cents, rules=rules, as_of=as_of, threads=threads)


def _held(frame: "pl.DataFrame", gated: Gated) -> Int64:
    """Return what is held of each row in cents; refuse values that are not money, as the gate does."""
    given = frame["held_cents"]
    if given.dtype.is_integer():
        return given.cast(pl.Int64).fill_null(0).to_numpy()
    found = gate(_HELD, frame.select("held_cents"))
    for reason, about, places in found.refusals:
        gated.refuse_at(places, reason, *about)
    held: Int64 = found.values["held_cents"]
    return held


def compute(gated: Gated, held_cents: Int64, *, rules: Rules, as_of: date, threads: int = 1) -> Outputs:
    """Calculate gated rows of `accounts`, each account standing for a customer.

    Args:
        gated: The rows after the gate; may be refused further here.
        held_cents: What is held of each row's account, cents.
        rules: Rules of both services.
        as_of: As-of date.
        threads: Number of threads.

    Returns:
        Result columns by name, with the words of the grounds.
    """
    return with_words(_computed(gated, held_cents, rules=rules, as_of=as_of, threads=threads))


def with_words(outputs: dict[str, Array]) -> Outputs:
    """Return result columns with the words of the grounds in place of their bits."""
    return {**outputs, "barred": Coded(outputs["ground_bits"], GROUNDS_BY_BITS)}


def _computed(gated: Gated, held_cents: Int64, *, rules: Rules, as_of: date, threads: int = 1) -> dict[str, Array]:
    """Calculate limit, excess and what is available of gated rows of `accounts`.

    The daily estimate uses the first bill that a row has: the account's, the premises', the class average. A bill
    without days, days without a bill, and no bill at all are refused as missing_value. An estimate over months uses the
    monthly bills; too few are refused as missing_value. Limits are rounded down to the cent. Grounds count back from
    the date of the application, or from `as_of` if there is none by then.
    """
    if rules.clauses is not None:
        return clause_limits.compute(gated, held_cents, rules.clauses)
    values = {**gated.values, "held_cents": held_cents}
    as_of_day = np.int32(to_day(as_of))
    values["applied_date"] = np.minimum(values["applied_date"], as_of_day)  # NO_DAY is after every day
    for own, rows in by_service(rules, values["service"], lambda each: each.deposit_limit):
        own_rows = np.ones(held_cents.size, dtype=np.bool_) if rows is None else rows
        if takes_months(own.deposit_limit):
            put_months(gated, values, own_rows, own.deposit_limit)
        else:
            check_estimates(gated, values, own_rows)
    outputs = {name: np.empty(held_cents.size, dtype=dtype) for name, dtype in _OUTPUTS.items()}

    def of_service(own: ServiceRules, values: dict[str, Array], part: dict[str, Array]) -> None:
        _put_results(values, part, own.deposit_limit, int(as_of_day), threads)

    compute_by_service(rules, values, outputs, lambda each: each.deposit_limit, of_service)
    return {
        **outputs,
        "held_cents": held_cents,
        "service": values["service"],
        "limit_of": np.zeros(held_cents.size, dtype=np.int8),
    }


def _put_results(
    values: dict[str, Array], outputs: dict[str, Array], limit: DepositLimit, as_of_day: int, threads: int
) -> None:
    since = months_before(limit.assistance_window_months)
    qualified_by_day = as_of_day if limit.return_window == "any_12" else FIRST_DAY - 1

    def work(rows: slice) -> None:
        kernels.grounds(
            values["applied_date"][rows],
            values["clean_past_service"][rows],
            values["good_payment_ended_date"][rows],
            values["assistance_last_date"][rows],
            values["assistance_now"][rows],
            since,
            limit.good_payment_window_days,
            outputs["ground_bits"][rows],
            outputs["may_ask"][rows],
        )
        kernels.deposit_limit(
            kernels.Estimates(*(values[f"{name}_{unit}"][rows] for name in ESTIMATES for unit in ("cents", "days"))),
            values["bills_in_advance"][rows], values["late_payments_12m"][rows], values["return_qualified_date"][rows],
            outputs["ground_bits"][rows], values["held_cents"][rows],
            limit.limit_days, limit.limit_in_advance_days, limit.return_late_payments_max, qualified_by_day,
            kernels.Limits(*(outputs[name][rows] for name in _LIMIT)),
        )  # fmt: skip

    in_blocks(outputs["limit_cents"].size, threads, work)


@lru_cache(maxsize=4)
def months_before(months: int) -> Int32:
    """Return the epoch day `months` months before each day from FIRST_DAY on."""
    return calendar.add_months(calendar.all_days(), -months).astype(np.int32)
