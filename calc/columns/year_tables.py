"""Rules and tariff of both services as the tables that the kernel of a participant's year takes."""

import numpy as np

from calc.columns.contract import HEATING, SERVICES
from calc.columns.participant_terms import by_fuel, classes_of, terms_by_class
from calc.kernels.calendar import month_starts
from calc.kernels.fixed_credit import MONTHS
from calc.kernels.year_columns import YearTerms
from calc.rules.resolve import Rules


def kernel_tables(rules: Rules) -> YearTerms:
    """Return the kernel's tables: months, account classes and their terms, and what differs by service."""
    codes = np.indices((len(SERVICES), len(HEATING), 2))
    services = (rules.electric, rules.gas)
    return YearTerms(
        month_start=month_starts(2 * MONTHS),
        account_class=classes_of(rules, *codes).astype(np.int64).reshape(len(SERVICES), -1),
        of_class=terms_by_class(rules),
        leap_offset=np.array(by_fuel(rules, lambda terms: terms.leap_offset)),
        conditional=np.array(by_fuel(rules, lambda terms: terms.arrearage_condition == "payment")),
        annual_timing=np.array([own.participant_year.grant_timing == "annual" for own in services]),
        recalculation_ppm=np.array([own.fixed_credit.recalculation_ppm for own in services]),
    )
