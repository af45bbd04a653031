from pathlib import Path

import pytest

from tests.rules.data_folder import DataFolder


@pytest.fixture
def empty_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    return DataFolder(tmp_path / "data", monkeypatch)


@pytest.fixture
def shipped_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    return DataFolder(tmp_path / "data", monkeypatch, shipped=True)
