"""The yearly deposit rate as one scan over the years (rules (o)(II)): monthly averages in basis points to rates in ppm.

In: the twelve months of each year's window, one window behind the other (October to September; the windows of
consecutive years meet without a gap), and the rate that the Commission published for the year, if any. Out: sum,
average, the rate it was tested against, the decision, and the rate by the rule. NONE stands for a missing month or no
rate, everywhere.
Which month belongs where, the reading of files and the rows of the rate table are `calc.rates`'.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from calc.kernels._jit import kernel
from calc.kernels.intmath import round_parts, rounding
from calc.units import PPM_PER_BP

Int64 = npt.NDArray[np.int64]

NONE: Final = -1
"""A missing month, no published rate, no rate in force."""
NO_RATE: Final = 0
RESET: Final = 1
KEEP: Final = 2


@kernel(
    "int64[], int64[], int64, int64, int64, int64, boolean, boolean, int64[:], int64[:], int64[:], int64[:], int64[:]"
)
def annual_rate(
    months_bp: Int64,
    published_ppm: Int64,
    first_existing_ppm: int,
    average_decimals: int,
    average_rounding: int,
    threshold_bp: int,
    threshold_inclusive: bool,
    threshold_unrounded: bool,
    sum_bp: Int64,
    average_ppm: Int64,
    existing_ppm: Int64,
    decision: Int64,
    rate_ppm: Int64,
) -> None:
    """Average = round(sum / 12); rate = existing where |average - existing| < threshold, else average.

    `months_bp` holds 12 months for each year of `published_ppm`, each 0 to 10,000; averages are rounded once, to
    `average_decimals` (0-4) of a percent. `published_ppm` is what the Commission published for the last day of the
    year: next year's existing rate, ahead of the rate by the rule. A year that lacks a month is NO_RATE and, unless a
    rate was published, leaves none to the next, which is then a RESET.
    """
    unit_ppm = 10 ** (4 - average_decimals)
    denominator = 12 * unit_ppm
    bias, even = rounding(denominator, average_rounding)
    scale = 12 if threshold_unrounded else 1
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
            tested = numerator if threshold_unrounded else average
            difference = abs(tested - scale * existing)
            limit = scale * threshold_bp * PPM_PER_BP
            moved = difference >= limit if threshold_inclusive else difference > limit
            taken = RESET if existing == NONE or moved else KEEP
            rate = average if taken == RESET else existing
        sum_bp[year] = total if complete else NONE
        average_ppm[year] = average
        existing_ppm[year] = existing
        decision[year] = taken
        rate_ppm[year] = rate
        existing = published_ppm[year] if published_ppm[year] != NONE else rate
