from datetime import date

import pytest

from calc.errors import UsageError
from calc.rules.resolve import load_rules
from calc.rules.schema import SWITCHES

ON = date(2026, 10, 31)

# Every switch of the rules, a value other than its default, and what the parameter then is.
OTHER = [
    ("annual_rate", "average_decimals", "3", 3),
    ("annual_rate", "average_rounding", "half_even", "half_even"),
    ("annual_rate", "threshold_bp", "10", 10),
    ("annual_rate", "threshold_inclusive", "false", False),
    ("annual_rate", "threshold_stage", "unrounded", "unrounded"),
    ("annual_rate", "published_override", "false", False),
    ("deposit_interest", "day_count", "thirty_e_360", "thirty_e_360"),
    ("deposit_interest", "day_ends", "both", "both"),
    ("deposit_interest", "rounding_mode", "down", "down"),
    ("deposit_interest", "rounding_point", "year", "year"),
    ("deposit_limit", "estimate", "peak_consecutive", "peak_consecutive"),
    ("deposit_limit", "return_window", "any_12", "any_12"),
    ("unclaimed", "more_than", "anniversary", "anniversary"),
    ("unclaimed", "surcharge_start", "last_day_of_period", "last_day_of_period"),
    ("unclaimed", "surcharge_mode", "multiplicative", "multiplicative"),
    ("unclaimed", "surcharge_base", "principal_plus_accrued", "principal_plus_accrued"),
    ("unclaimed", "surcharge_principal", "net_of_owed", "net_of_owed"),
    ("unclaimed", "efforts_scope", "both", "both"),
    ("unclaimed", "weekend_extension", "statute", "statute"),
    ("unclaimed", "owed_applied", "service_ended", "service_ended"),
    ("fixed_credit", "ami_basis", "share_of_median", "share_of_median"),
    ("participant_year", "grant_timing", "annual", "annual"),
]


def test_the_list_is_complete() -> None:
    assert [name for _, name, _, _ in OTHER] == list(SWITCHES)


@pytest.mark.parametrize(("topic", "name", "text", "value"), OTHER)
def test_a_switch_changes_its_parameter_for_both_services_and_nothing_else(
    topic: str, name: str, text: str, value: object
) -> None:
    plain, rules = load_rules(ON), load_rules(ON, switches={name: text})
    for service in ("electric", "gas"):
        before, after = getattr(plain.service(service), topic), getattr(rules.service(service), topic)
        differing = {slot for slot in after.__slots__ if getattr(after, slot) != getattr(before, slot)}
        assert differing == {name}
        assert getattr(after, name) == value
        assert type(getattr(after, name)) is type(value)
        assert rules.service(service).citations == plain.service(service).citations
    assert rules.switches == {name: text}
    assert rules.checksum == plain.checksum


@pytest.mark.parametrize("name", ["", "daycount", "Day_count", "limit_days", "surcharge_ppm", "gas_heat_highest_ppm"])
def test_an_unknown_switch_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(UsageError) as raised:
        load_rules(ON, switches={name: "actual_365"})
    assert str(raised.value) == f"no switch {name}; expected one of {', '.join(SWITCHES)}"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("day_count", "actual", "one of actual_actual, actual_365, actual_360, thirty_e_360"),
        ("threshold_inclusive", "True", "true or false"),
        ("threshold_inclusive", "1", "true or false"),
        ("average_decimals", "5", "a whole number from 0 through 4"),
        ("average_decimals", "-1", "a whole number from 0 through 4"),
        ("average_decimals", "2.0", "a whole number from 0 through 4"),
        ("average_decimals", "\u0662", "a whole number from 0 through 4"),
        ("threshold_bp", "10001", "a whole number from 0 through 10000"),
        ("threshold_bp", "9" * 5000, "a whole number from 0 through 10000"),
        ("threshold_bp", "", "a whole number from 0 through 10000"),
    ],
)
def test_a_value_that_the_switch_cannot_hold_is_refused_with_what_it_can(name: str, text: str, expected: str) -> None:
    with pytest.raises(UsageError) as raised:
        load_rules(ON, switches={name: text})
    assert str(raised.value) == f"switch {name} cannot be {text}; expected {expected}"


@pytest.mark.parametrize("ends", ["start_excluded_end_included", "both", "neither"])
def test_thirty_e_360_counts_by_the_default_day_ends_only(ends: str) -> None:
    with pytest.raises(UsageError) as raised:
        load_rules(ON, switches={"day_count": "thirty_e_360", "day_ends": ends})
    assert str(raised.value) == (
        f"day_count thirty_e_360 goes with day_ends start_included_end_excluded only, not with {ends}"
    )
    default = {"day_count": "thirty_e_360", "day_ends": "start_included_end_excluded"}
    assert load_rules(ON, switches=default).gas.deposit_interest.day_count == "thirty_e_360"
