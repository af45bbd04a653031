"""What the figures of a quote are called: on a terminal and on a page alike."""

from collections.abc import Mapping
from typing import Any, Final

NAMES: Final = {
    "accrued_days": "Days that earned interest",
    "affordable_annual_cents": "Affordable share of income, a year",
    "as_of_date": "As of",
    "available_cents": "Still available",
    "base_interest_cents": "Interest at the deposit rate",
    "days": "Days that earn interest",
    "deemed_unclaimed_date": "Deemed unclaimed on",
    "eligible": "Eligible by the screen",
    "eligible_basis": "Basis of eligibility",
    "estimate": "Bill estimated by",
    "estimate_source": "Bill of",
    "excess_cents": "Held above the limit",
    "fixed_credit_annual_cents": "Fixed credit, a year",
    "guideline_year": "Guidelines of",
    "held_cents": "Held now",
    "interest_cents": "Interest",
    "interest_due_cents": "Interest not yet posted",
    "leap_to_account_cents": "LEAP grant to the account",
    "leap_to_arrearage_cents": "LEAP grant to the arrearage",
    "leap_to_unaffordable_cents": "LEAP grant to the unaffordable part",
    "limit_of": "Limit reckoned for",
    "limit_cents": "Most that may be held",
    "may_ask": "May a deposit be asked for",
    "program_credit_annual_cents": "Program credit, a year",
    "recalculation_due": "Recalculation due",
    "remittance_cents": "To be remitted",
    "remitted_cents": "Remitted",
    "return_due": "Due back to the customer",
    "share_ppm": "Share of income",
    "status": "Status",
    "surcharge_from_date": "Six points more from",
    "surcharge_interest_cents": "Interest of the six points",
    "tests_dropped": "Tests that could not be made",
}
"""Where the key itself would not do."""


def told_as(figure: str, result: Mapping[str, Any]) -> str:
    """The key by which a figure of a result is named: a remittance that was made is not to be made."""
    made = figure == "remittance_cents" and result.get("status") == "remitted"
    return "remitted_cents" if made else figure


def name_of(figure: str) -> str:
    """What a figure is called where it stands alone."""
    return NAMES.get(figure) or label(figure).capitalize()


def label(figure: str) -> str:
    """A figure's key as words, without the unit: what it is called amid a working."""
    for unit in ("_cents", "_ppm", "_date"):
        figure = figure.removesuffix(unit)
    return figure.replace("_", " ")
