"""No test touches the user's own data folder: each finds an empty one."""

import pytest


@pytest.fixture(autouse=True)
def empty_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUCCALC_HOME", str(tmp_path_factory.mktemp("home")))
