"""Every column and result has a meaning in a line, with its unit; `docs/columns.md` is what the software reads."""

import polars as pl
import pytest

from calc.cli.columns import contract_with_map_keys
from calc.columns.contract import EVERY, Holds
from calc.columns.description import markdown
from tests.structure.kernels import ROOT

MEANINGS = {
    **{f"{dataset.name}.{each.name}": each.meaning for dataset in EVERY.values() for each in dataset.columns},
    **{f"{dataset.name}: {each.name}": each.meaning for dataset in EVERY.values() for each in dataset.declared_results},
}
LONGEST = 110
UNITS = {"_cents": "cents", "_ppm": "parts per million"}


def test_the_document_is_the_contract() -> None:
    """To take a change that is meant: puccalc columns --markdown > docs/columns.md."""
    assert (ROOT / "docs" / "columns.md").read_text("utf-8") == markdown(contract_with_map_keys())


@pytest.mark.parametrize("name", MEANINGS)
def test_a_meaning_is_one_line_with_its_unit(name: str) -> None:
    meaning = MEANINGS[name]
    assert meaning.endswith(".")
    assert meaning[0].isupper()
    assert "\n" not in meaning
    assert len(meaning) <= LONGEST
    for suffix, unit in UNITS.items():
        assert not name.endswith(suffix) or unit in meaning


@pytest.mark.parametrize("name", EVERY)
def test_words_that_are_explained_are_those_of_the_result(name: str) -> None:
    for each in EVERY[name].declared_results:
        assert not each.words or [word for word, _ in each.words] == each.dtype.categories.to_list()


@pytest.mark.parametrize("name", EVERY)
def test_what_is_totalled_is_in_cents_or_a_flag(name: str) -> None:
    dataset = EVERY[name]
    known = {column.name for column in dataset.columns} | {result.name for result in dataset.declared_results}
    assert set(dataset.totals) <= known
    flags = {name for name, dtype in dataset.results.items() if dtype == pl.Boolean}
    assert all(total.endswith("_cents") or total in flags for total in dataset.totals)
    if dataset.totals:
        by = dataset.results[dataset.total_by]
        assert by == pl.Int32 or by.categories.len() > 1


def test_every_kind_of_column_has_a_name() -> None:
    columns = [each for dataset in contract_with_map_keys()["datasets"].values() for each in dataset["columns"]]
    held = {each["type"] for each in columns}
    plain = {
        "text",
        "word",
        "cents",
        "whole number",
        "true or false",
        "list of cents",
        "list of thousandths of a unit",
        "date",
        "date and time",
    }
    assert held == plain
    assert len(held) == len(Holds), "records are a quote's own, and monthly amounts have two units"
