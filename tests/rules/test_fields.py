from dataclasses import fields as dataclass_fields

import pytest

from calc.rules.fields import fields, topic_fields
from calc.rules.schema import SWITCHES, TOPICS


def test_field_names_are_unique_over_all_topics() -> None:
    names = [field.name for schema in TOPICS.values() for field in dataclass_fields(schema)]
    assert sorted(names) == sorted(fields())
    assert len(names) == len(set(names))


def test_every_word_and_truth_value_is_a_switch() -> None:
    words = {name for name, field in fields().items() if field.bounds is None}
    assert words == set(SWITCHES) - {"average_decimals", "threshold_bp"}


@pytest.mark.parametrize(
    ("name", "accepted", "refused"),
    [
        ("average_decimals", [0, 4], [-1, 5, True, "2", None, 2.0]),
        ("threshold_bp", [0, 10_000], [-1, 10_001]),
        ("threshold_inclusive", [True, False], [0, 1, "true", None]),
        ("rounding_mode", ["half_up", "half_even", "down", "up"], ["", "ceil", 1, None]),
        ("arrearage_months_min", [1, 24], [0, -1, 121]),
        ("gas_heat_lowest_ppm", [0, 1_000_000], [1_000_001, None]),
    ],
)
def test_accepts_the_type_and_the_bounds_and_nothing_else(
    name: str, accepted: list[object], refused: list[object]
) -> None:
    field = fields()[name]
    assert [value for value in accepted if not field.accepts(value)] == []
    assert [value for value in refused if field.accepts(value)] == []


def test_a_service_holds_its_own_account_classes_and_all_that_is_not_optional() -> None:
    electric, gas = (set(topic_fields("fixed_credit", service)) for service in ("electric", "gas"))
    assert electric & gas == {"recalculation_ppm", "poverty_guideline_ppm", "area_median_income_ppm", "ami_basis"}
    assert electric | gas == {name for name, field in fields().items() if field.topic == "fixed_credit"}
    assert "electric_heat_with_gas_highest_ppm" in electric
    assert "gas_electric_heat_highest_ppm" in gas
