"""`-h` everywhere, and completion of commands and options as a shell asks for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "puccalc"]


def shown(*arguments: str, **environment: str) -> str:
    variables = {**os.environ, **environment}
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, check=True, env=variables
    ).stdout  # fmt: skip


@pytest.mark.parametrize("command", [(), ("rates",), ("rates", "table"), ("quote", "unclaimed"), ("run", "nightly")])
def test_h_is_help(command: tuple[str, ...]) -> None:
    assert shown(*command, "-h") == shown(*command, "--help")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("puccalc state", "statement"),
        ("puccalc rates lett", "letter"),
        ("puccalc quote unclaimed --pri", "--principal"),
    ],
)
def test_a_shell_completes(typed: str, offered: str) -> None:
    place = str(len(typed.split()) - 1)
    completed = subprocess.run(
        [sys.executable, "-c", "from calc.cli import main; main()"], capture_output=True, text=True, check=False,
        env={**os.environ, "_PUCCALC_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": place},
    )  # fmt: skip
    assert completed.stdout.split() == [offered]


def test_completion_is_installed(tmp_path: Path) -> None:
    said = shown("--show-completion", "bash", HOME=str(tmp_path))
    assert "complete -o default -F _puccalc_completion puccalc" in said
    shown("--install-completion", "bash", HOME=str(tmp_path))
    assert "_puccalc_completion" in "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
