"""Start the service, or a baseline of it, in a process of its own and wait until it is ready."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final

CONSTANT: Final = "benchmarks.api_constant:create_app"
SERVICE: Final = "api.app:create_app"


@contextlib.contextmanager
def served(application: str, **settings: str) -> Iterator[int]:
    """Serve an application on 127.0.0.1 and yield its port."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--http", "1", "--no-ws",
        "--port", str(port), application,
    ]  # fmt: skip
    with _started(_serve(port) if application == SERVICE else command, port, _environment(settings)):
        yield port


@contextlib.contextmanager
def serving(
    *options: str, compiled: bool = True, home: str = "", **settings: str
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run `puccalc serve` on 127.0.0.1 with settings by name; yield process and port. Uncompiled starts sooner."""
    port = free_port()
    environment = _environment(settings) | {"PUCCALC_JIT": str(int(compiled))}
    if home:
        environment["PUCCALC_HOME"] = home
    with _started([*_serve(port), *options], port, environment) as process:
        yield process, port


def _serve(port: int) -> list[str]:
    return [sys.executable, "-c", "from calc.cli import main; main()", "serve", "--port", str(port)]


def _environment(settings: dict[str, str]) -> dict[str, str]:
    return {**os.environ, **{f"PUCCALC_SERVE_{name.upper()}": value for name, value in settings.items()}}


@contextlib.contextmanager
def _started(command: list[str], port: int, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet, start_new_session=True) as process:
        try:
            until = time.monotonic() + 300
            while not _ready(port):
                if time.monotonic() > until or process.poll() is not None:
                    raise RuntimeError("the server did not become ready")
                time.sleep(0.05)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(120)
            except subprocess.TimeoutExpired:
                process.kill()


def processor_seconds(process: int) -> float:
    """Return the seconds of a processor that a process and those it started have used."""
    folder = Path(f"/proc/{process}")
    fields = (folder / "stat").read_text("ascii").rpartition(")")[2].split()
    started = [child for task in folder.glob("task/*/children") for child in task.read_text("ascii").split()]
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(processor_seconds(int(child)) for child in started)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


def _ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
