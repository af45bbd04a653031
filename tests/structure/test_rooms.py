"""Every room has its sentence in ARCHITECTURE.md and its place among the import layers."""

import re
import tomllib

from tests.structure.kernels import ROOT

ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]


def rooms() -> list[str]:
    """Folders of modules below calc and api, and api itself."""
    marks = [*ROOT.glob("calc/*/**/__init__.py"), *ROOT.glob("api/**/__init__.py")]
    return sorted(mark.parent.relative_to(ROOT).as_posix() for mark in marks)


def without_sentence(names: list[str], text: str) -> list[str]:
    told = set(re.findall(r"^\| `([\w/]+)/` \| \S.* \|$", text, flags=re.MULTILINE))
    return [name for name in names if name not in told]


def layers_of(contract: str) -> set[str]:
    (found,) = [each for each in CONTRACTS if each["name"] == contract]
    return {name for layer in found["layers"] for name in layer.split(" | ")}


def test_every_room_has_a_sentence() -> None:
    assert len(rooms()) > 25
    assert without_sentence(rooms(), ARCHITECTURE) == []


def test_a_room_without_one_is_named() -> None:
    assert without_sentence(["calc/rates", "calc/attic"], "| `calc/rates/` | months to rates |\n") == ["calc/attic"]


def test_every_room_and_module_of_calc_is_a_layer() -> None:
    """Those of bulk, rates, report and the service are: their contracts are exhaustive."""
    parts = {path.stem for path in (ROOT / "calc").glob("*.py")} | {
        name.split("/")[1] for name in rooms() if "calc/" in name
    }
    assert {f"calc.{part}" for part in parts - {"__init__"}} - layers_of("imports go one way") == set()
    assert sum(bool(each.get("exhaustive")) for each in CONTRACTS) == 4
