"""What the pages call the switches and the words of the rules, where the key itself would not do."""

from typing import Final

NAMES_OF_SWITCHES: Final = {
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
}
"""What a switch of the rules decides."""
WORDS: Final = {
    "principal_plus_accrued": "principal and interest so far",
    "net_of_owed": "less what is owed",
    "gross": "in full",
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


def words(value: object) -> str:
    """A value or a word of the rules as the page says it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    found = str(value)
    return WORDS.get(found) or found.replace("_", " ")
