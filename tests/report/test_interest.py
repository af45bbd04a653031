"""Workings of interest: figures worked out by hand, every reading, and lines that add up to the figure."""

from datetime import date
from fractions import Fraction

import pytest

from calc.errors import PuccalcError
from calc.rates.computing.table import RateTable
from calc.report.explaining import interest as report
from calc.report.explaining.accrual import is_provisional
from tests.report.one import interest_of, law_on, shipped

NEW_YEAR, NEXT = date(2024, 1, 1), date(2025, 1, 1)


@pytest.mark.parametrize(
    ("day_count", "share", "exact", "cents"),
    [
        # 200.00 x 4.93 % = 9.86 a year; 2024 has 366 days.
        ("actual_actual", "366/366", Fraction(986), 986),
        ("actual_365", "366/365", Fraction(986 * 366, 365), 989),
        ("actual_360", "366/360", Fraction(986 * 366, 360), 1002),
        ("thirty_e_360", "360/360", Fraction(986), 986),
    ],
)
def test_a_year_of_each_day_count(day_count: str, share: str, exact: Fraction, cents: int) -> None:
    worked = interest_of(200_00, NEW_YEAR, NEXT, {"day_count": day_count})
    (line,) = worked.parts("interest")
    assert line.figures["share_of_year"] == share
    assert line.exact_cents == exact
    assert line.formula == f"200.00 x 4.93 % x {share}"
    assert (line.figures["rate_ppm"], line.figures["rate_source"]) == (49_300, "published")
    assert (line.figures["first_date"], line.figures["last_date"]) == (NEW_YEAR, date(2024, 12, 31))
    total = worked.step("interest in all")
    assert (total.exact_cents, total.rounding, total.figures) == (exact, "half_up", {"interest_cents": cents})


@pytest.mark.parametrize(
    ("day_ends", "first", "last", "days"),
    [
        ("start_included_end_excluded", date(2024, 1, 1), date(2024, 1, 2), 2),
        ("start_excluded_end_included", date(2024, 1, 2), date(2024, 1, 3), 2),
        ("both", date(2024, 1, 1), date(2024, 1, 3), 3),
        ("neither", date(2024, 1, 2), date(2024, 1, 2), 1),
    ],
)
def test_day_ends(day_ends: str, first: date, last: date, days: int) -> None:
    worked = interest_of(200_00, date(2024, 1, 1), date(2024, 1, 3), {"day_ends": day_ends})
    figures = worked.step("days that earn").figures
    assert (figures["first_date"], figures["last_date"], figures["days"]) == (first, last, days)
    assert worked.step("interest in all").exact_cents == Fraction(986 * days, 366)


def test_lines_are_cut_at_new_year_and_at_each_rate() -> None:
    rates = shipped()
    worked = interest_of(100_00, date(2022, 12, 1), date(2024, 2, 1), rates=rates)
    lines = worked.parts("interest")
    # 2022: 0.08 %, computed; 2023 and 2024 as published; 31, 365 and 31 days.
    assert [line.figures["rate_ppm"] for line in lines] == [800, 16_900, 49_300]
    assert [line.figures["share_of_year"] for line in lines] == ["31/365", "365/365", "31/366"]
    exact = Fraction(8 * 31, 365) + 169 + Fraction(493 * 31, 366)
    assert [line.exact_cents for line in lines] == [Fraction(8 * 31, 365), 169, Fraction(493 * 31, 366)]
    assert worked.step("interest in all").exact_cents == exact
    assert worked.result["interest_cents"] == 211  # 0.679 + 169 + 41.757 = 211.436


def test_a_rate_from_the_middle_of_a_year_is_a_line_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("rates") / "rates.csv"
    path.write_text("effective_from,rate_percent\n2023-01-01,1.00\n2023-07-01,2.00\n", "utf-8")
    worked = interest_of(365_00, date(2023, 1, 1), date(2024, 1, 1), rates=RateTable.from_csv(path))
    # One cent a day for 181 days, two for 184.
    assert [line.exact_cents for line in worked.parts("interest")] == [181, 368]
    assert worked.result["interest_cents"] == 549


def test_rounding_by_year_shows_each_year() -> None:
    # 50.00 earns 84.5 cents in 2023 at 1.69 % and 246.5 in 2024 at 4.93 %: 85 + 247 = 332, but 331 in one sum.
    worked = interest_of(50_00, date(2023, 1, 1), date(2025, 1, 1), {"rounding_point": "year"})
    years = [worked.step(f"interest in all of {year}") for year in (2023, 2024)]
    assert [year.exact_cents for year in years] == [Fraction(169, 2), Fraction(493, 2)]
    assert [year.figures["year_cents"] for year in years] == [85, 247]
    assert worked.step("interest in all").figures["interest_cents"] == 332
    assert worked.step("interest in all").formula == "0.85 + 2.47"
    assert interest_of(50_00, date(2023, 1, 1), date(2025, 1, 1)).result["interest_cents"] == 331


@pytest.mark.parametrize(("mode", "cents"), [("half_up", 85), ("half_even", 84), ("down", 84), ("up", 85)])
def test_rounding_modes_on_a_half_cent(mode: str, cents: int) -> None:
    worked = interest_of(50_00, date(2023, 1, 1), date(2024, 1, 1), {"rounding_mode": mode})
    total = worked.step("interest in all")
    assert (total.exact_cents, total.rounding) == (Fraction(169, 2), mode)
    assert total.figures["interest_cents"] == cents
    assert next(each for each in total.parameters if each.name == "rounding_mode").set_by == "switch"


def test_no_day_no_line() -> None:
    worked = interest_of(50_00, NEW_YEAR, NEW_YEAR)
    assert worked.parts("interest") == []
    assert worked.step("interest in all").exact_cents == 0
    assert worked.step("days that earn").formula == "no day counts"
    assert interest_of(50_00, NEW_YEAR, NEW_YEAR, {"rounding_point": "year"}).result["interest_cents"] == 0


def test_provisional_only_where_a_provisional_rate_was_used() -> None:
    assert is_provisional(interest_of(50_00, date(2026, 12, 1), date(2027, 1, 2)).steps)
    assert not is_provisional(interest_of(50_00, date(2026, 12, 1), date(2027, 1, 1)).steps)


def test_every_step_rests_on_something_cited() -> None:
    for step in interest_of(50_00, date(2022, 1, 1), date(2025, 1, 1)).steps:
        assert step.parameters or step.passages, step.label
        assert all(each.citation.quote for each in step.parameters)


@pytest.mark.parametrize("figure", ["interest_cents", "days"])
def test_a_result_one_off_is_not_explained(figure: str) -> None:
    worked = interest_of(50_00, date(2022, 1, 1), date(2025, 1, 1))
    wrong = {**worked.result, figure: worked.result[figure] + 1}
    with pytest.raises(PuccalcError, match="differ"):
        report.steps(worked.row, wrong, law=law_on(date(2026, 12, 31)), rates=shipped())
