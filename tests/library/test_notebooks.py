"""The notebooks in `docs/notebooks` run, and answer what they say they answer."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.library.notebook import NOTEBOOKS, answers, texts


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_answers_as_it_is_kept(path: Path) -> None:
    notebook = json.loads(path.read_text("utf-8"))
    kept = [cell["outputs"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    found = answers(notebook)
    assert texts(found) == texts(kept)
    assert charts(found) == charts(kept) >= 3


def charts(outputs: list[list[dict[str, Any]]]) -> int:
    drawn = [each for cell in outputs for each in cell if "image/svg+xml" in each.get("data", {})]
    assert all("<svg" in "".join(each["data"]["image/svg+xml"])[:200] for each in drawn)
    return len(drawn)


def test_there_are_notebooks() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["portfolio"]
