"""Files that the documents name are there."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.structure.kernels import ROOT

FOLDERS = ("calc", "api", "data", "tests", "benchmarks", "docs", "deploy")
NAMED = re.compile(r"`((?:(?:" + "|".join(FOLDERS) + r")/[\w./*<>-]*)|(?:[\w<>*]+\.py))`")
NOT_KEPT = {"benchmarks/results/", "benchmarks/results/load.json", "benchmarks/results/ratios.json"}
"""What a run makes."""


def documents() -> Iterator[Path]:
    yield from sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("*/README.md")])


def missing(text: str) -> list[str]:
    """Files and folders between backquotes that are not there; `<topic>` and `TOPIC` stand for any word."""
    found = []
    for name in NAMED.findall(text):
        pattern = re.sub(r"<\w+>|TOPIC", "*", name).removesuffix("/")
        places = [pattern] if "/" in name else [f"{folder}/**/{pattern}" for folder in FOLDERS]
        if name not in NOT_KEPT and not any(True for place in places for _ in ROOT.glob(place)):
            found.append(name)
    return found


def test_files_named_in_the_documents_are_there() -> None:
    found = {path.name: missing(path.read_text("utf-8")) for path in documents()}
    assert {name: files for name, files in found.items() if files} == {}


def test_a_file_that_is_gone_is_named() -> None:
    there = (
        "`calc/units.py`, `calc/`, `calc/bulk/inputs/csv_*.py`, `test_<module>.py` and `data/rules/us-co/*/TOPIC.toml`"
    )
    assert missing(f"{there}, but not `calc/gone.py`, `docs/gone/` and `gone_too.py`") == [
        "calc/gone.py",
        "docs/gone/",
        "gone_too.py",
    ]
