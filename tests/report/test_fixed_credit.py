"""Workings of a fixed credit: class, share, credit, LEAP order, months, arrearage, the tests of eligibility."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from calc.errors import PuccalcError
from calc.report.explaining import fixed_credit as report
from calc.rules.guidelines import load_guidelines
from tests.report.one import credit_of, law_on

AS_OF = date(2026, 10, 31)


@pytest.mark.parametrize(
    ("service", "heating", "gas", "account", "rule"),
    [
        ("electric", "electric", False, "electric_heat", "4 CCR 723-3-3412(e)(I)(A)"),
        ("electric", "electric", True, "electric_heat_with_gas", "4 CCR 723-3-3412(e)(I)(A)"),
        ("electric", "gas", True, "electric_other_heat", "4 CCR 723-3-3412(e)(I)(B)"),
        ("electric", "other", False, "electric_other_heat", "4 CCR 723-3-3412(e)(I)(B)"),
        ("gas", "gas", True, "gas_heat", "4 CCR 723-4-4412(e)(I)"),
        ("gas", "electric", True, "gas_electric_heat", "4 CCR 723-4-4412(e)(I)"),
    ],
)
def test_classes(service: str, heating: str, gas: bool, account: str, rule: str) -> None:
    assert report.class_of(service, heating, gas) == account
    step = credit_of(service=service, primary_heating=heating, regulated_gas=gas).step("class of the account")
    assert step.figures["account_class"] == account
    assert {each.citation.rule for each in step.parameters} == {rule}


def test_no_class() -> None:
    assert report.class_of("gas", "other", regulated_gas=True) is None


def test_share_and_affordable() -> None:
    worked = credit_of()
    share = worked.step("share of income")
    assert (share.figures["share_ppm"], share.formula) == (60_000, "by the tariff default, within 3.00 % to 6.00 %")
    assert share.parameters[0].set_by == "tariff"
    # 18,000.00 x 6 % = 1,080.00; the bill is 1,800.00.
    step = worked.step("affordable a year")
    assert (step.formula, step.rounding) == ("18000.00 x 6.00 %", "down")
    assert step.exact_cents == 1_080_00
    assert worked.step("fixed credit a year: the unaffordable portion").figures == {"fixed_credit_annual_cents": 720_00}
    given = credit_of(share_ppm=45_000, household_income_cents=1_000_01)
    assert given.step("share of income").formula == "as given, within 3.00 % to 6.00 %"
    assert given.step("affordable a year").exact_cents == Fraction(100_001 * 45, 1000)  # 45.00045


@pytest.mark.parametrize(
    ("columns", "minimum"),
    [
        ({}, 15_00),
        ({"regulated_gas": True}, 15_00),
        ({"primary_heating": "gas"}, 7_50),
        ({"service": "gas", "primary_heating": "gas"}, 5_00),
    ],
)
def test_minimum_payments_without_income(columns: dict[str, Any], minimum: int) -> None:
    worked = credit_of(tariff="example", household_income_cents=0, **columns)
    step = worked.step("affordable a year")
    assert step.figures == {"affordable_annual_cents": 12 * minimum}
    assert (step.parameters[0].value, step.parameters[0].set_by) == (minimum, "tariff")


@pytest.mark.parametrize(
    ("basis", "due", "counting"),
    [(1_440_00, True, 1_800_00), (1_440_01, False, 1_440_01), (2_400_00, True, 1_800_00), (2_399_99, False, 2_399_99)],
)
def test_recalculation(basis: int, due: bool, counting: int) -> None:
    step = credit_of(basis_bill_cents=basis).step("recalculation test")
    assert step.figures == {"recalculation_due": due, "counting_bill_cents": counting}
    assert step.parameters[0].citation.quote == "by 25 percent or more"


def test_leap_order() -> None:
    worked = credit_of(leap_grant_cents=800_00, arrearage_cents=50_00)
    amounts = {
        place: worked.step(f"LEAP grant to the {place}") for place in ("unaffordable portion", "arrearage", "account")
    }
    assert [step.exact_cents for step in amounts.values()] == [720_00, 50_00, 30_00]
    rules = [passage.rule.removeprefix("4 CCR 723-3-3412") for passage in amounts["account"].passages]
    assert rules == [
        "(g)(V)", "(g)(V)(A)", "(g)(V)(B)", "(g)(V)(B)(i)", "(g)(V)(B)(ii)", "(g)(V)(C)", "(g)(V)(D)",
    ]  # fmt: skip
    assert worked.step("program credit a year").exact_cents == 0
    assert worked.step("arrearage left").exact_cents == 0


def test_paragraphs_on_leap_of_the_gas_rule() -> None:
    worked = credit_of(service="gas", primary_heating="gas", leap_grant_cents=1)
    rules = [passage.rule for passage in worked.step("LEAP grant to the account").passages]
    assert rules == [f"4 CCR 723-4-4412(g)(V){label}" for label in ("(A)", "(B)", "(C)", "(C)(i)", "(C)(ii)", "(D)")]


def test_a_tariff_that_does_not_offset() -> None:
    worked = credit_of(tariff="example", leap_grant_cents=100_00, arrearage_cents=50_00)
    assert worked.step("LEAP grant to the unaffordable portion").formula.startswith(
        "the tariff example does not offset"
    )
    assert worked.step("LEAP grant to the account").exact_cents == 100_00


def test_the_terms_of_a_fuel_and_its_own_rule() -> None:
    row: dict[str, Any] = {"leap_grant_cents": 100_00, "arrearage_cents": 240_00, "primary_heating": "gas"}
    electric, gas = (credit_of(tariff="example-by-fuel", service=service, **row) for service in ("electric", "gas"))
    # 18,000.00 x 2.5 % and 2.25 %: 1,350.00 and 1,395.00 are not affordable. Copaid are 90.00 and 45.00.
    assert electric.step("LEAP grant to the unaffordable portion").formula == (
        "the tariff example-by-fuel does not offset for electric: the lesser of 0.00 and 1350.00"
    )
    assert gas.step("LEAP grant to the unaffordable portion").formula == "the lesser of 100.00 and 1395.00"
    for worked, copaid, months, part, rule in (
        (electric, 90_00, 12, 12_50, "4 CCR 723-3-3412"),
        (gas, 45_00, 24, 8_13, "4 CCR 723-4-4412"),
    ):
        assert worked.step("copayments in all").figures == {"copayments_cents": copaid}
        step = worked.step("arrearage credits")
        assert (step.figures["months"], worked.result["arrearage_credit_cents"][0]) == (months, part)
        cited = {(each.name, each.set_by, each.citation.rule) for each in step.parameters}
        assert ("arrearage_months", "tariff", f"{rule}(e)(VII)(B)") in cited


def test_months() -> None:
    worked = credit_of(full_annual_bill_cents=1_800_05)
    assert worked.step("monthly credits").figures == {"monthly_credit_cents": (60_01,) * 5 + (60_00,) * 7}
    # Basis 1,300.00: 220.00 less the grant of 100.00, 10.00 a month for seven; new 720.00 less 100.00, 51.67 for five.
    changed = credit_of(basis_bill_cents=1_300_00, months_remaining=5, leap_grant_cents=100_00)
    step = changed.step("monthly credits")
    assert step.figures == {"monthly_credit_cents": (10_00,) * 7 + (51_67,) * 5}
    assert step.formula.startswith("7 months of 120.00 over 12, on the basis")


def test_arrearage() -> None:
    worked = credit_of(tariff="example", arrearage_cents=100_00)
    # Half a percent of 18,000.00 is 90.00 of copayments; 10.00 over the tariff's 12 months.
    assert worked.step("copayments in all").figures == {"copayments_cents": 90_00}
    assert worked.step("arrearage credits").figures["arrearage_credit_cents"] == (84,) * 4 + (83,) * 8
    assert worked.step("arrearage after the last month").figures == {"balance_cents": 0}
    capped = credit_of(arrearage_cents=100_00, arrearage_copay_cents=180_00, arrearage_months=2)
    assert capped.step("copayments in all").formula == "180.00 as given; at most 180.00 by the rule, and 100.00"
    assert capped.step("arrearage credits").figures["arrearage_credit_cents"] == (0, 0)
    assert "arrearage left" not in [step.label for step in credit_of().steps]


def test_eligibility() -> None:
    # 2026, three persons: poverty 27,320, twice that 54,640; Denver's 80 % limit 96,150; LEAP 12 x 6,097 = 73,164.
    worked = credit_of(county_fips="08031")
    tests = {step.figures["test"]: step for step in worked.steps if "test" in step.figures}
    assert [step.figures["guideline"] for step in tests.values()] == ["2026", "2026", "2026-2027"]
    assert [step.figures["limit_cents"] for step in tests.values()] == [54_640_00, 96_150_00, 73_164_00]
    assert [step.figures["passes"] for step in tests.values()] == [True, True, True]
    assert worked.step("eligibility screen").figures["eligible_basis"] == "fpl_200"
    assert tests["fpl_200"].parameters[0].citation.rule == "4 CCR 723-3-3412(c)(I)(A)"
    assert tests["leap"].passages[0].rule == "4 CCR 723-3-3412(c)(I)(C)"


@pytest.mark.parametrize("service", ["electric", "gas"])
def test_a_share_of_the_median(service: str) -> None:
    # Denver, fiscal year 2026: 80 % of a median of 144,000 is 115,200, of nine persons as well. Nine are 122,800 poor.
    row: dict[str, Any] = {"service": service, "primary_heating": "gas", "county_fips": "08031", "household_size": 9}
    switches = {"ami_basis": "share_of_median"}
    worked = credit_of(switches=switches, household_income_cents=200_000_00, **row)
    (step,) = (step for step in worked.steps if step.figures.get("test") == "ami_80")
    assert (step.figures["limit_cents"], step.figures["guideline"]) == (115_200_00, "2026")
    assert step.formula == "200000.00 > 115200.00"
    rule = {"electric": "4 CCR 723-3-3412", "gas": "4 CCR 723-4-4412"}[service]
    assert [(each.name, each.value, each.set_by, each.citation.rule) for each in step.parameters] == [
        ("area_median_income_ppm", 800_000, "rules", f"{rule}(c)(I)(B)"),
        ("ami_basis", "share_of_median", "switch", f"{rule}(c)(I)(B)"),
    ]


@pytest.mark.parametrize(
    ("columns", "as_of", "basis", "dropped"),
    [
        ({"county_fips": None}, AS_OF, "none", {"ami_80": "no county is given"}),
        ({"county_fips": "99999"}, AS_OF, "none", {"ami_80": "no guideline for this county"}),
        ({"county_fips": "08031", "household_size": 9}, AS_OF, "none", {"ami_80": "households of up to 8"}),
        ({"county_fips": None, "leap_qualified": True}, AS_OF, "leap", {"ami_80": "no county is given"}),
        (
            {"county_fips": "08031"},
            date(2004, 6, 1),
            "none",
            {"fpl_200": "no guideline", "ami_80": "no guideline", "leap": "no guideline"},
        ),
    ],
)
def test_dropped_tests_say_why(columns: dict[str, Any], as_of: date, basis: str, dropped: dict[str, str]) -> None:
    worked = credit_of(as_of, household_income_cents=900_000_00, **columns)
    tests = {step.figures["test"]: step for step in worked.steps if "test" in step.figures}
    assert worked.step("eligibility screen").figures["eligible_basis"] == basis
    assert {name for name, step in tests.items() if step.figures["limit_cents"] is None} == set(dropped)
    for name, why in dropped.items():
        assert why in tests[name].formula
    if columns.get("leap_qualified"):
        assert tests["leap"].formula == "qualified by LEAP itself"


FIGURES = (
    "share_ppm", "affordable_annual_cents", "fixed_credit_annual_cents", "program_credit_annual_cents",
    "leap_to_unaffordable_cents", "leap_to_arrearage_cents", "leap_to_account_cents",
)  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        *({name: 1} for name in FIGURES),
        {"recalculation_due": True},
        {"monthly_credit_cents": [10_00] * 12},
        {"arrearage_credit_cents": []},
        {"eligible_basis": "leap"},
        {"eligible": False},
        {"tests_dropped": "leap"},
    ],
)
def test_a_result_that_is_off_is_not_explained(wrong: dict[str, Any]) -> None:
    worked = credit_of(leap_grant_cents=800_00, arrearage_cents=150_00)
    with pytest.raises(PuccalcError, match="differ"):
        report.steps(
            worked.row, {**worked.result, **wrong}, law=law_on(AS_OF), as_of=AS_OF, guidelines=load_guidelines()
        )
