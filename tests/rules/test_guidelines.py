import csv
import io
import tomllib
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from calc import datafiles
from calc.errors import DataError
from calc.rules.guidelines import GuidelinesInForce, load_guidelines
from calc.rules.resolve import load_rules
from calc.rules.schema import FixedCredit
from tests.rules.data_folder import DataFolder

DENVER, SUMMIT, BACA = "08031", "08117", "08009"


def in_force(on: date) -> GuidelinesInForce:
    return load_guidelines().in_force(on, rule())


def rule(**changes: Any) -> FixedCredit:  # noqa: ANN401 - fields of any type
    """The rule for electric service, with other values."""
    return replace(load_rules(date(2026, 10, 31)).electric.fixed_credit, **changes)


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(datafiles.read_text(f"guidelines/{name}"))))


@pytest.mark.parametrize(
    ("on", "size", "limit_cents"),
    [
        (date(2026, 1, 1), 1, 3_192_000),  # 2 x 15,960
        (date(2026, 12, 31), 4, 6_600_000),  # 2 x 33,000
        (date(2026, 6, 1), 8, 11_144_000),  # 2 x 55,720
        (date(2026, 6, 1), 9, 12_280_000),  # 2 x (55,720 + 5,680)
        (date(2026, 6, 1), 30, 36_136_000),  # 2 x (55,720 + 22 x 5,680)
        (date(2024, 5, 15), 3, 5_164_000),  # 2 x 25,820
        (date(2016, 7, 1), 6, 6_516_000),  # 2 x 32,580
        (date(2016, 7, 1), 7, 7_346_000),  # 2 x 36,730: ten dollars more than a base and steps of 4,140
        (date(2016, 7, 1), 8, 8_178_000),  # 2 x 40,890
        (date(2016, 7, 1), 10, 9_842_000),  # 2 x (40,890 + 2 x 4,160)
        (date(2005, 1, 1), 1, 1_914_000),  # 2 x 9,570
    ],
)
def test_poverty_limit_is_twice_the_published_guideline(on: date, size: int, limit_cents: int) -> None:
    guidelines = in_force(on)
    assert guidelines.poverty_limit_cents[size] == limit_cents
    assert guidelines.poverty_year == on.year


def test_another_share_of_the_poverty_guideline_is_rounded_down_to_the_cent() -> None:
    guidelines = load_guidelines().in_force(date(2026, 1, 1), rule(poverty_guideline_ppm=1_333_333))
    assert guidelines.poverty_limit_cents[1] == 2_127_999  # 1,596,000 x 1.333333 = 2,127,999.468


def test_the_newest_older_guideline_serves_a_year_without_its_own() -> None:
    later = in_force(date(2029, 3, 1))
    assert (later.poverty_year, later.poverty_limit_cents[1]) == (2026, 3_192_000)
    assert later.leap_year == "2026-2027"
    place = later.county_codes.index(DENVER)
    assert (later.ami_year[place], later.ami_limit_cents[place, 4]) == (2026, 10_680_000)


def test_a_day_before_all_guidelines_has_no_limit_at_all() -> None:
    early = in_force(date(2004, 12, 31))
    assert (early.poverty_year, early.leap_year) == (0, "")
    for limits in (early.poverty_limit_cents, early.ami_limit_cents, early.leap_limit_cents):
        assert np.all(limits == -1)
    assert not early.ami_year.any()


@pytest.mark.parametrize(
    ("on", "county", "size", "limit_cents", "year"),
    [
        (date(2026, 10, 31), DENVER, 3, 9_615_000, 2026),
        (date(2025, 12, 31), DENVER, 3, 9_380_000, 2025),
        (date(2024, 1, 1), DENVER, 1, 7_190_000, 2024),
        (date(2026, 10, 31), SUMMIT, 8, 15_190_000, 2026),
        (date(2026, 10, 31), BACA, 5, 8_415_000, 2026),
        (date(2023, 12, 31), DENVER, 3, -1, 0),
    ],
)
def test_area_median_income_limit_of_county_size_and_newest_year(
    on: date, county: str, size: int, limit_cents: int, year: int
) -> None:
    guidelines = in_force(on)
    place = guidelines.county_codes.index(county)
    assert guidelines.ami_limit_cents[place, size] == limit_cents
    assert guidelines.ami_year[place] == year


