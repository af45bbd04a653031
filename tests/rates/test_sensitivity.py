from datetime import date

import pytest

from calc.errors import RatesMissingError
from calc.rates.computing import sensitivity
from calc.rates.computing.sensitivity import Sensitivity, sensitivities
from calc.rules.resolve import load_rules
from tests.rates.by_hand import series_of

RULES = load_rules(date(2026, 10, 1))


def by_reading(year: int) -> dict[tuple[str, object], Sensitivity]:
    return {(each.switch, each.value): each for each in sensitivities(year, RULES)}


def rates(monkeypatch: pytest.MonkeyPatch, *sums_bp: int) -> dict[tuple[str, object], int]:
    """Rate of 2001 under each reading, over windows of 2000 and 2001 with the given sums."""
    monkeypatch.setattr(sensitivity, "current_series", lambda: series_of(2000, *sums_bp))
    return {reading: each.result.rate_ppm for reading, each in by_reading(2001).items()}


def test_every_reading_of_the_rule_and_no_number_that_the_text_gives() -> None:
    found = by_reading(2026)
    assert {switch for switch, _ in found} == {
        "average_decimals", "average_rounding", "threshold_inclusive", "threshold_stage", "published_override",
    }  # fmt: skip
    assert [reading for reading, each in found.items() if each.in_force] == [
        ("average_decimals", 2),
        ("average_rounding", "half_up"),
        ("threshold_inclusive", True),
        ("threshold_stage", "rounded"),
        ("published_override", True),
    ]
    assert len(found) == 15
    assert all(not each.years_changed for each in found.values() if each.in_force)


def test_2026_under_each_reading() -> None:
    found = {reading: each.result.rate_ppm for reading, each in by_reading(2026).items()}
    changed = {reading: ppm for reading, ppm in found.items() if ppm != 40800}
    assert changed == {  # 48.92 / 12 = 4.07666...
        ("average_decimals", 0): 40000,
        ("average_decimals", 1): 41000,
        ("average_decimals", 3): 40770,
        ("average_decimals", 4): 40767,
        ("average_rounding", "down"): 40700,
    }
    assert 2026 in by_reading(2026)["average_rounding", "down"].years_changed
    assert 2024 not in by_reading(2026)["average_rounding", "down"].years_changed  # a letter gives 4.93


@pytest.mark.parametrize("switch", ["half_even", "unrounded"])
def test_these_readings_change_no_year(switch: str) -> None:
    (reading,) = [each for each in sensitivities(2026, RULES) if each.value == switch]
    assert reading.years_changed == ()


def test_exactly_25_points(monkeypatch: pytest.MonkeyPatch) -> None:
    found = rates(monkeypatch, 4800, 5100)  # 4.00, then 4.25
    assert found["threshold_inclusive", True] == 42500
    assert found["threshold_inclusive", False] == 40000


def test_25_points_by_rounding_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    found = rates(monkeypatch, 4800, 5094)  # 4.00, then 4.245
    assert found["average_rounding", "half_up"] == 42500
    assert found["average_rounding", "half_even"] == 40000
    assert found["threshold_stage", "unrounded"] == 40000
    assert found["average_decimals", 3] == 40000


def test_missing_months_are_named() -> None:
    with pytest.raises(RatesMissingError, match="2027-09"):
        sensitivities(2028, RULES)
