"""Files of rate schedules: what is read exactly, and what is refused with file, line and key."""

from datetime import date
from pathlib import Path

import pytest

from calc.errors import DataError
from calc.rules.rate_schedule import parse_rate_schedules
from calc.rules.rate_schedule_schema import Rider, Tier
from calc.rules.resolve import load_rules
from tests.rules.test_tariff import TEXT

ON = date(2026, 9, 30)
HEAD = """\
title = "Made up"
[[schedule]]
code = "R"
title = "Residential"
service = "electric"
unit = "kWh"
effective_from = 2026-01-01
citation = "Sheet 30"
fixed_charge = "7.105"
"""
PLAIN = HEAD + "tiers = [{ price = 0.1 }]\n"
NEXT = PLAIN.partition("\n")[2].replace("2026-01-01", "2027-01-01")


def test_numbers_are_exact_and_months_shared_out() -> None:
    text = HEAD + (
        "seasons = [{ months = [6, 7], tiers = [{ through = 500.125, price = 0.000001 }, { price = 1e-6 }] },\n"
        "{ months = [1, 2, 3, 4, 5, 8, 9, 10, 11, 12], tiers = [{ price = 2 }] }]\n"
        "riders = [{ name = 'a', price = -0.015, months = [1] }, { name = 'b', percent = 0.7812, of = 'base' }]\n"
    )
    (found,) = parse_rate_schedules("rates.toml", text.encode())["R"]
    assert found.fixed_charge_micros == 7_105_000
    assert found.tiers[5] == (Tier(500_125, 1), Tier(None, 1))
    assert found.tiers[0] == (Tier(None, 2_000_000),)
    assert found.riders == (Rider("a", -15_000, 0, "", (1,)), Rider("b", 0, 7_812, "base", tuple(range(1, 13))))


def test_versions_follow_each_other() -> None:
    found = parse_rate_schedules("rates.toml", (PLAIN + NEXT).encode())["R"]
    assert [each.effective_from for each in found] == [date(2026, 1, 1), date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("title = 'x'\n", 1, "expected at least one table [[schedule]]"),
        (PLAIN.replace('"electric"', '"water"'), 5, "schedule.service: is water; expected one of electric, gas"),
        (PLAIN.replace('citation = "Sheet 30"\n', ""), 2, "schedule.citation: missing"),
        (PLAIN.replace('"7.105"', "-1"), 9, "schedule.fixed_charge: is -1; expected a number with at most 6 decimals"),
        (PLAIN.replace("0.1", "0.0000001"), 10, "schedule.tiers: is "),
        (PLAIN.replace("{ price = 0.1 }", "{ through = 5, price = 0.1 }"), 10, "the last tier has a through"),
        (PLAIN.replace("{ price = 0.1 }", "{ price = 0.1 }, { price = 0.2 }"), 10, "schedule.tiers: missing"),
        (PLAIN.replace("[{ price = 0.1 }]", "[]"), 10, "no tier"),
        (PLAIN + "seasons = []\n", 10, "either tiers, for every month, or seasons"),
        (HEAD + "seasons = [{ months = [1], tiers = [{ price = 1 }] }]\n", 10, "no season has month 2, 3"),
        (
            HEAD + "seasons = [{ months = [1], tiers = [{ price = 1 }] }, { months = [1], tiers = [{ price = 1 }] }]\n",
            10,
            "month 1 is in two seasons",
        ),
        (PLAIN + "riders = [{ name = 'a', percent = 1 }]\n", 11, "a: of missing; expected one of base, charges"),
        (PLAIN + "riders = [{ name = 'a', price = 1, percent = 1 }]\n", 11, "either a price per unit or a percent"),
        (PLAIN + "riders = [{ name = 'a', percent = -100.0001, of = 'base' }]\n", 11, "from -100 through 1000"),
        (PLAIN + "riders = [{ name = 'a', prize = 1 }]\n", 11, "prize is unknown"),
        (
            PLAIN + "riders = [{ name = 'a', price = 1, months = [13] }]\n",
            11,
            "expected different months, 1 through 12",
        ),
        (PLAIN + "demand = 1\n", 11, "schedule.demand: unknown"),
        (PLAIN + PLAIN.partition("\n")[2], 16, "expected a day after 2026-01-01"),
        (PLAIN + NEXT.replace("kWh", "MWh"), 14, "expected the same service and unit"),
    ],
)
def test_refused(text: str, line: int, words: str) -> None:
    with pytest.raises(DataError) as error:
        parse_rate_schedules("rates.toml", text.encode())
    assert f"rates.toml, line {line}: " in str(error.value)
    assert words in str(error.value)


def test_a_tariff_names_its_file(tmp_path: Path) -> None:
    """From its own folder on; both files make the tariff's checksum."""
    (tmp_path / "mine.toml").write_text(f'rate_schedules = "rates.toml"\n{TEXT}', "utf-8")
    (tmp_path / "rates.toml").write_text(PLAIN, "utf-8")
    first = load_rules(ON, tariff=str(tmp_path / "mine.toml")).tariff
    assert list(first.rate_schedules) == ["R"]
    (tmp_path / "rates.toml").write_text(PLAIN + NEXT, "utf-8")
    second = load_rules(ON, tariff=str(tmp_path / "mine.toml")).tariff
    assert len(second.rate_schedules["R"]) == 2
    assert first.checksum != second.checksum


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(f'rate_schedules = "rates.toml"\n{TEXT}', "utf-8")
    with pytest.raises(DataError, match=r"rates.toml: cannot be read as rate schedules"):
        load_rules(ON, tariff=str(tmp_path / "mine.toml"))