def test_all_counties_of_colorado_and_a_last_row_for_an_unknown_one() -> None:
    guidelines = in_force(date(2026, 10, 31))
    assert len(guidelines.county_codes) == 64
    assert list(guidelines.county_codes) == sorted(set(guidelines.county_codes))
    assert guidelines.ami_limit_cents.shape == (65, 9)
    assert np.all(guidelines.ami_limit_cents[:64, 1:] > 0)
    assert np.all(guidelines.ami_limit_cents[:, 0] == -1)
    assert np.all(guidelines.ami_limit_cents[64] == -1)
    assert guidelines.ami_year[64] == 0


def test_a_county_that_lacks_the_newest_year_has_its_own_newest(shipped_data: DataFolder) -> None:
    line = "08009,Baca,2026,70600,54550,62350,70150,77900,84150,90400,96600,102850\n"
    shipped_data.edit("guidelines/colorado_ami.csv", line, "")
    shipped_data.seal()
    guidelines = in_force(date(2026, 10, 31))
    baca, denver = (guidelines.county_codes.index(county) for county in (BACA, DENVER))
    assert (guidelines.ami_year[baca], guidelines.ami_limit_cents[baca, 1]) == (2025, 5_715_000)
    assert guidelines.ami_year[denver] == 2026


def test_another_share_of_the_area_median_income_is_refused() -> None:
    with pytest.raises(DataError, match=r"holds limits at 800000 ppm .* on 2026-10-31 asks for 600000; "):
        load_guidelines().in_force(date(2026, 10, 31), rule(area_median_income_ppm=600_000))


@pytest.mark.parametrize(
    ("on", "county", "share_ppm", "limit_cents", "year"),
    [
        (date(2026, 10, 31), DENVER, 800_000, 11_520_000, 2026),  # 80 % of 144,000; HUD's limit for four is 106,800
        (date(2025, 6, 1), DENVER, 800_000, 11_208_000, 2025),  # of 140,100
        (date(2026, 10, 31), BACA, 800_000, 5_648_000, 2026),  # of 70,600; HUD's limit for four is 77,900
        (date(2026, 10, 31), BACA, 600_000, 4_236_000, 2026),
        (date(2026, 10, 31), BACA, 333_333, 2_353_330, 2026),  # 7,060,000 x 0.333333 = 2,353,330.98
        (date(2023, 12, 31), DENVER, 800_000, -1, 0),
    ],
)
def test_a_share_of_the_median_whatever_the_size(
    on: date, county: str, share_ppm: int, limit_cents: int, year: int
) -> None:
    own = rule(ami_basis="share_of_median", area_median_income_ppm=share_ppm)
    guidelines = load_guidelines().in_force(on, own)
    place = guidelines.county_codes.index(county)
    assert guidelines.ami_limit_cents.shape == (65, 31)
    assert guidelines.ami_limit_cents[place].tolist() == [-1] + [limit_cents] * 30
    assert np.all(guidelines.ami_limit_cents[64] == -1)
    assert guidelines.ami_year[place] == year


@pytest.mark.parametrize(
    ("on", "leap_year", "size", "monthly_usd"),
    [
        (date(2022, 10, 1), "2022-2023", 1, 2_880),
        (date(2023, 9, 30), "2022-2023", 5, 6_425),
        (date(2023, 1, 1), "2022-2023", 8, 7_644),
        (date(2023, 1, 1), "2022-2023", 9, 7_810),  # 7,644 + 166
        (date(2024, 10, 1), "2024-2025", 4, 6_505),
        (date(2025, 9, 30), "2024-2025", 12, 9_757),  # 8,977 + 4 x 195
        (date(2020, 11, 1), "2020-2021", 4, 5_038),
        (date(2026, 9, 30), "2025-2026", 4, 6_938),
        (date(2026, 10, 1), "2026-2027", 4, 7_258),
        (date(2026, 10, 1), "2026-2027", 30, 14_791),  # 10,017 + 22 x 217
    ],
)
def test_leap_limit_is_twelve_times_the_month_of_the_leap_year(
    on: date, leap_year: str, size: int, monthly_usd: int
) -> None:
    guidelines = in_force(on)
    assert guidelines.leap_year == leap_year
    assert guidelines.leap_limit_cents[size] == 12 * 100 * monthly_usd


def test_no_leap_limit_before_the_first_leap_year() -> None:
    guidelines = in_force(date(2020, 9, 30))
    assert guidelines.leap_year == ""
    assert np.all(guidelines.leap_limit_cents == -1)
    assert guidelines.poverty_year == 2020


