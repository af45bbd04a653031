"""A command's module is loaded when it is asked for, and what it needs when it runs."""

import ast
import json
import subprocess
import sys

from calc.cli import COMMANDS
from tests.structure.kernels import ROOT, python_files
from tests.structure.test_modules import HEAVY

WRONG = f"""
import json, sys
import typer
from calc import cli
loaded = {{}}
def wrong(*words):
    try:
        cli.main([*words, "--no-such-option"])
    except SystemExit as ended:
        loaded[" ".join(words)] = ended.code, sorted({HEAVY - {"typer"}} & sys.modules.keys())
wrong()
for name, command in typer.main.get_command(cli.app).commands.items():
    wrong(name)
    for inner in getattr(command, "commands", ()):
        wrong(name, inner)
print(json.dumps(loaded))
"""


def printed_by(code: str) -> str:
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return run.stdout


def test_a_wrong_option_of_any_command_loads_nothing_heavy() -> None:
    loaded = json.loads(printed_by(WRONG))
    assert len(loaded) > 30
    assert {words: answer for words, answer in loaded.items() if answer != [2, []]} == {}


def test_a_command_loads_no_other_command() -> None:
    for words, modules in (
        (["map", "--wrong"], {"calc.cli.map"}),
        (["rates", "table", "--wrong"], {"calc.cli.rates"}),
        (["chekc"], set()),
    ):
        code = f"import sys; from calc import cli\ntry: cli.main({words!r})\nexcept SystemExit: print(*sys.modules)"
        own = {each.where.partition(":")[0] for each in COMMANDS}
        assert own & set(printed_by(code).split()) == modules


def test_a_command_that_is_nearly_named_is_suggested() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "calc.cli", "chekc"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert "'check'" in run.stderr


def test_no_command_imports_inside_a_function() -> None:
    found = []
    for path in python_files("calc/cli"):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef):
                found += [
                    f"{path.name}:{node.lineno}"
                    for node in ast.walk(function)
                    if isinstance(node, ast.Import | ast.ImportFrom)
                ]
    assert found == []
