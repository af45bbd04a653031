"""`puccalc keys`: a key is shown once, its file holds no secret, and a revoked one is told."""

import os
import stat
from pathlib import Path

import pytest

from api.http.keys import KeyStore
from tests.cases.command import puccalc


def test_create_list_revoke(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    made = puccalc(["keys", "create", "--keys", str(file), "--name", "billing", "--tariff", "example"])
    assert made.code == 0
    key = made.out.strip()
    kind, key_id, secret = key.split("_", 2)
    assert (kind, len(secret)) == ("puc", 43)
    assert secret not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert KeyStore(file).find(key) is not None
    listed = puccalc(["keys", "list", "--keys", str(file), "--json"]).json()
    assert [(each["id"], each["name"], each["tariff"], each["revoked"]) for each in listed] == [
        (key_id, "billing", "example", None)
    ]
    assert "sha256" not in listed[0]
    assert key_id in puccalc(["keys", "list", "--keys", str(file)]).out
    assert puccalc(["keys", "revoke", "--keys", str(file), "--id", key_id]).code == 0
    assert KeyStore(file).find(key) is None
    assert puccalc(["keys", "list", "--keys", str(file), "--json"]).json()[0]["revoked"] is not None


def test_a_list_cuts_nothing_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    keys = ["--keys", str(tmp_path / "keys.json")]
    every = "quotes,batches,reference,metrics"
    puccalc(["keys", "create", *keys, "--name", "billing", "--scopes", every, "--expires", "2100-12-31"])
    listed = puccalc(["keys", "list", *keys]).out
    assert "2100-12-31" in listed
    assert "\u2026" not in listed


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_changed_file_stays_its_services(tmp_path: Path) -> None:
    """Root rotates a key; the service, another user, must be able to read the file that is put in its place."""
    file = tmp_path / "keys.json"
    create = ["keys", "create", "--keys", str(file), "--name", "x"]
    puccalc(create)
    os.chown(file, 65_532, 65_531)
    file.chmod(0o640)
    key_id = puccalc(create).out.split("_")[1]
    puccalc(["keys", "revoke", "--keys", str(file), "--id", key_id])
    found = file.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (65_532, 65_531, 0o640)
    assert len(list(tmp_path.iterdir())) == 1


def test_what_cannot_be(tmp_path: Path) -> None:
    file = str(tmp_path / "keys.json")
    create = ["keys", "create", "--keys", file, "--name", "x"]
    assert puccalc([*create, "--scopes", "everything"]).code == 2
    assert "default, example" in puccalc([*create, "--tariff", "nobody"]).err
    assert puccalc([*create, "--expires", "soon"]).code == 2
    assert puccalc([*create, "--expires", "2026-01-31"]).code == 2
    assert puccalc(["keys", "list", "--keys", file]).code == 3
    puccalc(create)
    assert puccalc(["keys", "revoke", "--keys", file, "--id", "0"]).code == 2
