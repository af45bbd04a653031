import json
import os
import subprocess
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from calc import cli
from calc.cli.options import parse_switches
from calc.errors import UsageError
from calc.rates.fred.series import shipped_series


class Run:
    """What the command printed and its exit code."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        with pytest.raises(SystemExit) as raised:
            cli.main(arguments)
        self.code = raised.value.code
        self.out, self.err = capsys.readouterr()

    def json(self) -> Any:  # noqa: ANN401 - whatever the command prints
        assert (self.code, self.err) == (0, "")
        return json.loads(self.out)


def months_file(tmp_path: Path, year: int, rates: list[str]) -> str:
    names = [f"{year - 2}-{month}" for month in (10, 11, 12)] + [f"{year - 1}-{month:02d}" for month in range(1, 10)]
    lines = [f"{month},{rate}" for month, rate in zip(names, rates, strict=True) if rate]
    path = tmp_path / "months.csv"
    path.write_text("\n".join(["month,rate_percent", *lines, ""]), "utf-8")
    return str(path)


def test_compute_2024(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Run(capsys, "rates", "compute", "--year", "2024", "--existing", "1.69", "--json").json()
    assert shown["months"][0] == {"month": "2022-10", "rate_percent": "4.43", "status": "published"}
    assert len(shown["months"]) == 12
    assert shown["sum_percent"] == "59.15"
    assert Fraction(shown["average_exact"]) == Fraction("59.15") / 12
    assert shown["average_percent"] == "4.93"
    assert shown["existing_percent"] == "1.69"
    assert (shown["difference_bp"], shown["average_is"]) == (324, "above")
    assert shown["decision"] == "reset"
    assert shown["rate_percent"] == "4.93"
    assert shown["effective_from"] == "2024-01-01"
    assert shown["source"] == "published"
    assert {citation["rule"] for citation in shown["citations"]} == {
        "4 CCR 723-3-3403(o)(II)",
        "4 CCR 723-4-4403(o)(II)",
    }
    assert "GS1" in shown["provenance"]["series"]
    assert shown["provenance"]["series_sha256"] == shipped_series().checksum


def test_compute_takes_the_existing_rate_of_the_chain(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Run(capsys, "rates", "compute", "--year", "2025", "--json").json()
    assert (shown["existing_percent"], shown["average_percent"], shown["difference_bp"]) == ("4.93", "4.93", 0)
    assert shown["average_is"] == "equal"
    assert (shown["decision"], shown["rate_percent"], shown["source"]) == ("keep", "4.93", "computed")


@pytest.mark.parametrize(("last", "decision", "rate"), [("4.00", "reset", "4.25"), ("3.94", "keep", "4.00")])
def test_compute_from_a_file_at_the_threshold(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, last: str, decision: str, rate: str
) -> None:
    # eleven months of 47.00 in all: with 4.00 the average is 4.25, with 3.94 it is 4.245, which half up is 4.25 too
    file = months_file(tmp_path, 2028, ["7.00", *["4.00"] * 10, last])
    shown = Run(
        capsys, "rates", "compute", "--year", "2028", "--existing", "4.00", "--series", file,
        "--set", "threshold_stage=unrounded", "--json",
    ).json()  # fmt: skip
    assert (shown["decision"], shown["rate_percent"], shown["average_percent"]) == (decision, rate, "4.25")
    assert shown["difference_bp"] == {"reset": 25, "keep": "49/2"}[decision]
    assert shown["switches"] == {"threshold_stage": "unrounded"}
    assert file in shown["provenance"]["series"]


@pytest.mark.parametrize(
    ("switch", "rate"),
    [
        ("average_decimals=3", "4.205"),
        ("average_rounding=half_even", "4.20"),
        ("average_rounding=down", "4.20"),
        ("threshold_bp=21", "4.21"),
        ("threshold_bp=22", "4.00"),
        ("published_override=false", "4.00"),
    ],
)
def test_switches_reach_the_rule(capsys: pytest.CaptureFixture[str], tmp_path: Path, switch: str, rate: str) -> None:
    file = months_file(tmp_path, 2028, ["4.26", *["4.20"] * 11])  # 50.46 / 12 = 4.205
    arguments = [
        "rates",
        "compute",
        "--year",
        "2028",
        "--existing",
        "4.00",
        "--series",
        file,
        "--set",
        switch,
        "--json",
    ]
    if not switch.startswith(("threshold_bp", "published")):
        arguments += ["--set", "threshold_bp=20"]
    assert Run(capsys, *arguments).json()["rate_percent"] == rate


def test_missing_months_are_named_with_exit_7(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run = Run(capsys, "rates", "compute", "--year", "2029", "--json")
    assert (run.code, run.out) == (7, "")
    assert "2027-10" in run.err
    assert "2028-09" in run.err
    file = months_file(tmp_path, 2024, ["4.00", "", *["4.00"] * 10])
    run = Run(capsys, "rates", "compute", "--year", "2024", "--series", file)
    assert run.code == 7
    assert "lacks 2022-11 (" in run.err


def test_provisional_year_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    assert Run(capsys, "rates", "compute", "--year", "2027", "--json").json()["source"] == "provisional"
    run = Run(capsys, "rates", "compute", "--year", "2027")
    assert "3.78 percent from 2027-01-01, provisional" in run.out
    assert "30 basis points below the existing rate" in run.out
    assert "2026-07, 2026-08, 2026-09" in run.out


def test_year_kept_from_a_provisional_one_is_marked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run = Run(capsys, "rates", "compute", "--year", "2028", "--series", months_file(tmp_path, 2028, ["3.90"] * 12))
    assert "3.78 percent from 2028-01-01, provisional" in run.out
    assert "the existing rate rests on derived months" in run.out


def test_year_without_an_existing_rate_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "rates", "compute", "--year", "1955", "--json")
    shown = json.loads(run.out)
    assert (shown["existing_percent"], shown["difference_bp"], shown["decision"]) == (None, None, "reset")
    assert shown["average_is"] is None
    assert "1954-12-31" in run.err


def test_published_rate_that_differs_is_noted(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "rates", "compute", "--year", "2012", "--existing", "0.75")
    assert "0.22 percent from 2012-01-01, computed" in run.out
    assert "published 0.34" in run.out


def test_table(capsys: pytest.CaptureFixture[str]) -> None:
    rows = Run(capsys, "rates", "table", "--json").json()
    assert len(rows) == 38
    assert {key: rows[0][key] for key in ("effective_from", "rate_percent", "source")} == {
        "effective_from": "1990-01-01",
        "rate_percent": "8.71",
        "source": "computed",
    }
    assert (rows[-1]["rate_percent"], rows[-1]["source"]) == ("3.78", "provisional")
    assert "provisional" in Run(capsys, "rates", "table").out


def test_table_as_it_was_known(capsys: pytest.CaptureFixture[str]) -> None:
    rows = Run(capsys, "rates", "table", "--known-on", "2023-12-31", "--json").json()
    assert (rows[-1]["effective_from"], rows[-1]["source"]) == ("2024-01-01", "computed")
    assert all(date.fromisoformat(row["known_on"]) <= date(2023, 12, 31) for row in rows)
    assert Run(capsys, "rates", "table", "--known-on", "1980-01-01").code == 7


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["rates", "compute"], 2, "--year"),
        (["rates", "compute", "--year", "1954"], 2, "1955"),
        (
            ["rates", "compute", "--year", "2024", "--existing", "1,69"],
            2,
            "'--existing': the value is not a plain decimal",
        ),
        (["rates", "compute", "--year", "2024", "--existing", "100.01"], 2, "percentage from 0 to 100"),
        (["rates", "table", "--known-on", "2024-02-30"], 2, "not a day of the calendar"),
        (["rates", "table", "--set", "threshold_bp"], 2, "SWITCH=VALUE"),
        (["rates", "table", "--set", "treshold_bp=1"], 2, "threshold_bp"),
        (["rates", "table", "--set", "threshold_bp=few"], 2, "a whole number"),
        (["rates", "compute", "--year", "2024", "--series", "none.csv"], 3, "none.csv"),
        (["rates", "melt"], 2, "melt"),
    ],
)
def test_errors_go_to_stderr_with_their_code(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    run = Run(capsys, *arguments)
    assert (run.code, run.out) == (code, "")
    assert words in run.err
    assert "Traceback" not in run.err


def test_value_of_an_option_is_not_repeated_in_its_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert "61234.567" not in Run(capsys, "rates", "compute", "--year", "2024", "--existing", "61234.567").err


def test_unexpected_error_is_one_line_and_a_traceback_with_debug(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr("calc.cli.rates.print_json", fail)
    run = Run(capsys, "rates", "table", "--json")
    assert (run.code, run.err.count("\n")) == (1, 1)
    assert "secret" not in run.err
    assert "Traceback" in Run(capsys, "rates", "table", "--json", "--debug").err


@pytest.mark.parametrize(
    ("error", "code"),
    [(KeyboardInterrupt(), 130), (OSError(28, "No space left on device"), 5), (BrokenPipeError(32, "x"), 141)],
)
def test_interrupt_full_disk_and_closed_pipe(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    def fail(_: object) -> None:
        raise error

    monkeypatch.setattr("calc.cli.rates.print_json", fail)
    assert Run(capsys, "rates", "table", "--json").code == code


def test_switch_given_twice_is_refused() -> None:
    assert parse_switches(["a=1", "b=2=3"]) == {"a": "1", "b": "2=3"}
    with pytest.raises(UsageError, match="twice"):
        parse_switches(["a=1", "a=1"])


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert Run(capsys, "--version").out.startswith("puccalc ")
    groups = (["rates"], ["quote"], ["run"], ["map"], ["keys"])
    for command in ([], *groups, ["rates", "compute"], ["rates", "table"]):
        assert "Example: puccalc" in Run(capsys, *command, "--help").out


def test_wrong_option_answers_without_loading_the_heavy_rooms() -> None:
    loaded = (
        "import sys; from calc import cli\n"
        "try: cli.main(['rates', 'compute'])\n"
        "finally: print(sorted({'numpy', 'numba', 'polars', 'rich.table', 'pandas'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout.strip()) == (2, "[]")


def test_command_runs_the_kernel_as_python() -> None:
    quick = (
        "import sys; from calc import cli\n"
        "try: cli.main(['rates', 'table', '--json'])\n"
        "finally: print('numba' in sys.modules, file=sys.stderr)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PUCCALC_JIT"}
    run = subprocess.run([sys.executable, "-c", quick], capture_output=True, text=True, check=False, env=environment)
    assert (run.returncode, run.stderr.strip()) == (0, "False")
    assert len(json.loads(run.stdout)) == 38
