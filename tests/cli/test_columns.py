"""`puccalc columns`: the contract as data, as tables, as the document."""

import json
from typing import Any

import pytest

from calc import cli


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int | str | None, str, str]:
    with pytest.raises(SystemExit) as raised:
        cli.main(("columns", *arguments))
    return raised.value.code, *capsys.readouterr()


def test_json_has_datasets_reasons_and_map_keys(capsys: pytest.CaptureFixture[str]) -> None:
    code, text, _ = run(capsys, "--json")
    found = json.loads(text)
    assert code == 0
    assert set(found["datasets"]) >= {"deposits", "accounts", "participants", "transactions", "interest"}
    assert found["reasons"]["bad_date"] == "not a date written YYYY-MM-DD, or not a day of the calendar"
    assert set(found["map_keys"]) >= {
        "delimiter", "encoding", "trim", "date_format", "names", "date_formats", "constants", "words",
    }  # fmt: skip


def test_a_column_has_type_bounds_words_and_default(capsys: pytest.CaptureFixture[str]) -> None:
    """As the table of files in the public contract has them."""
    columns = {each["name"]: each for each in dataset(capsys, "deposits")["columns"]}
    assert columns["kind"]["words"] == [
        "deposit", "construction_advance", "overcharge_refund", "cost_adjustment_credit",
    ]  # fmt: skip
    assert (columns["kind"]["optional"], columns["kind"]["default"]) == (True, "deposit")
    assert (columns["paid_date"]["optional"], columns["paid_date"]["nullable"]) == (False, True)
    principal = columns["principal_cents"]
    assert (principal["lowest"], principal["highest"], principal["dollars"]) == (0, 10**12, "principal")
    sizes = {each["name"]: each for each in dataset(capsys, "participants")["columns"]}
    assert (sizes["household_size"]["lowest"], sizes["household_size"]["highest"]) == (1, 30)
    assert sizes["months_remaining"]["default"] == 12


def test_a_status_has_its_meaning(capsys: pytest.CaptureFixture[str]) -> None:
    status = next(each for each in dataset(capsys, "deposits")["results"] if each["name"] == "status")
    assert status["words"]["overdue"] == "The four months have passed; six percentage points are added to the rate."
    assert next(iter(status["words"])) == "not_received"


def test_tables_for_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    code, text, _ = run(capsys, "interest")
    assert code == 0
    assert "Columns of interest" in text
    assert "Keys of a map" in text
    assert "Columns of deposits" not in text


def test_a_dataset_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, text, error = run(capsys, "depots")
    assert (code, text) == (2, "")
    assert all(name in error for name in ("deposits", "accounts", "participants", "transactions", "interest"))


def dataset(capsys: pytest.CaptureFixture[str], name: str) -> dict[str, Any]:
    _, text, _ = run(capsys, name, "--json")
    found = json.loads(text)["datasets"]
    assert list(found) == [name]
    return found[name]  # type: ignore[no-any-return]
