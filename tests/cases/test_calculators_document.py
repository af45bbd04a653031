"""The worked figures of documents are what the commands above them print."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from calc.topics.table import TOPICS
from tests.cases.command import puccalc

ROOT: Final = Path(__file__).parents[2]
DOCUMENT: Final = ROOT / "docs/calculators.md"
WORKED: Final = (DOCUMENT, ROOT / "docs/annual-bill.md")
_CASE: Final = re.compile(r"^    (puccalc .+)\n\n\| result \|.+\n\|[-|]+\|\n((?:\|.+\n)+)", re.MULTILINE)


def cases(*documents: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each command of documents with the figures of the table below it."""
    for command, rows in (case for each in documents for case in _CASE.findall(each.read_text("utf-8"))):
        cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows.splitlines()]
        yield command, {name: figure for name, figure, *_ in cells}


def written(value: Any) -> str:  # noqa: ANN401 - a value of JSON
    """Write a JSON value as the document does."""
    if isinstance(value, list):
        return ", ".join(written(each["ground"] if isinstance(each, dict) else each) for each in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize(("command", "figures"), list(cases(*WORKED)))
def test_a_case_is_what_the_command_prints(command: str, figures: dict[str, str]) -> None:
    printed = puccalc([*shlex.split(command)[1:], "--json"]).json()
    assert {name: written(printed[name]) for name in figures} == figures


def test_every_calculator_has_a_case() -> None:
    commands = [command for command, _ in cases(DOCUMENT)]
    assert len(commands) == DOCUMENT.read_text("utf-8").count("\n    puccalc ")
    assert {name for name in TOPICS if not any(f"puccalc quote {name} " in each for each in commands)} == set()
