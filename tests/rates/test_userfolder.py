"""Where rates are recorded, and where nobody can tell: shipped data, or a message that names the setting."""

import errno
import os
import pwd
from pathlib import Path

import pytest

from calc.errors import DataError
from calc.rates.fred.snapshot import current_series, load_snapshot
from calc.rates.register.entries import load_register
from calc.rates.userfolder import one_writer, user_folder
from tests.cases.command import puccalc

RATE = ["rates", "compute", "--year", "2024", "--json"]
"""4.93 percent by the shipped months, as the Commission published it."""


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither HOME nor an entry in the system's list of users, as in a container."""

    def getpwuid(uid: int) -> pwd.struct_passwd:
        raise KeyError(uid)

    monkeypatch.delenv("PUCCALC_HOME")
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", getpwuid)


@pytest.mark.usefixtures("nobody")
def test_without_a_home_the_shipped_data_are_in_use() -> None:
    assert user_folder() is None
    assert load_snapshot() is None
    assert load_register().entries == ()
    found = puccalc(RATE)
    assert (found.code, found.json()["rate_percent"]) == (0, "4.93")
    written = puccalc(["rates", "propose", "--year", "2026", "--by", "Ann"])
    assert (written.code, "PUCCALC_HOME" in written.err) == (3, True)


def test_a_home_that_is_no_folder_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PUCCALC_HOME")
    monkeypatch.setenv("HOME", os.devnull)
    assert current_series().checksum
    assert puccalc(RATE).json()["rate_percent"] == "4.93"
    written = puccalc(["rates", "propose", "--year", "2026", "--by", "Ann"])
    assert (written.code, "PUCCALC_HOME" in written.err) == (3, True)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM])
def test_somebody_else_s_home_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int) -> None:
    """What was approved there cannot be told, so that no rate may be given in its place."""
    monkeypatch.delenv("PUCCALC_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))

    def refuse(path: Path, *_: object, **__: object) -> bytes:
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr("calc.rates.userfolder.Path.read_bytes", refuse)
    for read in (load_snapshot, load_register):
        with pytest.raises(DataError, match=r"cannot be read .*PUCCALC_HOME"):
            read()
    monkeypatch.setattr("calc.rates.userfolder.Path.mkdir", refuse)
    with pytest.raises(DataError, match=r"cannot be written in .*PUCCALC_HOME"), one_writer():
        pass


def test_a_setting_that_names_no_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("PUCCALC_HOME", str(tmp_path / "file"))
    found = puccalc(RATE)
    assert (found.code, "PUCCALC_HOME names" in found.err) == (3, True)
