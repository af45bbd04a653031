"""A map is proposed although a few sampled rows are bad: they are named, and the others are read."""

import tomllib
from pathlib import Path

import pytest

from calc.bulk.inputs.format_suggestion import PLAIN, date_format_of, money_style_of
from calc.bulk.inputs.map_suggestion import suggest_map


@pytest.mark.parametrize("place", [0, 7, 39])
def test_one_bad_row_of_forty(tmp_path: Path, place: int) -> None:
    rows = [["70001", "A1", "GAS", "8/9/2019 12:00:00 AM", "$1,250.00"] for _ in range(40)]
    rows[place][3:] = ["2/30/2019 12:00:00 AM", "see note"]
    path = tmp_path / "d.csv"
    lines = ["Dep No,Acct No,Type,Dep Date,Amount", *(",".join(f'"{cell}"' for cell in row) for row in rows)]
    path.write_text("\n".join(lines))
    text = suggest_map(path)
    found = tomllib.loads(text)["deposits"]
    assert found["date_formats"] == {"received_date": "M/D/YYYY 12:00:00 AM"}
    assert found["money_style"] == "1,234.56"
    assert "received_date: 1 sampled dates are not written M/D/YYYY 12:00:00 AM and will be refused" in text
    assert "principal_cents: 1 sampled amounts are not written 1,234.56 and will be refused" in text


def test_more_than_a_twentieth_are_too_many() -> None:
    days, amounts = ["01/05/2024"] * 19, ["$1,250.00"] * 19
    assert date_format_of([*days, "soon"]).text == "MM/DD/YYYY"
    assert date_format_of([*days, "soon", "later"]).text is None
    assert money_style_of([*amounts, "none"]).text == "1,234.56"
    assert money_style_of([*amounts, "none", "some"]).text is None


def test_a_day_behind_the_twelfth_decides_the_order() -> None:
    """What fits everything goes before what fits nearly all of it."""
    assert date_format_of([*["05/01/2024"] * 39, "13/01/2024"]).text == "DD/MM/YYYY"


def test_plain_amounts_stay_plain() -> None:
    assert money_style_of([*["1250.00"] * 39, "n/a"]) == (PLAIN, [], 1)
