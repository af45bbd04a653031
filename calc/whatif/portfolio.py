"""Evaluate a portfolio of participants under every scenario: read and checked once, computed once for each.

In: the parts of a source, scenarios whose first is the base. Out: sums by scenario, service and income band. Rows that
any scenario refuses are left out of all, so that the same households stand side by side. No income leaves this module
but within a sum by band.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, cast

import numpy as np

from calc.bulk.inputs.source import Source
from calc.bulk.publish.quarantine import count_reasons
from calc.bulk.shuffle.key_index import KeyIndex
from calc.columns import fixed_credit
from calc.columns.eligibility import Limits, limits_in_force
from calc.columns.evaluation import Outputs
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.columns.lists import Lists
from calc.columns.participant_terms import RowTerms, account_class, row_terms
from calc.errors import Reason, UsageError
from calc.kernels.arrays import Array, Bool, Int64, UInt8
from calc.kernels.control_totals import LOW_BITS, grouped_sums
from calc.kernels.fixed_credit import MONTHS
from calc.rules.guidelines import Guidelines
from calc.rules.schema import ACCOUNT_CLASSES, SERVICES
from calc.units import CENTS_MAX, PPM
from calc.whatif.scenario_file import Scenario, Study

AMOUNTS: Final = (
    "bills_cents", "usage_credits_cents", "arrearage_credits_cents", "leap_cents", "payments_cents", "incomes_cents",
    "less_cents", "more_cents", "households", "recalculations", "less", "more",
)  # fmt: skip
"""What is summed; households that pay less or more than in the base, and by how much, among it."""
_NONE: Final = -1


@dataclass(slots=True)
class Sums:
    """Hold a portfolio's sums.

    Attributes:
        by_scenario: For each scenario, each of AMOUNTS by group: service x bands + band.
        rows: Rows read.
        refused: Rows left out by reason code; a row with several reasons counts under each.
        refused_rows: Rows left out.
    """

    by_scenario: list[dict[str, list[int]]]
    rows: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    refused_rows: int = 0


def evaluate(source: Source, study: Study, guidelines: Guidelines, threads: int = 1) -> Sums:
    """Evaluate every row of a source under every scenario.

    Args:
        source: Rows of the dataset `participants`.
        study: The scenarios.
        guidelines: Income guidelines.
        threads: Number of threads.

    Raises:
        UsageError: No poverty guideline is as old as the as-of day.
    """
    edges = _edges(study, guidelines)
    groups = len(SERVICES) * (len(study.bands) + 1)
    limits = [limits_in_force(each.rules, study.as_of, guidelines) for each in study.scenarios]
    sums = Sums([{name: [0] * groups for name in AMOUNTS} for _ in study.scenarios])
    repeated = KeyIndex(source, threads).repeated()
    for part in source.parts():
        chunk = part.load()
        flagged = np.zeros(chunk.frame.height, dtype=np.int64) if chunk.flagged is None else chunk.flagged.copy()
        flagged[repeated.rows_of(part.number, chunk.frame)] |= int(Reason.duplicate_key)
        gated = gate(source.dataset, chunk.frame, flagged)
        county = fixed_credit.county_places(chunk.frame, gated, limits[0])
        found = [
            _of_scenario(gated, county, each, own, threads)
            for each, own in zip(study.scenarios, limits, strict=True)
        ]  # fmt: skip
        reasons = np.bitwise_or.reduce([each.reasons for each in found])
        sums.rows += reasons.size
        sums.refused += count_reasons(reasons)
        sums.refused_rows += int((reasons != 0).sum())
        group = _groups(gated, edges)
        _add(sums, found, group, reasons == 0)
    repeated.verify()
    return sums


@dataclass(frozen=True, slots=True)
class _Found:
    """Hold each row's figures of a year under a scenario, cents, and its reasons."""

    reasons: Int64
    figures: dict[str, Int64]


