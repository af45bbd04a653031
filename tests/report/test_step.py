"""Steps in themselves: rounding of exact fractions, disagreement, citations, JSON."""

from datetime import date
from fractions import Fraction

import pytest

from calc.errors import PuccalcError
from calc.report.explaining.step import Law, Step, agree, as_dicts, rounded_step, whole_step
from calc.rules.resolve import load_rules
from calc.rules.schema import SERVICES
from calc.units import rounded

LAW = Law(load_rules(date(2026, 1, 1), switches={"day_count": "actual_365"}), "gas")


@pytest.mark.parametrize(
    ("value", "half_up", "half_even", "down", "up"),
    [
        (Fraction(5, 2), 3, 2, 2, 3),
        (Fraction(7, 2), 4, 4, 3, 4),
        (Fraction(249, 100), 2, 2, 2, 3),
        (Fraction(251, 100), 3, 3, 2, 3),
        (Fraction(2), 2, 2, 2, 2),
        (Fraction(0), 0, 0, 0, 0),
    ],
)
def test_rounding(value: Fraction, half_up: int, half_even: int, down: int, up: int) -> None:
    assert [rounded(value, mode) for mode in ("half_up", "half_even", "down", "up")] == [half_up, half_even, down, up]


def test_a_figure_that_the_working_does_not_give_makes_no_step() -> None:
    assert rounded_step("limit", "limit_cents", 2, Fraction(5, 2), "down", "5 / 2").exact_cents == Fraction(5, 2)
    with pytest.raises(PuccalcError, match="limit: the working and the result differ") as raised:
        rounded_step("limit", "limit_cents", 3, Fraction(5, 2), "down", "5 / 2")
    assert raised.value.exit_code == 1
    assert whole_step("due", "due_cents", -5, 10 - 15, "10 - 15").exact_cents == -5
    with pytest.raises(PuccalcError, match="due"):
        whole_step("due", "due_cents", 5, 10 - 15, "10 - 15")
    agree("same", 1, 1)


def test_parameters_carry_the_citation_of_their_own_service() -> None:
    day_count, mode = LAW.parameters("day_count", "rounding_mode")
    assert (day_count.value, day_count.set_by, day_count.citation.rule) == (
        "actual_365",
        "switch",
        "4 CCR 723-4-4403(o)",
    )
    assert (mode.value, mode.set_by, mode.citation.rule) == ("half_up", "default", "4 CCR 723-4-4403(o)(I)")


def test_passages_come_from_the_authority_that_a_field_cites() -> None:
    (passage,) = LAW.passages("day_count", "(q)(III)", "(no such paragraph)")
    assert passage.rule == "4 CCR 723-4-4403(q)(III)"
    assert passage.quote.startswith("If payable under the utility's line extension tariff provisions")
    assert passage.effective_from == date(2024, 5, 15)


def test_json_of_a_step() -> None:
    step = Step(
        "a label",
        {"first_date": date(2026, 1, 1), "shares_cents": (1, 2), "none": None, "flag": True},
        "1 / 3",
        Fraction(1, 3),
        "half_up",
        LAW.parameters("surcharge_ppm"),
        LAW.passages("day_count", "(o)"),
        "a note",
        part=True,
    )
    (shown,) = as_dicts([step])
    assert shown["figures"] == {"first_date": "2026-01-01", "shares_cents": [1, 2], "none": None, "flag": True}
    assert (shown["exact_cents"], shown["rounding"], shown["part_of_sum"]) == ("1/3", "half_up", True)
    assert (shown["label"], shown["formula"], shown["note"]) == ("a label", "1 / 3", "a note")
    (surcharge,) = shown["parameters"]
    assert (surcharge["name"], surcharge["value"], surcharge["set_by"]) == ("surcharge_ppm", 60_000, "rules")
    assert surcharge["citation"]["quote"] == "plus six percent"
    assert surcharge["citation"]["confirmed_from"] == "2024-05-15"
    assert "Decision No. C24-0140" in surcharge["citation"]["source"]
    assert shown["passages"][0]["rule"] == "4 CCR 723-4-4403(o)"
    plain = as_dicts([Step("only a label", {})])[0]
    assert (plain["exact_cents"], plain["rounding"], plain["parameters"]) == (None, None, [])


@pytest.mark.parametrize("service", SERVICES)
def test_an_open_default_is_never_said_to_be_set_by_the_rules(service: str) -> None:
    law = Law(load_rules(date(2026, 10, 1)), service)
    for each in law.parameters(*law.own.citations):
        assert (each.how_set == "open reading: default") == (each.citation.reading == "open"), each.name
        assert (each.how_set == "set by the rules") == (each.citation.reading == "text"), each.name
