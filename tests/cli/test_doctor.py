"""`puccalc doctor`: sound, damaged, incomplete."""

import json
import shutil
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from calc import datafiles
from calc.cli import doctor
from calc.kernels import _jit
from tests.cases.command import puccalc


def test_sound() -> None:
    found = puccalc(["doctor", "--json"]).json()
    assert found["sound"] is True
    assert found["missing"] == found["data"]["damaged"] == []
    assert found["data"]["files"] == len(datafiles.recorded_checksums())
    assert found["versions"]["python"] == ".".join(str(part) for part in sys.version_info[:3])
    assert found["versions"]["polars"] == version("polars")
    assert {"puccalc", "numpy", "numba", "pyarrow", "fredapi", "fastapi"} <= set(found["versions"])
    assert found["jit"] == ("works" if _jit.JIT else "off: the environment turns it off")
    assert (found["rates"]["first_date"], found["rates"]["last_date"]) == ("1990-01-01", "2027-12-31")
    assert (found["rates"]["last_rate_percent"], found["rates"]["provisional"]) == ("3.78", True)
    assert 1 <= found["threads"] <= found["cores"]


def test_for_a_person() -> None:
    finished = puccalc(["doctor"])
    assert (finished.code, finished.err) == (0, "")
    assert "3.78, provisional" in finished.out
    assert "0 damaged" in finished.out


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    shutil.copytree(datafiles.data_root(), folder)
    monkeypatch.setenv("PUCCALC_DATA_DIR", str(folder))
    return folder


def test_damaged_files_are_all_named(data: Path) -> None:
    altered, gone = data / "rates" / "gs1.csv", data / "rates" / "published.csv"
    altered.write_text(altered.read_text("utf-8").replace("4.43", "4.44"), "utf-8")
    gone.unlink()
    finished = puccalc(["doctor", "--json"])
    found = json.loads(finished.out)
    assert (finished.code, found["sound"], found["rates"]) == (3, False, None)
    assert [str(path) in " ".join(found["data"]["damaged"]) for path in (altered, gone)] == [True, True]
    assert len(found["data"]["damaged"]) == 2
    assert puccalc(["doctor"]).code == 3


def test_no_data_at_all(data: Path) -> None:
    (data / "manifest.toml").unlink()
    finished = puccalc(["doctor", "--json"])
    assert (finished.code, json.loads(finished.out)["data"]["files"]) == (3, 0)


def test_a_register_that_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "register.jsonl").write_text("{}\n", "utf-8")
    monkeypatch.setenv("PUCCALC_HOME", str(tmp_path))
    finished = puccalc(["doctor", "--json"])
    found = json.loads(finished.out)
    assert (finished.code, found["sound"], found["rates"], found["missing"]) == (3, False, None, [])
    assert "register.jsonl: entry 1" in found["data"]["damaged"][0]
    assert "restore" in puccalc(["doctor"]).out


def test_a_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PACKAGES", ("puccalc", "no-such-package"))
    finished = puccalc(["doctor", "--json"])
    found = json.loads(finished.out)
    assert (finished.code, found["missing"], found["jit"]) == (1, ["package no-such-package"], "not tried")
    assert "MISSING" in puccalc(["doctor"]).out


def test_a_compiler_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(_jit, "JIT", True)
    monkeypatch.setattr("calc.kernels.arrearage.schedule_offsets", fail)
    finished = puccalc(["doctor", "--json"])
    assert (finished.code, json.loads(finished.out)["missing"]) == (1, ["compiler: fails: OSError"])
    monkeypatch.setattr("calc.kernels.arrearage.schedule_offsets", lambda *columns: columns[2].fill(0))
    assert "computes wrong" in puccalc(["doctor"]).out
