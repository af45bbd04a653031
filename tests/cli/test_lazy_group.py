"""A command's module is loaded when it is asked for, and what it needs when it runs."""

import ast
import json
import subprocess
import sys

from calc.cli import COMMANDS
from calc.topics.table import TOPICS
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
commands = typer.main.get_command(cli.app).commands
for name, command in sorted(commands.items(), key=lambda each: each[0] == "quote"):
    wrong(name)
    for inner in getattr(command, "commands", ()):
        wrong(name, inner)
print(json.dumps(loaded))
"""


def printed_by(code: str) -> str:
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return run.stdout


def test_a_wrong_option_of_any_command_loads_nothing_heavy() -> None:
    """But a quote's: its options are made of its topic, whose columns have types of NumPy."""
    loaded = json.loads(printed_by(WRONG))
    assert len(loaded) > 30
    assert {words: code for words, (code, _) in loaded.items() if code != 2} == {}
    heavy = {words: set(names) for words, (_, names) in loaded.items() if names}
    assert [words for words in heavy if not words.startswith("quote ")] == []
    assert set().union(*heavy.values()) <= {"numpy"}


def test_a_quote_loads_its_own_topic_alone() -> None:
    words = ["quote", "interest", "--principal", "1.00", "--received", "2024-01-01", "--through", "2025-01-01"]
    code = (
        f"import sys; from calc import cli\ntry: cli.main({words!r})\nexcept SystemExit: pass\n"
        "print(*(name for name, module in sys.modules.items() if type(module).__name__ != '_LazyModule'))"
    )
    loaded = printed_by(code).split("\n")[-2].split()
    topics = {f"calc.topics.{name.replace('-', '_')}" for name in TOPICS}
    assert topics & set(loaded) == {"calc.topics.interest"}
    others = {"calc.columns.unclaimed", "calc.columns.fixed_credit", "calc.columns.deposit_limit"}
    assert {"calc.columns.interest"} <= set(loaded) - others == set(loaded)


def test_no_topic_is_loaded_to_list_the_commands() -> None:
    code = (
        "import sys; from calc import cli\ntry: cli.main(['--help'])\nexcept SystemExit: pass\n"
        "print(*(name for name, module in sys.modules.items() if type(module).__name__ != '_LazyModule'))"
    )
    loaded = set(printed_by(code).split("\n")[-2].split())
    assert "calc.topics.table" in loaded
    assert not loaded & {"calc.topics.topic", "calc.topics.interest", "calc.columns.contract", "numpy"}


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
