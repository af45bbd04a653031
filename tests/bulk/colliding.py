"""Directories in which every key has the hash of every other, so that rows go to all parts and texts decide."""

from collections.abc import Callable

import numpy as np
import pytest

from calc.bulk.shuffle.key_index import KeyIndex
from calc.bulk.shuffle.spill import Directory


def collide(monkeypatch: pytest.MonkeyPatch, where: Callable[[KeyIndex], bool] = lambda _: True) -> None:
    """Make the directories of some indexes so; which keys may be repeated stays as it is."""
    real = KeyIndex.directory

    def directory(index: KeyIndex) -> Directory:
        made = real(index)
        if where(index):
            made._entries &= made._number
            made._entries.sort()
            made._hash_keys = lambda keys: np.zeros(keys.height, dtype=np.uint64)
        return made

    monkeypatch.setattr(KeyIndex, "directory", directory)
