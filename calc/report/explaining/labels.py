"""Labels of figures, switches and the rules' words where the key itself would not do, on a terminal and a page alike.

Input: keys of results, switches and their values. Output: plain English. A result's label is its dataset's own.
"""

from collections.abc import Mapping
from typing import Any, Final

from calc.columns.contract import EVERY

_BESIDE: Final = {
    "amount_and_interest_due_cents": "Amount and interest due",
    "as_of_date": "As of",
    "deposit_and_interest_cents": "Deposit and interest",
    "estimate": "Bill estimated by",
    "month_credit_cents": "Credit a month",
    "monthly_installment_cents": "Installment a month",
    "monthly_payment_cents": "Payment a month",
    "months": "The twelve bills",
    "next_credit_cents": "Credit of the next bill",
    "next_payment_cents": "Payment of the next bill",
    "remitted_cents": "Remitted",
}
"""Figures of an answer beside the results of a dataset."""
FIGURE_LABELS: Final = {
    **{each.name: each.label for dataset in EVERY.values() for each in dataset.declared_results if each.label},
    **_BESIDE,
}
"""What a figure is called where it stands alone."""
SWITCH_LABELS: Final = {
    "average_decimals": "Decimals of the yearly average",
    "average_rounding": "Rounding of the yearly average",
    "threshold_bp": "Basis points that change the rate",
    "threshold_inclusive": "Exactly so many basis points change it",
    "threshold_stage": "Average that is tested",
    "published_override": "A published rate outranks the computed one",
    "day_count": "Days of a year",
    "day_ends": "First and last day",
    "rounding_mode": "Rounding to the cent",
    "rounding_point": "Rounded",
    "estimate": "Estimate of the bill",
    "return_window": "Twelve months without many late payments",
    "more_than": "“More than two years” ends",
    "surcharge_start": "The six points begin",
    "surcharge_mode": "The six points are",
    "surcharge_base": "The six points are paid on",
    "surcharge_principal": "Principal that bears them",
    "efforts_scope": "Efforts to locate matter for",
    "weekend_extension": "Periods that end on a week-end or holiday",
    "owed_applied": "Debts are taken off",
    "ami_basis": "80 % of the median income is",
    "grant_timing": "A grant during the year covers",
}
"""What a switch of the rules decides."""
WORD_LABELS: Final = {
    "principal_plus_accrued": "principal and interest so far",
    "net_of_owed": "less what is owed",
    "gross": "in full",
    "remaining": "the months left",
    "annual": "the whole year",
    "points": "points added to the rate",
    "multiplicative": "percent of the rate",
    "day_after": "the day after",
    "anniversary": "on the anniversary",
    "day_after_period": "the day after the period",
    "last_day_of_period": "on the last day of the period",
    "start_included_end_excluded": "first counts, last does not",
    "start_excluded_end_included": "last counts, first does not",
    "both": "both",
    "neither": "neither counts",
    "posting": "once, when posted",
    "year": "each calendar year",
    "order": "an order of the Commission only",
    "remittance": "at the end, from the remittance",
    "hud_limit": "the limit published by HUD",
    "share_of_median": "a share of the median",
    "service_ended": "when service ends",
    "payment": "the four months run on to the next business day",
    "statute": "both run on to the next business day",
    "none": "none",
    "half_up": "half up",
    "half_even": "half to even",
    "ami_80": "80 % of the area median income",
    "account": "the account",
    "any_12": "any twelve since it was received",
    "class": "the customer class",
    "customer": "the customer",
    "electric_heat": "electric, primary heat",
    "electric_heat_with_gas": "electric, primary heat, with regulated gas",
    "electric_other_heat": "electric, other heat",
    "fpl_200": "200 % of the federal poverty guideline",
    "gas_electric_heat": "gas, electric heat",
    "gas_heat": "gas, primary heat",
    "good_payment_history": "twelve months of good payment",
    "last_12": "the last twelve",
    "leap": "LEAP",
    "not_checked": "not checked: nothing was said of what may bar a deposit",
    "past_service": "past service without delinquency",
    "premises": "the premises",
    "thirty_e_360": "30E/360",
    "actual_360": "actual/360",
    "actual_365": "actual/365",
    "actual_actual": "actual/actual",
    "reset": "the average becomes the rate",
    "keep": "the existing rate continues",
}
"""What a word of the rules, a value of a switch or of a result, is called."""


def labeled_as(figure: str, result: Mapping[str, Any]) -> str:
    """Return the key whose label a figure takes.

    Args:
        figure: The figure's key.
        result: The result that holds it.

    Returns:
        The key itself, but `remitted_cents` for a remittance that was made: it is not to be made.
    """
    made = figure == "remittance_cents" and result.get("status") == "remitted"
    return "remitted_cents" if made else figure


def heading(key: str) -> str:
    """Return the label of a figure or a switch where it stands alone.

    Args:
        key: The figure's key, or the switch's name.
    """
    return FIGURE_LABELS.get(key) or SWITCH_LABELS.get(key) or label(key).capitalize()


def label(figure: str) -> str:
    """Return a figure's key as words, without its unit, as a working has it.

    Args:
        figure: The figure's key.
    """
    for unit in ("_cents", "_ppm", "_date"):
        figure = figure.removesuffix(unit)
    return figure.replace("_", " ")


def words(value: object) -> str:
    """Return a value or a word of the rules as a page has it: yes and no for a flag.

    Args:
        value: A value of a switch or a result.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return WORD_LABELS.get(text) or text.replace("_", " ")
