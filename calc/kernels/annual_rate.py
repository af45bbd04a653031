"""Compute the yearly deposit rate in one scan over the years, rule (o)(II): monthly averages in basis points to ppm.

In: the twelve months of each year's window, one window after another (October to September; the windows of consecutive
years meet without a gap), and the rate that the Commission published for the year, if any. Out: the sum, the average,
the rate it was tested against, the decision, and the rate under the rule. NONE always means a missing month or no rate.

`calc.rates` decides which month belongs where, reads the files and builds the rate table's rows.
"""

from typing import Final, NamedTuple

from calc.kernels._jit import kernel
from calc.kernels.arrays import Int64
from calc.kernels.intmath import round_parts, rounding
from calc.units import PPM_PER_BP

NONE: Final = -1
"""A missing month, no published rate, or no rate in force."""
NO_RATE: Final = 0
RESET: Final = 1
KEEP: Final = 2


class RateReading(NamedTuple):
    """How averages are rounded and what change resets the rate.

    Attributes:
        average_decimals: Decimals of a percent (0-4) to which averages are rounded, once.
        average_rounding: Rounding mode, a value of `intmath.ROUNDING_MODES`.
        threshold_bp: Change that resets the rate, basis points.
        threshold_inclusive: Whether a change of exactly the threshold resets the rate.
        threshold_unrounded: Whether the unrounded average is tested.
    """

    average_decimals: int
    average_rounding: int
    threshold_bp: int
    threshold_inclusive: bool
    threshold_unrounded: bool


class YearRates(NamedTuple):
    """Results of years, shape (years,).

    Attributes:
        sum_bp: Sum of the year's months, NONE if one is missing.
        average_ppm: Rounded average, or NONE.
        existing_ppm: Rate it was tested against, or NONE.
        decision: NO_RATE, RESET or KEEP.
        rate_ppm: Rate under the rule, or NONE.
    """

    sum_bp: Int64
    average_ppm: Int64
    existing_ppm: Int64
    decision: Int64
    rate_ppm: Int64


@kernel(fills=("results",))
def annual_rate(
    months_bp: Int64,
    published_ppm: Int64,
    first_existing_ppm: int,
    reading: RateReading,
    results: YearRates,
) -> None:
    """Fill average = round(sum / 12), and rate = existing where |average - existing| < threshold, else average.

    A year that lacks a month is NO_RATE and, unless a rate was published, leaves no existing rate to the next year,
    which is then a RESET.

    Args:
        months_bp: Monthly averages, basis points, each 0 to 10,000 or NONE; 12 for each year, shape (12 x years,).
        published_ppm: What the Commission published for the last day of the year, or NONE; it becomes next year's
            existing rate, ahead of the rate under the rule. Shape (years,).
        first_existing_ppm: Rate in force before the first year, or NONE.
        reading: How averages are rounded and what change resets the rate.
        results: Results of years, shape (years,).
    """
    unit_ppm = 10 ** (4 - reading.average_decimals)
    denominator = 12 * unit_ppm
    bias, even = rounding(denominator, reading.average_rounding)
    scale = 12 if reading.threshold_unrounded else 1
    existing = first_existing_ppm
    for year in range(len(published_ppm)):
        total = 0
        complete = True
        for month in range(12 * year, 12 * year + 12):
            total += months_bp[month]
            complete &= months_bp[month] != NONE
        average = NONE
        rate = NONE
        taken = NO_RATE
        if complete:
            numerator = total * PPM_PER_BP
            average = round_parts(0, numerator, denominator, bias, even) * unit_ppm
            tested = numerator if reading.threshold_unrounded else average
            difference = abs(tested - scale * existing)
            limit = scale * reading.threshold_bp * PPM_PER_BP
            moved = difference >= limit if reading.threshold_inclusive else difference > limit
            taken = RESET if existing == NONE or moved else KEEP
            rate = average if taken == RESET else existing
        results.sum_bp[year] = total if complete else NONE
        results.average_ppm[year] = average
        results.existing_ppm[year] = existing
        results.decision[year] = taken
        results.rate_ppm[year] = rate
        existing = published_ppm[year] if published_ppm[year] != NONE else rate
