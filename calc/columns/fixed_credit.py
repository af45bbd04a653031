"""Calculate the dataset `participants` by column: eligibility, fixed credit, LEAP order, arrearage; rule 3412, 4412."""

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from calc.columns.arrearage import schedules
from calc.columns.blocks import in_blocks
from calc.columns.contract import PARTICIPANTS
from calc.columns.eligibility import Limits, limits_in_force, misspelled_counties, places_of_column, screen
from calc.columns.evaluation import Coded, Evaluation, Outputs, assemble
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.columns.lists import Lists
from calc.columns.participant_terms import RowTerms, by_fuel, plan_terms, row_terms
from calc.columns.plain import plain
from calc.errors import Reason
from calc.kernels import fixed_credit as kernels
from calc.kernels.arrays import Int64
from calc.rules.guidelines import Guidelines, load_guidelines
from calc.rules.resolve import Rules

if TYPE_CHECKING:
    import polars as pl

_AMOUNTS = (
    "affordable_annual_cents", "fixed_credit_annual_cents", "program_credit_annual_cents", "leap_to_unaffordable_cents",
    "leap_to_arrearage_cents", "leap_to_account_cents",
)  # fmt: skip
_DROPPED = tuple(",".join(name for place, name in enumerate(kernels.TESTS) if bits >> place & 1) for bits in range(8))
"""Names of the tests dropped, by bitmask."""


def evaluate(
    frame: "pl.DataFrame",
    *,
    rules: Rules,
    as_of: date,
    guidelines: Guidelines | None = None,
    threads: int = 1,
    flagged: Int64 | None = None,
) -> Evaluation:
    """Calculate eligibility, yearly and monthly credits (cents) and the arrearage schedule of each participant.

    Shares of income are rounded down. An unknown county drops its test; a number that is not five digits (8031 instead
    of 08031) is refused as unknown_value.

    Args:
        frame: Rows of the dataset `participants`.
        rules: Rules and tariff of both services.
        as_of: Day whose guidelines apply.
        guidelines: Income guidelines; the shipped ones by default.
        threads: Number of threads.
        flagged: Bitmask of reasons known before, shape (rows,).

    Raises:
        ColumnError: A column is missing or its type cannot hold its values.
        DataError: A guideline is not published at a share that the rules use.
    """
    gated = gate(PARTICIPANTS, frame, flagged)
    limits = limits_in_force(rules, as_of, guidelines or load_guidelines())
    county = county_places(frame, gated, limits)
    return assembled(frame, gated, compute(gated, county, limits, rules=rules, threads=threads))


def county_places(frame: "pl.DataFrame", gated: Gated, limits: Limits) -> Int64:
    """Return each row's position in `county_codes`, as `places`; refuse numbers that are not five digits."""
    county_fips = plain(frame["county_fips"])
    county = places_of_column(county_fips, limits)
    misspelled = misspelled_counties(county_fips, county == len(limits.electric.county_codes))
    gated.refuse_at(misspelled, Reason.unknown_value, "county_fips")
    return county


def assembled(frame: "pl.DataFrame", gated: Gated, outputs: Outputs) -> Evaluation:
    """Build the evaluation of participants from `compute`'s outputs."""
    inputs = {name: gated.values[name] for name in ("arrearage_cents", "leap_grant_cents")}
    return assemble(PARTICIPANTS, frame, outputs, gated, inputs)


def compute(
    gated: Gated, county: Int64, limits: Limits, *, rules: Rules, threads: int = 1, terms: RowTerms | None = None
) -> Outputs:
    """Compute results of gated rows of the dataset `participants`.

    Args:
        gated: Gated rows; reasons are added to it, as by `row_terms`.
        county: Each row's position in `county_codes`, shape (rows,).
        limits: Limits on the day.
        rules: Rules and tariff of both services.
        threads: Number of threads.
        terms: From `row_terms`; worked out if not given.

    Returns:
        Result columns by name, over all rows; amounts in cents, shares in ppm.
    """
    values = gated.values
    rows = county.size
    _, share, minimum, copayment, months = terms or row_terms(gated, rules)
    basis, dropped = screen(values, county, limits, rules, threads)
    if rules.clauses is not None:  # a grant alone decides nothing where no income limit is at hand
        basis[:] = 0
    leap_offset = np.array(by_fuel(rules, lambda terms: terms.leap_offset))
    recalculation_ppm = np.array([own.fixed_credit.recalculation_ppm for own in (rules.electric, rules.gas)])
    plan = plan_terms(rules)
    outputs: dict[str, Int64] = {name: np.empty(rows, dtype=np.int64) for name in _AMOUNTS}
    due = np.empty(rows, dtype=np.bool_)
    monthly = np.empty((rows, kernels.MONTHS), dtype=np.int64)

    def work(part: slice) -> None:
        participants = kernels.Participants(
            values["service"][part], values["household_income_cents"][part], share[part], minimum[part],
            values["full_annual_bill_cents"][part], values["basis_bill_cents"][part],
            values["months_remaining"][part], values["leap_grant_cents"][part], values["arrearage_cents"][part],
        )  # fmt: skip
        credits_of = kernels.Credits._make((*(outputs[name][part] for name in _AMOUNTS), due[part], monthly[part]))
        kernels.fixed_credit(participants, leap_offset, recalculation_ppm, plan, credits_of)

    in_blocks(rows, threads, work)
    left = values["arrearage_cents"] - outputs["leap_to_arrearage_cents"]
    return {
        **outputs,
        "service": values["service"],
        "eligible": basis > 0,
        "eligible_basis": basis,
        "guideline_year": Coded(np.zeros(rows, dtype=np.int8), (limits.electric.poverty_year or None,)),
        "share_ppm": share,
        "monthly_credit_cents": Lists(np.arange(rows + 1, dtype=np.int64) * kernels.MONTHS, monthly.reshape(-1)),
        "recalculation_due": due,
        "arrearage_credit_cents": schedules(left, np.minimum(copayment, left), months),
        "tests_dropped": Coded(dropped, _DROPPED),
    }
