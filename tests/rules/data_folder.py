"""A data folder of a test's own: what the loaders see instead of the shipped one."""

import shutil
from pathlib import Path

import pytest

from calc import datafiles


class DataFolder:
    """A folder that PUCCALC_DATA_DIR names, empty or a copy of the shipped one, with a manifest once sealed."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch, *, shipped: bool = False) -> None:
        if shipped:
            shutil.copytree(datafiles.data_root(), root, dirs_exist_ok=True)
        self.root = root
        monkeypatch.setenv("PUCCALC_DATA_DIR", str(root))

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def copy(self, folder: str, new_folder: str) -> None:
        shutil.copytree(self.root / folder, self.root / new_folder)

    def edit(self, name: str, old: str, new: str) -> Path:
        path = self.root / name
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {name}"
        return self.write(name, text.replace(old, new))

    def seal(self) -> None:
        datafiles.write_manifest(self.root)
