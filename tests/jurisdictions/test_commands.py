"""`puccalc jurisdictions`, `rates compute` and `rates table` for other jurisdictions."""

import json
from typing import Any

import pytest

from calc import cli

EVERY_ID = ["us-co", "us-ct", "us-fl", "us-ky", "us-ma", "us-ma-municipal", "us-md", "us-mn", "us-ms", "us-nh", "us-va"]


class Run:
    """What a command printed and its exit code."""

    def __init__(self, capsys: pytest.CaptureFixture[str], line: str) -> None:
        with pytest.raises(SystemExit) as raised:
            cli.main(line.split())
        self.code = raised.value.code
        self.out, self.err = capsys.readouterr()

    def json(self) -> Any:  # noqa: ANN401 - whatever the command prints
        assert (self.code, self.err) == (0, "")
        return json.loads(self.out)


def test_jurisdictions_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    listed = Run(capsys, "jurisdictions --json").json()
    assert {*EVERY_ID} <= {each["id"] for each in listed}
    by_id = {each["id"]: each for each in listed}
    assert by_id["us-ms"]["rule"] == "39 Miss. Code R. 3-1-9"
    assert (by_id["us-nh"]["rates_from"], by_id["us-nh"]["rates_through"]) == ("2021-07-01", "2024-09-30")
    assert (by_id["us-ma"]["rates_from"], by_id["us-co"]["rates_from"]) == (None, "1990-01-01")
    assert "Mississippi" in Run(capsys, "jurisdictions").out


def test_a_published_rate_that_outranks_is_flagged(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Run(capsys, "rates compute --year 2022 --jurisdiction us-ms --json").json()
    assert (shown["rate_percent"], shown["computed_percent"], shown["source"]) == ("1.39", "1.40", "published")
    assert "the rule gives 1.40" in shown["note"]
    assert [shown["months"][0]["month"], shown["months"][-1]["month"], len(shown["months"])] == [
        "2020-12", "2021-11", 12,
    ]  # fmt: skip
    assert {each["rule"] for each in shown["citations"]} == {"39 Miss. Code R. 3-1-9"}
    assert "10-year constant maturity" in shown["provenance"]["series"]


def test_a_year_of_quarters_and_one_quarter(capsys: pytest.CaptureFixture[str]) -> None:
    year = Run(capsys, "rates compute --year 2022 --jurisdiction us-nh --json").json()
    assert [each["rate_percent"] for each in year["periods"]] == ["3.25", "3.25", "4.00", "5.50"]
    one = Run(capsys, "rates compute --year 2022 --quarter 3 --jurisdiction us-nh --json").json()
    assert (one["period"], one["rate_percent"], one["effective_from"]) == ("2022-Q3", "4.00", "2022-07-01")


def test_colorado_is_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    named = Run(capsys, "rates compute --year 2024 --jurisdiction us-co --json").json()
    assert named == Run(capsys, "rates compute --year 2024 --json").json()
    assert named["rate_percent"] == "4.93"
    table = Run(capsys, "rates table --jurisdiction us-co --json").json()
    assert table == Run(capsys, "rates table --json").json()


def test_tables(capsys: pytest.CaptureFixture[str]) -> None:
    rows = Run(capsys, "rates table --jurisdiction us-ma-municipal --json").json()
    assert {row["effective_from"]: row["rate_percent"] for row in rows}["2013-01-01"] == "0.17"
    assert "2.00" in Run(capsys, "rates table --jurisdiction us-fl").out


@pytest.mark.parametrize(
    ("line", "code", "expected"),
    [
        ("rates compute --year 2024 --jurisdiction us-xx", 2, "no jurisdiction us-xx; expected one of us-co, us-ct"),
        ("rates table --jurisdiction us-ma", 7, "give the rates with --rate or --rates"),
        ("rates compute --year 2027 --jurisdiction us-ky", 7, "lacks 2026-10, 2026-11"),
        (
            "rates compute --year 2024 --jurisdiction us-ky --set threshold_bp=10",
            2,
            "--set goes with the rule of us-co",
        ),
        ("rates compute --year 2024 --jurisdiction us-ky --series no.csv", 2, "--series goes with the rule of us-co"),
        ("rates compute --year 2024 --quarter 2", 2, "leave --quarter out"),
        ("rates compute --year 2024 --quarter 2 --jurisdiction us-ky", 2, "leave the quarter out"),
    ],
)
def test_what_cannot_be_answered_says_why(
    line: str, code: int, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Run(capsys, line)
    assert (run.code, run.out) == (code, "")
    assert expected in run.err
