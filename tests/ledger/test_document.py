"""The walk in docs/ledgers.md is what the commands print, over the files that stand in it."""

import re
import shlex
from pathlib import Path

import pytest

from calc.cli import main

DOCUMENT = (Path(__file__).parents[2] / "docs" / "ledgers.md").read_text("utf-8")
FILES = re.compile(r"^`(\S+\.csv)`:\n\n((?:    .*\n)+)", re.MULTILINE)
COMMANDS = re.compile(r"^    \$ puccalc (.*)\n((?:    (?!\$).*\n)*)", re.MULTILINE)

RUN_ID = re.compile(r"(?<=-)[0-9a-f]{8}(?=-\d+ )")


def plain(text: str) -> str:
    """Without the part of a run's id that follows from the shipped data."""
    return RUN_ID.sub("", text)


def test_the_walk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    files = {name: re.sub(r"^    ", "", text, flags=re.MULTILINE) for name, text in FILES.findall(DOCUMENT)}
    assert len(files) == 2
    for name, text in files.items():
        Path(name).write_text(text, "utf-8")
    commands = COMMANDS.findall(DOCUMENT)
    assert len(commands) > 4
    for line, expected in commands:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(shlex.split(line))
        printed = capsys.readouterr()
        assert ended.value.code == 0, printed.err
        if not line.startswith("run "):
            assert plain(printed.out) == plain(re.sub(r"^    ", "", expected, flags=re.MULTILINE)), line