def _edges(study: Study, guidelines: Guidelines) -> Int64:
    """Return the upper end of each band by household size, cents a year, shape (bands, sizes)."""
    rule = study.scenarios[0].rules.electric.fixed_credit
    found = [
        guidelines.in_force(study.as_of, replace(rule, poverty_guideline_ppm=percent * PPM // 100))
        for percent in study.bands
    ]  # fmt: skip
    if not found[0].poverty_year:
        raise UsageError(f"no federal poverty guideline is known for {study.as_of}: give a later day")
    return np.array([each.poverty_limit_cents for each in found])


def _groups(gated: Gated, edges: Int64) -> UInt8:
    """Return each row's group by service and by its income as it is."""
    values = gated.values
    income, size = values["household_income_cents"], values["household_size"]
    band = np.zeros(income.size, dtype=np.uint8)
    for edge in edges:
        band += income > edge[size]
    return values["service"].astype(np.uint8) * np.uint8(len(edges) + 1) + band


def _of_scenario(gated: Gated, county: Int64, scenario: Scenario, limits: Limits, threads: int) -> _Found:
    """Compute a year under a scenario.

    A household pays its bill less the twelve credits and what LEAP covered of it, and its copayments of twelve months.
    """
    own = gated.copy()._replace(values=_changed(gated, scenario))
    bill = own.values["full_annual_bill_cents"]
    own.refuse(bill > CENTS_MAX, Reason.out_of_range, "full_annual_bill_cents")
    own.values["full_annual_bill_cents"] = bill = np.minimum(bill, CENTS_MAX)
    terms = row_terms(own, scenario.rules)
    outputs = fixed_credit.compute(own, county, limits, rules=scenario.rules, threads=threads, terms=terms)
    monthly, arrearage = (cast("Lists", outputs[name]) for name in ("monthly_credit_cents", "arrearage_credit_cents"))
    credits_of_year = monthly.values.reshape(-1, MONTHS).sum(axis=1)
    leap = cast("Int64", outputs["leap_to_unaffordable_cents"])
    copayments = _copayments_of_year(own, terms, outputs)
    return _Found(
        own.reasons,
        {
            "bills_cents": bill,
            "usage_credits_cents": credits_of_year,
            "arrearage_credits_cents": _first_twelve(arrearage),
            "leap_cents": leap,
            "payments_cents": bill - credits_of_year - leap + copayments,
            "incomes_cents": own.values["household_income_cents"],
            "recalculations": cast("Bool", outputs["recalculation_due"]).astype(np.int64),
            "households": np.ones(bill.size, dtype=np.int64),
        },
    )


def _changed(gated: Gated, scenario: Scenario) -> dict[str, Array]:
    """Return the rows' values as the scenario has them; terms that it sets replace the rows' own."""
    values = dict(gated.values)
    if scenario.bills_ppm != PPM:
        before = values["full_annual_bill_cents"]
        known = values["basis_bill_cents"]
        values["basis_bill_cents"] = np.where(known == _NONE, before, known)
        values["full_annual_bill_cents"] = _scaled(before, scenario.bills_ppm)
    if scenario.basis == "new":
        values["basis_bill_cents"] = np.full_like(values["basis_bill_cents"], _NONE)
    if scenario.incomes_ppm != PPM:
        scaled = _scaled(values["household_income_cents"], scenario.incomes_ppm)
        values["household_income_cents"] = np.minimum(scaled, CENTS_MAX)
    set_here = scenario.changes
    if "share_ppm" in set_here:
        classes = account_class(values["service"], values["primary_heating"], values["regulated_gas"])
        named = [ACCOUNT_CLASSES.index(each) for each in set_here["share_ppm"]]
        values["share_ppm"] = np.where(np.isin(classes, named), _NONE, values["share_ppm"])
    for term, column in (("arrearage_months", "arrearage_months"), ("copayment_ppm", "arrearage_copay_cents")):
        if term in set_here:
            values[column] = np.full_like(values[column], _NONE)
    return values


def _scaled(cents: Int64, ppm: int) -> Int64:
    """Return amounts x ppm, half up to the cent, without a product beyond 64 bits."""
    whole, part = np.divmod(cents, PPM)
    found: Int64 = whole * ppm + (part * ppm + PPM // 2) // PPM
    return found


def _first_twelve(schedule: Lists) -> Int64:
    sums = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(schedule.values)])
    start, stop = schedule.offset[:-1], schedule.offset[1:]
    found: Int64 = sums[np.minimum(start + MONTHS, stop)] - sums[start]
    return found


def _copayments_of_year(gated: Gated, terms: RowTerms, outputs: Outputs) -> Int64:
    """Return the copayments of twelve months: the total spread over the months, extra cents first."""
    left = gated.values["arrearage_cents"] - cast("Int64", outputs["leap_to_arrearage_cents"])
    months = np.maximum(terms.arrearage_months, 1)
    whole, extra = np.divmod(np.minimum(terms.copayment_cents, left), months)
    year = np.minimum(months, MONTHS)
    found: Int64 = whole * year + np.minimum(extra, year)
    return found


def _add(sums: Sums, found: Sequence[_Found], group: UInt8, good: Bool) -> None:
    """Add a part's good rows to the sums, each scenario against the base."""
    base = found[0].figures["payments_cents"]
    own = np.ascontiguousarray(group[good])
    for into, each in zip(sums.by_scenario, found, strict=True):
        moved = each.figures["payments_cents"] - base
        figures = {
            **each.figures,
            "less": (moved < 0).astype(np.int64),
            "more": (moved > 0).astype(np.int64),
            "less_cents": np.maximum(-moved, 0),
            "more_cents": np.maximum(moved, 0),
        }
        for name, totals in into.items():
            low, high = (np.zeros(len(totals), dtype=np.int64) for _ in range(2))
            grouped_sums(own, np.ascontiguousarray(figures[name][good]), low, high)
            for place, (above, below) in enumerate(zip(high.tolist(), low.tolist(), strict=True)):
                totals[place] += (above << LOW_BITS) + below
