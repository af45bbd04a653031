"""Options of fields as a topic may declare them: names, values, opposites, and how an example writes them."""

from inspect import Parameter
from typing import Any, get_args

import pytest
import typer

from calc.cli.quote_options import name_of, parameters_of, value_of, written
from calc.columns.dataset import Column
from calc.columns.declared_columns import answer, bills, count, day, flag, moment, money, records, text, word
from calc.topics.table import TOPICS
from calc.topics.topic import Group, QuoteField, Topic

CHECKED = QuoteField(flag("checked", "", default=True), "Was checked")
UNCHECKED = QuoteField(flag("checked", "", default=True), "Was not checked", denied=True)
KNOWN = QuoteField(answer("known", ""), "Is known")
SET = QuoteField(flag("set", "", default=False), "Is set")


def parameter(field: QuoteField) -> Parameter:
    interest = TOPICS["interest"]
    topic = Topic(**{**{name: getattr(interest, name) for name in Topic.__slots__}, "groups": (Group("", (field,)),)})
    (found,) = parameters_of(topic)
    return found


def option(field: QuoteField) -> Any:  # noqa: ANN401 - Typer's own class
    """What Typer is told of a field's option."""
    return get_args(parameter(field).annotation)[1]


def read(column: Column, value: str) -> Any:  # noqa: ANN401 - what the column holds
    return option(QuoteField(column, "")).parser(value)


@pytest.mark.parametrize(
    ("column", "name"),
    [
        (money("past_due_cents", ""), "--past-due"),
        (day("service_ended_date", ""), "--service-ended"),
        (count("share_ppm", "", 0, 1), "--share"),
        (count("billed_days", "", 0, 1), "--billed-days"),
        (count("late_payments_12m", "", 0, 1), "--late-payments"),
    ],
)
def test_a_name_is_the_columns_without_its_unit(column: Column, name: str) -> None:
    assert name_of(QuoteField(column, "")) == name
    assert name_of(QuoteField(column, "", option="other")) == "--other"
    assert option(QuoteField(column, "")).default == name


@pytest.mark.parametrize(
    ("column", "value", "found", "metavar"),
    [
        (money("due_cents", ""), "12.30", 1_230, "DOLLARS"),
        (count("share_ppm", "", 0, 60_000), "4.5", 45_000, "PERCENT"),
        (count("forecast_low_f", "", -100, 150), "-5", -5, "COUNT"),
        (word("kind", "", ("a", "b")), "b", "b", "a|b"),
        (text("meter", "", pattern="^[0-9]{3}$"), "123", "123", "TEXT"),
        (text("county_fips", ""), "08031", "08031", "FIPS"),
        (bills("monthly_bill_cents", "", ()), "1.00, 2.50", (100, 250), "DOLLARS,DOLLARS,..."),
        (records("events", "", (count("month", "", 1, 12), money("amount_cents", "", optional=True))),
         "3,1.00", {"month": 3, "amount_cents": 100}, "MONTH[,AMOUNT]"),
    ],
)  # fmt: skip
def test_what_an_option_takes(column: Column, value: str, found: object, metavar: str) -> None:
    assert read(column, value) == found
    assert option(QuoteField(column, "")).metavar == metavar
    json = list(found) if isinstance(found, tuple) else [found] if isinstance(found, dict) else found
    field = QuoteField(column, "")
    assert written(field, json) == f"{name_of(field)} {value.replace(', ', ',')}"


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        (count("share_ppm", "", 0, 60_000), "6.5", "not a percentage from 0 to 6"),
        (count("forecast_low_f", "", -100, 150), "-101", "from -100 through 150"),
        (count("months", "", 1, 12), "-1", "from 1 through 12"),
        (word("kind", "", ("a", "b")), "c", "not one of a, b"),
        (text("meter", "", pattern="^[0-9]{3}$"), "12", "does not match"),
        (moment("at", ""), "2026-11-10", "written YYYY-MM-DDTHH:MM"),
    ],
)
def test_what_an_option_refuses(column: Column, value: str, why: str) -> None:
    """Without repeating the value."""
    with pytest.raises(typer.BadParameter) as refused:
        read(column, value)
    assert why in refused.value.message
    assert f"'{value}'" not in refused.value.message


@pytest.mark.parametrize(
    ("field", "names", "default", "set_to"),
    [
        (CHECKED, "--checked/--no-checked", True, {True: "--checked", False: "--no-checked"}),
        (UNCHECKED, "--no-checked", False, {True: "", False: "--no-checked"}),
        (KNOWN, "--known/--no-known", None, {True: "--known", False: "--no-known"}),
        (SET, "--set", False, {True: "--set", False: ""}),
    ],
)
def test_flags(field: QuoteField, names: str, default: bool | None, set_to: dict[bool, str]) -> None:
    assert option(field).default == names
    assert parameter(field).default is default
    assert {value: written(field, value) for value in set_to} == set_to


def test_the_opposite_is_taken_back() -> None:
    assert value_of(UNCHECKED, value=True) is False
    assert value_of(CHECKED, value=True) is True


def test_a_required_field_has_no_default() -> None:
    assert parameter(QuoteField(money("due_cents", ""), "", needed=True)).default is Parameter.empty
    assert parameter(QuoteField(word("kind", "", ("a", "b"), default=1), "")).default == "b"
    assert parameter(QuoteField(money("due_cents", "", optional=True), "")).default is None
