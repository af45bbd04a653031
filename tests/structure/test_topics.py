"""A topic is declared once: every way in has its fields, and no other module repeats them by its name."""

import ast

import pytest

import calc
from api.answering.topics import TOPICS as SERVED
from api.pages.calculators import CALCULATORS
from calc.cli.quote_options import parameter_name, parameters_of
from calc.topics.table import TOPICS
from calc.topics.topic import QuoteField, Topic
from tests.structure.kernels import ROOT, python_files

OF_A_YEAR = {"first_bill_date"}
"""What a participant's yearly figures do not look at."""
OF_POSTINGS = {"interest_payment"}
"""What a deposit's figures do not look at, only `puccalc post`."""


def fields_of(topic: Topic) -> list[QuoteField]:
    return [field for group in topic.groups for field in group.fields]


@pytest.mark.parametrize("name", TOPICS)
def test_every_way_in_has_the_declared_fields(name: str) -> None:
    topic = TOPICS[name]
    declared = {field.name for field in fields_of(topic)}
    said_once = {"jurisdiction", "tariff", "switches", "rate_ppm", "rates", "explain"}
    model = set(SERVED[name].quote.model_fields) - said_once
    form = {field.name for field in CALCULATORS[name].fields()} - {"rate_ppm", "rates"}
    command = {each.name for each in parameters_of(topic)}
    assert declared == model == form
    assert command == {parameter_name(field) for field in fields_of(topic)}


@pytest.mark.parametrize("name", TOPICS)
def test_a_field_has_the_datasets_bounds_and_words(name: str) -> None:
    """A quote may take less than a file (a share within one), never more."""
    topic = TOPICS[name]
    columns = {column.name: column for column in topic.dataset.columns}
    for field in fields_of(topic):
        if field.name in columns:
            own = columns[field.name]
            assert (field.column.holds, field.column.words) == (own.holds, own.words)
            assert own.lowest <= field.column.lowest <= field.column.highest <= own.highest


@pytest.mark.parametrize("name", TOPICS)
def test_every_column_but_names_can_be_asked(name: str) -> None:
    topic = TOPICS[name]
    asked = {field.name for field in fields_of(topic)}
    columns = {column.name for column in topic.dataset.columns if column.holds.name != "TEXT"}
    assert columns - OF_A_YEAR - OF_POSTINGS <= asked


@pytest.mark.parametrize("name", TOPICS)
def test_what_is_shown_is_computed(name: str) -> None:
    topic = TOPICS[name]
    assert set(topic.reading_results) | set(topic.unknown_results) <= set(topic.dataset.results)


@pytest.mark.parametrize("name", TOPICS)
def test_the_notebooks_function_says_every_column_and_result(name: str) -> None:
    topic = TOPICS[name]
    text = str(getattr(calc, name.replace("-", "_")).__doc__)
    for column in (*topic.dataset.columns, *topic.more_columns):
        assert f"    {column.name} (" in text
        assert column.meaning in text
    for result in topic.dataset.declared_results:
        assert result.meaning in text


def tables_by_topic(source: str) -> list[int]:
    """Lines of dictionaries with names of two or more topics among their keys."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict):
            keys = {key.value for key in node.keys if isinstance(key, ast.Constant)}
            if len(keys & set(TOPICS)) > 1:
                found.append(node.lineno)
    return found


def test_no_table_by_the_names_of_topics() -> None:
    sources = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in python_files("calc", "api")}
    found = {path for path, source in sources.items() if tables_by_topic(source)}
    notebook_functions = "calc/__init__.py"
    topics_of_rules = {"calc/rules/schema.py", "api/pages/rule_pages.py"}
    assert found == {notebook_functions, *topics_of_rules}


def test_a_table_by_the_names_of_topics_is_found() -> None:
    assert tables_by_topic('A = 1\nB = {"interest": 1, "unclaimed": 2}\n') == [2]
