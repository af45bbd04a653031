r"""Every command where stdout is ASCII, and where a name is bytes that are no UTF-8: no command ends with 1."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from calc.cli.signs import plain
from tests.bulk.bad_rows import csv_of, numbered

BAD = b"d\xff.csv"


def run(*words: str | bytes, folder: Path, **settings: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PUCCALC_JIT": "0", **settings}
    return subprocess.run(
        [sys.executable, "-m", "calc.cli", *words], cwd=folder, env=environment, capture_output=True, check=False
    )


def test_signs_in_plain_letters() -> None:
    assert plain("Rule 3403(o), \N{SECTION SIGN} 4-3 \N{EM DASH} caf\N{LATIN SMALL LETTER E WITH ACUTE}") == (
        "Rule 3403(o), Sec. 4-3 - cafe"
    )
    assert plain(os.fsdecode(BAD)) == r"d\xff.csv"
    assert plain("\N{SNOWMAN}") == "?"


@pytest.mark.parametrize(
    "settings",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "LANG": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    ],
)
def test_an_output_that_is_ascii(settings: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("\n".join(csv_of("deposits", [numbered("deposits", 1)])), "utf-8")
    quote = ["quote", "unclaimed", "--principal", "200.00", "--received", "2022-03-01", "--service-ended", "2024-03-15",
             "--through", "2026-09-30", "--explain"]  # fmt: skip
    for words in (
        quote,
        ["rates", "table"],
        ["rates", "calendar", "--year", "2027"],
        ["run", "nightly", "--as-of", "2026-09-30", "--deposits", "d.csv", "--out", "out"],
        ["check", "out"],
        ["run", "nightly", "--help"],
    ):
        found = run(*words, folder=tmp_path, **settings)
        assert (found.returncode, found.stdout.isascii()) == (0, True), found.stderr
    found = run(*quote, "--json", folder=tmp_path, **settings)
    here = run(*quote, "--json", folder=tmp_path, PYTHONIOENCODING="utf-8")
    assert found.stdout.isascii()
    assert json.loads(found.stdout) == json.loads(here.stdout)


@pytest.mark.parametrize(
    "words",
    [
        ["check", BAD],
        ["resume", BAD],
        ["map", "suggest", BAD],
        ["rates", "verify", BAD],
        ["rates", "letter", "--year", "2026", "-o", BAD],
        ["keys", "list", "--keys", BAD],
        ["sample", "--rows", "10", "--seed", "1", "--out", BAD],
        ["run", "nightly", "--as-of", "2026-09-30", "--deposits", BAD, "--out", "out"],
        ["run", "nightly", "--as-of", "2026-09-30", "--deposits", ".", "--out", "out"],
        ["run", "nightly", "--as-of", "2026-09-30", "--deposits", "*.csv", "--out", "out"],
    ],
)
def test_a_name_that_is_no_text(words: list[str | bytes], tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(BAD)).write_text("\n".join(csv_of("deposits", [numbered("deposits", 1)])), "utf-8")
    found = run(*words, folder=tmp_path, PYTHONUTF8="1")
    assert (found.returncode, found.stdout) == (3, b"")
    assert rb"d\xff.csv" in found.stderr


def test_an_income_that_is_no_text_is_not_repeated(tmp_path: Path) -> None:
    for words in ([b"--income", b"18123.00\xff"], [b"--income=18123.00\xff"]):
        found = run("quote", "fixed-credit", *words, folder=tmp_path, PYTHONUTF8="1")
        assert (found.returncode, b"18123" in found.stderr) == (3, False)


def test_a_folder_whose_name_is_no_text_is_worked_in(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"in\xff")
    folder.mkdir()
    (folder / "d.csv").write_text("\n".join(csv_of("deposits", [numbered("deposits", 1)])), "utf-8")
    words = ["run", "nightly", "--as-of", "2026-09-30", "--deposits", "d.csv", "--out", "out"]
    assert run(*words, folder=folder, PYTHONUTF8="1").returncode == 0
    assert run("check", "out", folder=folder, PYTHONUTF8="1").returncode == 0
