"""Name the units of amounts in columns: what whole numbers count, and the unit that decimals are of."""

import re
from typing import Final, NamedTuple


class AmountUnit(NamedTuple):
    """Hold what whole numbers of an amount's column count, and the unit whose decimals they are.

    Attributes:
        suffix: Suffix of the column's name.
        smallest: What the whole numbers count.
        whole: The unit of decimals.
        decimals: Decimals of it.
        of_month: What a month's amount is called.
    """

    suffix: str
    smallest: str
    whole: str
    decimals: int
    of_month: str


AMOUNT_UNITS: Final = (
    AmountUnit("_cents", "cents", "dollars", 2, "Bill"),
    AmountUnit("_thousandths", "thousandths of a unit", "units", 3, "Use"),
)
"""Units of amounts: money, and use of electricity or gas in thousandths of a kWh or therm."""
UNIT_SUFFIX: Final = re.compile(r"_(cents|thousandths|ppm|date|12m)$")
"""Suffix that names a column's unit, where a form or an option says it in its own way."""
