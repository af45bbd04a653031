"""Twin of the fixed credit of percentage-of-income plans, rules 3412(b), (e), (g)(V) and 4412: one row in, results out.

Money is whole cents, guidelines are whole dollars, shares are parts per million.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tests.reference.arrearage import OutOfRange, arrearage_schedule, monthly_spread

__all__ = [
    "NoRuleBand",
    "OutOfRange",
    "ShareOutsideBand",
    "account_class",
    "affordable_annual",
    "eligibility",
    "fixed_credit",
    "monthly_spread",
    "of_fuel",
    "recalculation_due",
    "unaffordable",
]

PPM = 10**6
BANDS_PPM = {
    "electric_heat": (30_000, 60_000),  # 3412(e)(I)(A)
    "electric_heat_with_gas": (30_000, 50_000),  # 3412(e)(I)(A)
    "electric_other_heat": (20_000, 30_000),  # 3412(e)(I)(B)
    "gas_heat": (20_000, 30_000),  # 4412(e)(I)
    "gas_electric_heat": (0, 10_000),  # 4412(e)(I)
}
MINIMUM_PAYMENT_OF = {
    "electric_heat": "electric_heat",
    "electric_heat_with_gas": "electric_heat",
    "electric_other_heat": "electric_other_heat",
    "gas_heat": "gas",
    "gas_electric_heat": "gas",
}
HIGHEST_MINIMUM_PAYMENT_CENTS = {"electric_heat": 2000, "electric_other_heat": 1000, "gas": 1000}


class NoRuleBand(Exception):  # noqa: N818 - named for the reason
    """The rules give no band: a gas account whose primary heat is neither gas nor electricity."""


class ShareOutsideBand(Exception):  # noqa: N818 - named for the reason
    """The share of income lies outside the account's band."""


def _given(row: Mapping[str, Any], column: str, default: int) -> int:
    """Value of an optional column, or its default where the column is absent or null."""
    value = row.get(column)
    return default if value is None else int(value)


def of_fuel(tariff: Mapping[str, Any], service: str) -> Mapping[str, Any]:
    """The tariff's terms for a fuel: a tariff holds each by fuel, or one set of terms for both.

    3412(g)(V)(D): an all-electric utility whose customers do not benefit widely from LEAP grants does not offset them
    (ValueError where its electric terms do). 4412 has no such bar: it refuses nothing for gas.
    """
    terms: Mapping[str, Any] = tariff.get(service, tariff)
    if service == "electric" and terms.get("all_electric_without_leap") and terms["leap_offset"]:
        raise ValueError(
            "an all-electric utility whose customers do not benefit widely from LEAP does not offset grants"
        )
    return terms


def account_class(service: str, primary_heating: str, regulated_gas: bool) -> str:
    """Band of the account, 3412(e)(I) and 4412(e)(I). Raises NoRuleBand."""
    if service == "electric":
        if primary_heating != "electric":
            return "electric_other_heat"
        return "electric_heat_with_gas" if regulated_gas else "electric_heat"
    if primary_heating == "other":
        raise NoRuleBand("a gas account whose heat is neither gas nor electricity")
    return {"gas": "gas_heat", "electric": "gas_electric_heat"}[primary_heating]


def affordable_annual(income_cents: int, share_ppm: int, minimum_monthly_cents: int) -> int:
    """floor(income x share) a year; without income twelve of the tariff's minimum payments: 3412(e)(I)."""
    return income_cents * share_ppm // PPM if income_cents > 0 else 12 * minimum_monthly_cents


def unaffordable(bill_cents: int, affordable_cents: int) -> int:
    """The year's fixed credit, max(0, full annual bill - affordable): 3412(b)."""
    return max(0, bill_cents - affordable_cents)


def recalculation_due(new: int, basis: int) -> bool:
    """The bill at new rates differs, and by a quarter of the basis or more: 3412."""
    return new != basis and abs(new - basis) * 4 >= basis


def split_grant(grant: int, unaffordable_cents: int, arrearage: int, offset: bool) -> tuple[int, int, int]:
    """(to the unaffordable portion, to the arrearage, to the account), in that order; no offset: all to the account."""
    if not offset:
        return 0, 0, grant
    first = min(grant, unaffordable_cents)
    second = min(grant - first, arrearage)
    return first, second, grant - first - second


def newest(years: Iterable[int], latest: int) -> int | None:
    """The newest of the years that is not later than ``latest``; None where every one is."""
    return max((year for year in years if year <= latest), default=None)


def limit_usd(table: Mapping[Any, int], size: int) -> int | None:
    """Guideline of a household: the table's figure for 1 to 8 persons, beyond that the eighth plus each additional."""
    if size <= 8:
        return table.get(size)
    return None if "additional" not in table else table[8] + (size - 8) * table["additional"]


def area_median(
    income_cents: int, size: int, county: str | None, guidelines: Mapping[str, Any], year: int, ami_basis: str
) -> bool:
    """Whether a year's income is within 80 percent of the area median income, 3412(c)(I)(B); False without a figure.

    hud_limit: HUD's published limit of the county for the size, 1 to 8. share_of_median: 80 % of the county's median
    income, which HUD publishes for four persons, whatever the size.
    """
    table = guidelines[{"hud_limit": "ami", "share_of_median": "median"}[ami_basis]]
    found = newest((each for fips, each in table if fips == county), year)
    if found is None:
        return False
    if ami_basis == "share_of_median":
        return bool(income_cents * 100 <= table[county, found] * 100 * 80)
    limit = table[county, found].get(size)
    return limit is not None and income_cents <= limit * 100


