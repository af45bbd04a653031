"""Steps of the eligibility screen, rules 3412 and 4412 (c)(I): each test with its limit, or why it is dropped.

The screen informs. The Department of Human Services, Energy Outreach Colorado or the Colorado Energy Office determines
eligibility.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from calc.report.explaining.step import Figure, Law, Parameter, Step, agree
from calc.rules.guidelines import GuidelinesInForce
from calc.units import format_cents as money


class _Test(NamedTuple):
    """Hold one test: the guideline's year (empty: none known), limit (None: dropped), and its fields or a paragraph."""

    name: str
    label: str
    guideline: str
    limit_cents: int | None
    fields: tuple[str, ...]
    why_dropped: str


def eligibility_steps(
    row: Mapping[str, Any], result: Mapping[str, Any], law: Law, as_of: date, limits: GuidelinesInForce
) -> list[Step]:
    """Make one step for each income test, and one for the first test that applies; see `fixed_credit.steps`.

    Args:
        row: Has household_income_cents, household_size, county_fips and leap_qualified.
        result: Has eligible, eligible_basis and tests_dropped.
        law: The rules of the service.
        as_of: Date that the steps name.
        limits: The limits of income in force on it, in cents a year.

    Raises:
        PuccalcError: The result names another test.
    """
    income = row["household_income_cents"]
    found, applying, dropped = [], "none", []
    for test in _tests(row, limits):
        passes: bool | None = None if test.limit_cents is None else income <= test.limit_cents
        formula = test.why_dropped
        if test.limit_cents is not None:
            formula = f"{money(income)} {'<=' if passes else '>'} {money(test.limit_cents)}"
        else:
            dropped.append(test.name)
        if test.name == "leap" and row["leap_qualified"]:
            passes, formula = True, "qualified by LEAP itself"
        if passes and applying == "none":
            applying = test.name
        figures: dict[str, Figure] = {
            "test": test.name,
            "guideline": test.guideline,
            "limit_cents": test.limit_cents,
            "passes": passes,
        }
        used: tuple[Parameter, ...] = law.parameters(*test.fields)
        passages = () if test.fields else law.passages("recalculation_ppm", "(c)(I)(C)")
        found.append(Step(test.label, figures, formula, parameters=used, passages=passages))
    agree("eligibility", (applying, applying != "none"), (result["eligible_basis"], result["eligible"]))
    agree("tests dropped", ",".join(dropped), result["tests_dropped"])
    figures = {"eligible": applying != "none", "eligible_basis": applying, "as_of_date": as_of}
    formula = "the first test that applies; it informs, the determination is made by the offices named"
    passages = law.passages("recalculation_ppm", "(c)(II)")
    return [*found, Step("eligibility screen", figures, formula, passages=passages)]


def _tests(row: Mapping[str, Any], limits: GuidelinesInForce) -> tuple[_Test, _Test, _Test]:
    size, county = row["household_size"], row["county_fips"]
    known = county in limits.county_codes
    place = limits.county_codes.index(county) if known else len(limits.county_codes)
    ami_year = int(limits.ami_year[place])
    by_size = limits.ami_limit_cents[place]
    why = "dropped: no county is given" if county is None else "dropped: no guideline for this county and day"
    if ami_year:
        why = f"dropped: published for households of up to {by_size.size - 1}"
    return (
        _Test(
            "fpl_200", "federal poverty guideline", str(limits.poverty_year or ""),
            _limit(limits.poverty_limit_cents[size]), ("poverty_guideline_ppm",), "dropped: no guideline is that old",
        ),
        _Test(
            "ami_80", "area median income", str(ami_year or ""),
            _limit(by_size[size]) if size < by_size.size else None, ("area_median_income_ppm", "ami_basis"), why,
        ),
        _Test(
            "leap", "LEAP guideline", limits.leap_year, _limit(limits.leap_limit_cents[size]), (),
            "dropped: no guideline is that old",
        ),
    )  # fmt: skip


def _limit(cents: Any) -> int | None:  # noqa: ANN401 - a NumPy integer
    return None if cents < 0 else int(cents)
