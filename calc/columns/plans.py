"""Compute payment plans over columns, rule 3404(d), (h): installments that sum to the cent, budget billing."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from calc.columns.contract import BUDGET_PLANS, INSTALLMENT_PLANS, NONE, SERVICES
from calc.columns.evaluation import Evaluation, Outputs, assemble, compute_by_service
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.columns.lists import Lists
from calc.errors import Reason
from calc.kernels import plans as kernels
from calc.kernels.arrays import Array, Int64
from calc.rules.resolve import Rules, ServiceRules

if TYPE_CHECKING:
    import polars as pl

IN_FORCE, PROPOSED = 0, 1


def evaluate_installments(frame: "pl.DataFrame", *, rules: Rules, flagged: Int64 | None = None) -> Evaluation:
    """Compute installment plans of the rows of a frame of the dataset `installment_plans`."""
    gated = gate(INSTALLMENT_PLANS, frame, flagged)
    return assemble(INSTALLMENT_PLANS, frame, installments(gated, rules=rules), gated, {})


def evaluate_budgets(frame: "pl.DataFrame", *, rules: Rules, flagged: Int64 | None = None) -> Evaluation:
    """Compute budget plans of the rows of a frame of the dataset `budget_plans`."""
    gated = gate(BUDGET_PLANS, frame, flagged)
    return assemble(BUDGET_PLANS, frame, budgets(gated, rules=rules), gated, {})


def installments(gated: Gated, *, rules: Rules) -> Outputs:
    """Compute down payment and installments of gated rows.

    Rows are refused without a number of months (missing_value); for more months than the rule allows, months that
    differ from those of the utility's errors, or a down payment outside its bounds (out_of_range).
    """
    values = gated.values
    due, months, errors = values["due_cents"], values["months"], values["undercharge_months"]
    own_fault = errors != NONE
    gated.refuse(
        (months == NONE) & ~own_fault, Reason.missing_value, "months", rests_on=("months", "undercharge_months")
    )
    gated.refuse(own_fault & (months != NONE) & (months != errors), Reason.out_of_range, "months", "undercharge_months")
    outputs = {name: np.empty(due.size, dtype=np.int64) for name in ("least", "down", "most")}

    def of_service(own: ServiceRules, values: dict[str, Array], part: dict[str, Array]) -> None:
        kernels.down_payments(
            values["due_cents"], values["down_payment_cents"], values["undercharge_months"], own.plans.down_payment_ppm,
            part["least"], part["down"],
        )  # fmt: skip
        part["most"][:] = own.plans.installments_max

    compute_by_service(rules, values, outputs, lambda own: own.plans, of_service)
    least, down = outputs["least"], outputs["down"]
    gated.refuse((months > outputs["most"]) & ~own_fault, Reason.out_of_range, "months")
    most = np.where(own_fault, 0, due)
    rests_on = ("down_payment_cents", "due_cents", "undercharge_months")
    gated.refuse((down < least) | (down > most), Reason.out_of_range, "down_payment_cents", rests_on=rests_on)
    good = gated.reasons == 0
    length = np.where(good, np.where(own_fault, errors, months), 0)
    offset = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(length, dtype=np.int64)])
    cents = np.empty(int(offset[-1]), dtype=np.int64)
    kernels.installments(np.where(good, due - down, 0), offset, cents)
    return {
        "service": values["service"],
        "down_payment_cents": down,
        "least_down_payment_cents": least,
        "installment_cents": Lists(offset, cents),
        "rule_text": standing(rules, values["service"], ("down_payment_ppm", "installments_max")),
    }


def budgets(gated: Gated, *, rules: Rules) -> Outputs:
    """Compute the equal payment and the settlement of gated rows."""
    values = gated.values
    outputs = {name: np.empty(gated.reasons.size, dtype=np.int64) for name in ("payment_cents", "settlement_cents")}

    def of_service(own: ServiceRules, values: dict[str, Array], part: dict[str, Array]) -> None:
        kernels.budget_billing(
            values["arrears_cents"], values["last_year_billed_cents"], values["actual_billed_cents"],
            own.plans.budget_payments, part["payment_cents"], part["settlement_cents"],
        )  # fmt: skip

    compute_by_service(rules, values, outputs, lambda own: own.plans, of_service)
    return {
        **outputs,
        "service": values["service"],
        "settlement_basis": (values["actual_billed_cents"] != NONE).astype(np.int8),
        "rule_text": standing(rules, values["service"], ("budget_payments",)),
    }


def standing(rules: Rules, service: Array, fields: Iterable[str]) -> Array:
    """Return for each row whether one of the fields that decide it comes from a text that is not in force."""
    names = tuple(fields)
    of_service = [any(rules.service(each).citations[name].reading == "proposed" for name in names) for each in SERVICES]
    return np.array(of_service, dtype=np.int8)[service]
