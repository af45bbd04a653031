"""Word the refusal of a row some of whose days have no rate."""

from calc.rates.computing.table import RateTable
from calc.topics.topic import Names
from calc.units import to_date


def no_rate(rates: RateTable, span: str, named: Names) -> str:
    """Return a text that says that some days lack a rate, and what to do.

    Args:
        rates: The table in use.
        span: Names of the fields between which the days lie.
        named: What the reader knows a field by.

    Returns:
        The text; it repeats none of the row's dates.
    """
    last = to_date(rates.end_day - 1)
    return (
        f"{span}: no rate is in force on some of these days; the table runs from {to_date(rates.first_day)} through "
        f"{last}; give other dates, or rates of your own with {named('rate_ppm')} or {named('rates')}"
    )
