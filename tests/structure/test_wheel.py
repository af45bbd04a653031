"""What the wheel installs: calc, api and puccalc, with the data inside calc, and nothing else at the top."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.structure.kernels import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    (built,) = folder.glob("*.whl")
    return built


def strangers(names: Iterable[str]) -> set[str]:
    """Top-level names besides calc, api, puccalc and the wheel's own metadata."""
    tops = {name.partition("/")[0] for name in names}
    return {top for top in tops if top not in {"calc", "api", "puccalc"} and not top.endswith(".dist-info")}


def test_it_installs_its_packages_only(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = archive.namelist()
    assert strangers(names) == set()
    packages = {f"{name}/__init__.py" for name in ("calc", "api", "puccalc")}
    assert packages | {"calc/py.typed", "puccalc/py.typed", "calc/data/manifest.toml"} <= set(names)


def test_a_stranger_is_found() -> None:
    names = ["calc/units.py", "tests/portfolio.py", "data/rates/gs1.csv", "puccalc-0.1.0.dist-info/RECORD"]
    assert strangers(names) == {"tests", "data"}


def test_every_data_file_travels(wheel: Path) -> None:
    listed = tomllib.loads((ROOT / "data/manifest.toml").read_text("utf-8"))["sha256"]
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {name for name in listed if f"calc/data/{name}" not in names} == set()


def test_every_file_that_is_no_code_travels(wheel: Path) -> None:
    """Templates of letters and pages, style sheets, fonts, icons and their licences, marks of types."""
    files = {
        path.relative_to(ROOT).as_posix()
        for folder in ("calc", "api", "puccalc")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts
    }
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert files - names == set()
    named = {
        "calc/report/letter/templates/letter.typ", "calc/report/letter/templates/worksheet.html",
        "calc/py.typed", "api/py.typed",
        "api/pages/templates/base.html", "api/pages/static/uswds/css/uswds.min.css",
        "api/pages/static/uswds/LICENSE.md",
    }  # fmt: skip
    assert named <= names


def test_it_works_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    with ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = "import calc, datetime; print(calc.__file__); print(calc.load_rules(datetime.date(2026, 10, 31)).checksum)"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    place, checksum = done.stdout.split()
    assert Path(place) == tmp_path / "calc/__init__.py"
    assert len(checksum) == 64
