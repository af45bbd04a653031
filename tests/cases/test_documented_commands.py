"""Every command line of the documents is one that puccalc takes: its words are commands, its options are there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from typer.main import get_command

from calc.cli import app

ROOT: Final = Path(__file__).parents[2]
DOCUMENTS: Final = sorted([ROOT / "README.md", *ROOT.glob("docs/*.md"), ROOT / "data/README.md"])
_LINE: Final = re.compile(r"^ {4}puccalc (?:.*\\\n)*.*$", re.MULTILINE)


def lines(text: str) -> Iterator[list[str]]:
    """Yield the words of every command line of a document, without puccalc, comments and what output goes to."""
    for found in _LINE.findall(text):
        words = shlex.split(found.replace("\\\n", " "), comments=True)[1:]
        yield words[: words.index(">")] if ">" in words else words


def unknown(words: list[str]) -> list[str]:
    """Words of a command line that are neither a command nor an option of it."""
    command: Any = get_command(app)
    context = command.context_class(command, info_name="puccalc")
    words = list(words)
    while hasattr(command, "get_command") and words:
        name = words.pop(0)
        found = command.get_command(context, name)
        if found is None:
            return [name]
        command, context = found, found.context_class(found, info_name=name, parent=context)
    options = {
        name for parameter in command.get_params(context) for name in [*parameter.opts, *parameter.secondary_opts]
    }
    return [word for word in words if re.match(r"--?[a-z]", word) and word.partition("=")[0] not in options]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: each.name)
def test_commands_of_the_documents_are_there(document: Path) -> None:
    found = {" ".join(words): unknown(words) for words in lines(document.read_text("utf-8"))}
    assert {line: names for line, names in found.items() if names} == {}


def test_a_command_or_option_that_is_gone_is_named() -> None:
    assert unknown(["quote", "interest", "--principal", "200.00", "--recieved", "2024-01-01"]) == ["--recieved"]
    assert unknown(["qoute", "interest"]) == ["qoute"]
    assert unknown(["rates", "compute", "--year", "2024", "--json"]) == []
