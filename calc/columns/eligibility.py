"""Screen the dataset `participants` for eligibility by column: incomes against the guidelines' limits, by county.

Rules 3412 and 4412 (c)(I). In: gated rows, county numbers, the limits on a day. Out: codes of the basis of eligibility
and of the tests that were dropped.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from calc.columns.blocks import in_blocks
from calc.columns.contract import PARTICIPANTS
from calc.columns.evaluation import compute_by_service
from calc.columns.lazy_polars import pl
from calc.kernels import fixed_credit as kernels
from calc.kernels.arrays import Array, Bool, Int64
from calc.rules.guidelines import Guidelines, GuidelinesInForce
from calc.rules.resolve import Rules, ServiceRules

_FIPS = PARTICIPANTS.column("county_fips").pattern
_NUMBER = r"^\s*[0-9]+(\.0*)?\s*$"
_SCREENED = ("service", "household_income_cents", "household_size", "leap_qualified")


class Limits(NamedTuple):
    """The guidelines' limits on a day, by the shares of each service's rule; both have the same counties and years."""

    electric: GuidelinesInForce
    gas: GuidelinesInForce


def limits_in_force(rules: Rules, as_of: date, guidelines: Guidelines) -> Limits:
    """Return the guidelines' limits on a day; none where the rules are another jurisdiction's.

    Raises:
        DataError: A guideline is not published at a share that the rules use.
    """
    if rules.clauses is not None:
        return Limits(guidelines.none_in_force(), guidelines.none_in_force())
    return Limits(*(guidelines.in_force(as_of, own.fixed_credit) for own in (rules.electric, rules.gas)))


def places(county_fips: Sequence[str | None], limits: Limits) -> Int64:
    """Return each county's position in `county_codes`; the position after the last for an unknown county."""
    known = _places_by_code(limits.electric.county_codes)
    return np.array([known.get(code, len(known)) for code in county_fips], dtype=np.int64)


@lru_cache(maxsize=8)
def _places_by_code(county_codes: tuple[str, ...]) -> dict[str | None, int]:
    return {code: place for place, code in enumerate(county_codes)}


def places_of_column(county_fips: "pl.Series", limits: Limits) -> Int64:
    """Return `places` of a column."""
    known = pl.Series(limits.electric.county_codes, dtype=pl.String)
    places: Int64 = county_fips.cast(pl.String).replace_strict(
        known, pl.Series(range(len(known)), dtype=pl.Int64), default=len(known), return_dtype=pl.Int64
    ).to_numpy()  # fmt: skip
    return places


def misspelled_counties(county_fips: "pl.Series", unknown: Bool) -> Int64:
    """Return rows, among those with an unknown county, whose number is not five digits, as spreadsheets write it."""
    rows = np.flatnonzero(unknown)
    given = county_fips.gather(rows).cast(pl.String)
    numbers = given.str.contains(_NUMBER) & ~given.str.contains(_FIPS)
    misspelled: Int64 = rows[numbers.fill_null(value=False).to_numpy()]
    return misspelled


def screen(values: dict[str, Array], county: Int64, limits: Limits, rules: Rules, threads: int) -> tuple[Array, Array]:
    """Return each row's code of the eligibility basis and bits of the tests dropped."""
    outputs: dict[str, Array] = {name: np.empty(county.size, dtype=np.int8) for name in ("basis", "dropped")}

    def of_service(own: ServiceRules, given: dict[str, Array], found: dict[str, Array]) -> None:
        limit = limits.electric if own is rules.electric else limits.gas

        def work(part: slice) -> None:
            kernels.eligibility(
                given["household_income_cents"][part], given["household_size"][part], given["county"][part],
                given["leap_qualified"][part], limit.poverty_limit_cents, limit.ami_limit_cents, limit.leap_limit_cents,
                found["basis"][part], found["dropped"][part],
            )  # fmt: skip

        in_blocks(found["basis"].size, threads, work)

    def screened_by(own: ServiceRules) -> tuple[int, int, str]:
        rule = own.fixed_credit
        return rule.poverty_guideline_ppm, rule.area_median_income_ppm, rule.ami_basis

    taken = {name: values[name] for name in _SCREENED} | {"county": county}
    compute_by_service(rules, taken, outputs, screened_by, of_service)
    return outputs["basis"], outputs["dropped"]