# As the Department published them; the other figures of the file are by the formula.
PUBLISHED_LEAP = {
    "2020-2021": {"1": 2619, "4": 5038},
    "2022-2023": {
        "1": 2880, "2": 3766, "3": 4652, "4": 5539, "5": 6425, "6": 7311, "7": 7477, "8": 7644, "further": 166,
    },
    "2024-2025": {
        "1": 3382, "2": 4423, "3": 5464, "4": 6505, "5": 7545, "6": 8586, "7": 8781, "8": 8977, "further": 195,
    },
}  # fmt: skip


def test_published_leap_figures_stand_as_published() -> None:
    found = {
        row["leap_year"]: {
            size: int(row["each_further_usd" if size == "further" else f"size_{size}_usd"])
            for size in row["published_sizes"].split()
        }
        for row in rows("leap_monthly_limits.csv")
        if row["published_sizes"]
    }
    assert found == PUBLISHED_LEAP


def test_every_leap_figure_follows_from_the_state_median_income() -> None:
    median = {int(row["federal_fiscal_year"]): int(row["four_person_usd"]) for row in rows("colorado_smi.csv")}
    percent = [52, 68, 84, 100, 116, 132, 135, 138, 3]
    for row in rows("leap_monthly_limits.csv"):
        sixty = median[int(row["leap_year"][5:])] * 60 // 100
        figures = [int(row[f"size_{size}_usd"]) for size in range(1, 9)] + [int(row["each_further_usd"])]
        assert figures == [sixty * share // 1200 for share in percent], row["leap_year"]


def test_arrays_are_whole_numbers_and_read_only() -> None:
    guidelines = in_force(date(2026, 10, 31))
    arrays = (
        guidelines.poverty_limit_cents,
        guidelines.ami_limit_cents,
        guidelines.ami_year,
        guidelines.leap_limit_cents,
    )
    for array in arrays:
        assert array.dtype == np.int64
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    assert len(guidelines.poverty_limit_cents) == len(guidelines.leap_limit_cents) == 31
    assert guidelines.poverty_limit_cents[0] == guidelines.leap_limit_cents[0] == -1


def test_provenance_names_authority_series_and_day_of_every_file() -> None:
    provenance = tomllib.loads(datafiles.read_text("guidelines/provenance.toml"))
    files = {f"guidelines/{entry['file']}" for entry in provenance.values()}
    assert files == set(datafiles.names("guidelines", ".csv"))
    for entry in provenance.values():
        assert entry["taken"] == date(2026, 11, 21)
        assert entry["authority"]
        assert entry["series"]
        assert entry["caveats"]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("federal_poverty.csv", "year,", "years,", "line 1: another header; expected year,size_1_usd,"),
        (
            "federal_poverty.csv",
            "2016,11880,",
            "2016,,",
            "line 13: size_1_usd is blank; expected a whole number above zero",
        ),
        (
            "federal_poverty.csv",
            "2016,11880,",
            "2016,11880.5,",
            "line 13: size_1_usd is 11880.5; expected a whole number ",
        ),
        (
            "federal_poverty.csv",
            "2016,11880,",
            "2016,0,",
            "line 13: size_1_usd is 0; expected a whole number above zero",
        ),
        (
            "federal_poverty.csv",
            "2016,11880,",
            "2015,11880,",
            "line 13: the figures of 2015 stand here a second time; ",
        ),
        ("federal_poverty.csv", "2016,11880,", "2016,", "line 13: 9 values; expected 10"),
        (
            "leap_monthly_limits.csv",
            "2023-2024",
            "2023-2025",
            "line 5: leap_year is 2023-2025; expected two years in a row",
        ),
        (
            "colorado_ami.csv",
            "08125,Yuma,2026",
            "8125,Yuma,2026",
            "line 193: county_fips is 8125; expected five digits",
        ),
        (
            "colorado_ami.csv",
            "08125,Yuma,2026",
            "08125,Yuma,2025",
            "line 193: the figures of 2025 stand here a second time",
        ),
    ],
)
def test_an_error_names_file_line_and_expectation(
    shipped_data: DataFolder, file: str, old: str, new: str, message: str
) -> None:
    path = shipped_data.edit(f"guidelines/{file}", old, new)
    shipped_data.seal()
    with pytest.raises(DataError) as raised:
        load_guidelines()
    assert str(raised.value).startswith(f"{path}, {message}")


def test_an_altered_guideline_is_refused_by_name(shipped_data: DataFolder) -> None:
    path = shipped_data.edit("guidelines/colorado_ami.csv", "08125,Yuma,2026,92600", "08125,Yuma,2026,92601")
    with pytest.raises(DataError) as raised:
        load_guidelines()
    assert str(raised.value).startswith(f"{path}: SHA-256 is ")