def eligibility(
    row: Mapping[str, Any], guidelines: Mapping[str, Any], as_of: date, *, ami_basis: str = "hud_limit"
) -> tuple[str, int | None]:
    """(first basis that applies or "none", year of the poverty guideline used or None), 3412.

    A year's income of at most twice the poverty guideline, or ``area_median``, or twelve monthly LEAP limits (or LEAP's
    own finding). A test without a table is dropped.
    """
    income, size, county = row["household_income_cents"], row["household_size"], row.get("county_fips")

    fpl_year = newest(guidelines["fpl"], as_of.year)
    fpl = None if fpl_year is None else limit_usd(guidelines["fpl"][fpl_year], size)
    guideline_year = None if fpl is None else fpl_year

    leap_year = newest(guidelines["leap"], as_of.year if as_of.month >= 10 else as_of.year - 1)
    leap = None if leap_year is None else limit_usd(guidelines["leap"][leap_year], size)

    if fpl is not None and income <= 2 * fpl * 100:
        return "fpl_200", guideline_year
    if area_median(income, size, county, guidelines, as_of.year, ami_basis):
        return "ami_80", guideline_year
    if row.get("leap_qualified") or (leap is not None and income <= 12 * leap * 100):
        return "leap", guideline_year
    return "none", guideline_year


def copayments(row: Mapping[str, Any], copayment_ppm: int) -> int:
    """Copayments in all, at most floor(1 % of income): the row's (OutOfRange beyond it), else the tariff's share."""
    income: int = row["household_income_cents"]
    highest = income // 100
    given: int | None = row.get("arrearage_copay_cents")
    if given is None:
        return min(income * copayment_ppm // PPM, highest)
    if given > highest:
        raise OutOfRange("copayments above 1 % of income")
    return given


def fixed_credit(
    row: Mapping[str, Any],
    tariff: Mapping[str, Any],
    guidelines: Mapping[str, Any],
    as_of: date,
    *,
    ami_basis: str = "hud_limit",
) -> dict[str, Any]:
    """Credits of one participant, 3412 and 4412. Raises NoRuleBand, ShareOutsideBand, OutOfRange.

    ``tariff``: one set of terms, or {"electric": terms, "gas": terms}; see ``of_fuel``. ``guidelines``: tables "fpl",
    "ami" and "leap", under share_of_median "median" as well, (county, year) -> dollars.

    program credit = fixed credit - the part of the LEAP grant that covers it, spread over twelve months. Where the new
    bill is a quarter or more away from the basis the year's figures are the new bill's, and the schedule keeps the
    first 12 - m months of the basis' and takes the first m months of the new one.
    """
    tariff = of_fuel(tariff, row["service"])
    band = account_class(row["service"], row["primary_heating"], row["regulated_gas"])
    share_ppm = _given(row, "share_ppm", tariff["share_ppm"][band])
    lowest, highest = BANDS_PPM[band]
    if not lowest <= share_ppm <= highest:
        raise ShareOutsideBand(f"{share_ppm} ppm is not within {lowest} to {highest} of {band}")
    months_remaining = _given(row, "months_remaining", 12)
    if not 0 <= months_remaining <= 12:
        raise OutOfRange(f"{months_remaining} months remaining")
    if not 1 <= row["household_size"] <= 30:
        raise OutOfRange(f"a household of {row['household_size']}")
    group = MINIMUM_PAYMENT_OF[band]
    minimum_cents = tariff["minimum_monthly_payment_cents"][group]
    if minimum_cents > HIGHEST_MINIMUM_PAYMENT_CENTS[group]:
        raise ValueError(f"the tariff's minimum payment for {group} is above the rule's")

    new_bill = row["full_annual_bill_cents"]
    basis_bill = _given(row, "basis_bill_cents", new_bill)
    grant = _given(row, "leap_grant_cents", 0)
    arrearage = _given(row, "arrearage_cents", 0)
    affordable = affordable_annual(row["household_income_cents"], share_ppm, minimum_cents)

    due = recalculation_due(new_bill, basis_bill)
    credit = unaffordable(new_bill if due else basis_bill, affordable)
    to_unaffordable, to_arrearage, to_account = split_grant(grant, credit, arrearage, tariff["leap_offset"])
    monthly = monthly_spread(credit - to_unaffordable, 12)
    if due:
        before = unaffordable(basis_bill, affordable)
        granted_before, _, _ = split_grant(grant, before, arrearage, tariff["leap_offset"])
        monthly = monthly_spread(before - granted_before, 12)[: 12 - months_remaining] + monthly[:months_remaining]

    basis, guideline_year = eligibility(row, guidelines, as_of, ami_basis=ami_basis)
    return {
        "eligible": basis != "none",
        "eligible_basis": basis,
        "guideline_year": guideline_year,
        "share_ppm": share_ppm,
        "affordable_annual_cents": affordable,
        "fixed_credit_annual_cents": credit,
        "program_credit_annual_cents": credit - to_unaffordable,
        "monthly_credit_cents": monthly,
        "leap_to_unaffordable_cents": to_unaffordable,
        "leap_to_arrearage_cents": to_arrearage,
        "leap_to_account_cents": to_account,
        "recalculation_due": due,
        "arrearage_credit_cents": arrearage_schedule(
            arrearage - to_arrearage,
            copayments(row, tariff["copayment_ppm"]),
            _given(row, "arrearage_months", tariff["arrearage_months"]),
        ),
    }
