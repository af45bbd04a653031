"""The locked requirements: every package with its hashes, no addresses, no options."""

from pathlib import Path

import pytest

from tests.structure.kernels import ROOT


def problems(text: str) -> list[str]:
    """Lines of a requirements file that name no hash, an address or an option."""
    found = []
    for entry in filter(None, map(str.strip, text.replace("\\\n", " ").splitlines())):
        name = entry.split()[0]
        if name == "#":
            continue
        if name.startswith("-"):
            found.append(f"{name}: an option")
        elif "==" not in name:
            found.append(f"{name}: no version")
        elif "--hash=sha256:" not in entry:
            found.append(f"{name}: no hash")
    return found + [f"{line.strip()}: an address" for line in text.splitlines() if "://" in line]


@pytest.mark.parametrize("path", sorted(ROOT.glob("requirements*.txt")), ids=lambda path: path.name)
def test_every_package_is_locked(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("--hash=sha256:") > 50
    assert problems(text) == []


def test_what_is_not_locked_is_found() -> None:
    text = """\
--index-url https://packages.example/simple
numpy==2.4.6 \\
    --hash=sha256:00 \\
    --hash=sha256:01
    # via numba
polars==2.1.0
duckdb>=1.4 --hash=sha256:02
tool @ file:///srv/tool.whl --hash=sha256:03
"""
    assert problems(text) == [
        "--index-url: an option",
        "polars==2.1.0: no hash",
        "duckdb>=1.4: no version",
        "tool: no version",
        "--index-url https://packages.example/simple: an address",
        "tool @ file:///srv/tool.whl --hash=sha256:03: an address",
    ]
