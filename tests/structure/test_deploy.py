"""The example image and unit: not root, nothing unpinned, packages by hash; and what linters say of them."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from api.http.server import STOP_SECONDS
from api.http.settings import Settings
from tests.structure.kernels import ROOT

CONTAINERFILE = ROOT / "deploy" / "Containerfile"
UNIT = ROOT / "deploy" / "puccalc.service"
HADOLINT = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
SYSTEMD = shutil.which("systemd-analyze")
EXPOSURE_MOST = 15
"""Of 100, by systemd-analyze; what is left is network, and memory that a compiler may write and run."""


class Instruction(NamedTuple):
    """One instruction of a Containerfile and the number of its stage; 0 comes before the first."""

    stage: int
    name: str
    text: str


def instructions(content: str) -> Iterator[Instruction]:
    stage = 0
    for each in re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*\n", "", content)).splitlines():
        name, _, text = each.strip().partition(" ")
        if name:
            stage += name.upper() == "FROM"
            yield Instruction(stage, name.upper(), text.strip())


def faults(content: str) -> list[str]:
    """What an image that runs in public may not do."""
    found = []
    lines = list(instructions(content))
    last = max(line.stage for line in lines)
    args = dict(line.text.split("=", 1) for line in lines if line.name == "ARG" and "=" in line.text)
    stages = set()
    for line in lines:
        if line.name == "FROM":
            base, _, alias = line.text.partition(" AS ")
            base = re.sub(r"\$\{?(\w+)\}?", lambda match: args.get(match[1], ""), base)
            if base not in stages and not re.search(r":(?!latest)[\w.-]+(@sha256:\w+)?$", base):
                found.append(f"{base}: not pinned")
            stages.add(alias)
        if line.name in {"ADD", "VOLUME"}:
            found.append(line.name)
        if line.name == "RUN" and "pip install" in line.text and not re.search("--require-hashes|--no-deps", line.text):
            found.append("packages without hashes")
        if line.name == "RUN" and re.search(r"curl|wget|apt-get", line.text):
            found.append("something from elsewhere")
        if line.name == "ENV" and re.search("(?i)secret|password|token", line.text):
            found.append("a secret")
    final = {line.name: line.text for line in lines if line.stage == last}
    if not re.fullmatch(r"[1-9]\d*(:[1-9]\d*)?", final.get("USER", "")):
        found.append("root")
    found += [f"no {name}" for name in ("HEALTHCHECK", "ENTRYPOINT", "STOPSIGNAL") if name not in final]
    if "ENTRYPOINT" in final and not isinstance(json.loads(final["ENTRYPOINT"]), list):
        found.append("a shell about the service")
    return found


def test_the_image() -> None:
    assert faults(CONTAINERFILE.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("USER 65532:65532\n", "", "root"),
        ("USER 65532:65532", "USER root", "root"),
        ("USER 65532:65532", "USER 0", "root"),
        ("python:3.11-slim-bookworm\n", "python:latest\n", "python:latest: not pinned"),
        ("python:3.11-slim-bookworm\n", "python\n", "python: not pinned"),
        ("COPY api api", "ADD api api", "ADD"),
        ("--require-hashes ", "", "packages without hashes"),
        ("HEALTHCHECK", "# HEALTHCHECK", "no HEALTHCHECK"),
        ("HOME=/tmp", "SESSION_SECRET=x", "a secret"),
        ("COPY data data", "RUN wget -O data x", "something from elsewhere"),
    ],
)
def test_what_an_image_may_not_do_is_found(before: str, after: str, fault: str) -> None:
    content = CONTAINERFILE.read_text("utf-8")
    assert before in content
    assert fault in faults(content.replace(before, after))


def test_what_the_image_copies_is_what_the_wheel_needs(tmp_path: Path) -> None:
    for line in instructions(CONTAINERFILE.read_text("utf-8")):
        if line.name == "COPY" and not line.text.startswith("--from"):
            *sources, target = line.text.split()
            for source in sources:
                if (ROOT / source).is_dir():
                    shutil.copytree(ROOT / source, tmp_path / target, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    shutil.copy(ROOT / source, tmp_path)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert len(list((tmp_path / "dist").glob("*.whl"))) == 1


@pytest.mark.skipif(HADOLINT is None, reason="hadolint is not installed")
def test_the_image_by_hadolint() -> None:
    command = [str(HADOLINT), "--no-color", "--failure-threshold", "style", str(CONTAINERFILE)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stdout) == (0, "")


def settings_of(unit: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in unit.splitlines() if re.match(r"\w+=", line))


def test_the_unit_leaves_the_service_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    unit = settings_of(UNIT.read_text("utf-8"))
    monkeypatch.setenv("PUCCALC_SERVE_CONFIG", str(ROOT / "deploy" / "serve.toml"))
    settings = Settings()
    assert unit["ExecStart"].endswith("--config /etc/puccalc/serve.toml")
    assert settings.keys_file is not None
    assert settings.keys_file.parent == Path("/var/lib") / unit["StateDirectory"]
    assert int(unit["TimeoutStopSec"]) > STOP_SECONDS
    assert int(unit["LimitNOFILE"]) > settings.connections_at_once * 2
    assert unit["User"] not in {"", "root"}


@pytest.mark.skipif(SYSTEMD is None, reason="systemd is not installed")
def test_the_unit_by_systemd(tmp_path: Path) -> None:
    path = tmp_path / UNIT.name
    path.write_text(UNIT.read_text("utf-8").replace("/opt/puccalc/bin/puccalc", shutil.which("true") or ""), "utf-8")
    verified = subprocess.run(
        [str(SYSTEMD), "verify", str(path)], capture_output=True, text=True, check=False, env={"LC_ALL": "C"}
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    security = [str(SYSTEMD), "security", "--offline=true", f"--threshold={EXPOSURE_MOST}", "--no-pager", str(path)]
    rated = subprocess.run(security, capture_output=True, text=True, check=False)
    assert rated.returncode == 0, rated.stdout.splitlines()[-1:]
