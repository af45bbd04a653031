from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty user's data folder: the real one is never read or written."""
    folder = tmp_path / "home"
    monkeypatch.setenv("PUCCALC_HOME", str(folder))
    return folder
