"""The extras: one table in the code and in pyproject.toml, and what works, or says what to install, without them."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from calc.cli import doctor
from calc.extras import EXTRAS, missing_modules
from tests.structure.kernels import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
WITH_TYPER = {"pydantic"}
"""What the command line's package brings along anyway."""
ALL = sorted({name for names in EXTRAS.values() for name in names} - WITH_TYPER)
PAGES_ALONE = {"itsdangerous"}
"""Packages of the service that are small, pure Python and never there without the others."""

WITHOUT = f"""
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {[*ALL, *PAGES_ALONE, "starlette", "pandas", "uvicorn"]}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
import importlib.util
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name in {ALL} else found(name, package)
import importlib.metadata
version_of = importlib.metadata.version
def version(name):
    if name.replace("-", "_").removesuffix("_python") in {ALL}:
        raise importlib.metadata.PackageNotFoundError(name)
    return version_of(name)
importlib.metadata.version = version
"""


def distributions(requirements: Iterable[str]) -> set[str]:
    """Names of packages in requirements, those of the project's own extras left out."""
    names = (each.partition(">")[0].partition("[")[0] for each in requirements)
    return {name for name in names if name != "puccalc"}


def without_extras(statement: str) -> "subprocess.CompletedProcess[str]":
    """A fresh process in which no extra is installed."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT + statement], cwd=ROOT, capture_output=True, text=True, check=False
    )


def command(*words: str) -> "subprocess.CompletedProcess[str]":
    return without_extras(f"from calc.cli import main; main({list(words)!r})")


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_is_the_same_in_both_tables(extra: str) -> None:
    declared = PROJECT["optional-dependencies"][extra]
    also = [name for name in EXTRAS if f"puccalc[{name}]" in declared]
    installed_by = packages_distributions()
    brought = {installed_by[module][0].lower().replace("_", "-") for module in EXTRAS[extra]}
    stated = distributions(declared).union(*(distributions(PROJECT["optional-dependencies"][each]) for each in also))
    assert stated - PAGES_ALONE == brought


def test_the_tests_have_every_extra() -> None:
    assert {extra: missing_modules(extra) for extra in EXTRAS} == {extra: [] for extra in EXTRAS}


def test_what_every_installation_does_without_extras(tmp_path: Path) -> None:
    for words, said in (
        ("rates letter --year 2026", "Commission Staff"),
        ("rates table --json", "effective_from"),
        ("quote interest --principal 200.00 --received 2024-01-01 --through 2025-01-01", "9.86"),
        (f"keys create --keys {tmp_path / 'keys.json'} --name billing", "puc_"),
        ("serve --help", "Serve the API"),
    ):
        done = command(*words.split())
        assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), (words, done.stderr)
        assert said.lower() in done.stdout.lower(), words


@pytest.mark.parametrize(
    ("words", "extra"),
    [
        ("serve", "service"),
        ("rates letter --year 2026 -o letter.pdf", "letter"),
        ("rates letter --year 2026 --format html", "letter"),
        ("rates refresh", "refresh"),
    ],
)
def test_a_command_says_which_extra_to_install(words: str, extra: str) -> None:
    done = command(*words.split())
    assert done.returncode == 1
    assert f"pip install 'puccalc[{extra}]' (in a checkout: make setup)" in done.stderr
    assert all(module in done.stderr for module in set(EXTRAS[extra]) - WITH_TYPER)
    assert "Traceback" not in done.stderr


def test_the_run_on_spark_says_so_too() -> None:
    done = without_extras("import runpy; runpy.run_module('calc.bulk.spark', run_name='__main__')")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "pip install 'puccalc[spark]'" in done.stderr


def test_doctor_names_the_extras_and_misses_none() -> None:
    done = command("doctor", "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["missing"]) == (0, [])
    assert found["extras"] == dict.fromkeys(EXTRAS, False)
    assert doctor.examine()["extras"] == dict.fromkeys(EXTRAS, True)
    assert "not installed: pip install 'puccalc[letter]'" in command("doctor").stdout
