"""`puccalc serve` starts the application where it is told to, and not without keys where others can reach it."""

import os
import socket
from pathlib import Path
from typing import Any

import granian
import pytest

from api.http.keys import create
from calc.cli import serve
from calc.errors import OutputError
from tests.cases.command import puccalc


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    found: dict[str, Any] = {}

    class Server:
        def __init__(self, application: str, **settings: Any) -> None:  # noqa: ANN401 - granian's settings
            found.update(settings, application=application)

        def serve(self) -> None:
            found["served"] = True

    monkeypatch.setattr(granian, "Granian", Server)
    monkeypatch.setattr(serve, "check_free", lambda _host, _port: None)
    monkeypatch.setattr(os, "environ", {"PATH": os.environ["PATH"]})
    return found


def test_by_default_on_this_machine_alone(started: dict[str, Any]) -> None:
    assert puccalc(["serve"]).code == 0
    assert (started["application"], started["factory"]) == ("api.worker:create_app", True)
    assert (started["address"], started["port"], started["workers"]) == ("127.0.0.1", 8000, 1)
    assert started["http1_settings"].header_read_timeout == 8_000
    assert started["served"]


def test_flags_reach_the_workers(started: dict[str, Any], tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    create(keys, "billing", ["quotes"], None, None)
    words = f"serve --host 0.0.0.0 --port 8080 --workers 2 --keys {keys} --requests-a-minute 60"
    assert puccalc(words.split()).code == 0
    assert (started["address"], started["port"], started["workers"]) == ("0.0.0.0", 8080, 2)  # noqa: S104 - not bound
    assert os.environ["PUCCALC_SERVE_KEYS_FILE"] == str(keys)
    assert os.environ["PUCCALC_SERVE_REQUESTS_A_MINUTE"] == "60"


def test_flags_go_before_the_environment_and_that_before_the_file(started: dict[str, Any], tmp_path: Path) -> None:
    config = tmp_path / "serve.toml"
    config.write_text("port = 8001\nworkers = 3\nrequests_at_once = 7\n")
    os.environ["PUCCALC_SERVE_PORT"] = "8002"
    assert puccalc(["serve", "--config", str(config)]).code == 0
    assert (started["port"], started["workers"]) == (8002, 3)
    assert puccalc(["serve", "--config", str(config), "--port", "8003"]).code == 0
    assert started["port"] == 8003


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])  # noqa: S104 - nothing listens
def test_no_open_door_without_keys(started: dict[str, Any], host: str) -> None:
    finished = puccalc(["serve", "--host", host])
    assert finished.code == 2
    assert "keys_file" in finished.err
    assert not started


def test_what_cannot_be(started: dict[str, Any], tmp_path: Path) -> None:
    assert "--port" in puccalc(["serve", "--port", "70000"]).err
    config = tmp_path / "serve.toml"
    config.write_text("ports = 8001\n")
    finished = puccalc(["serve", "--config", str(config)])
    assert (finished.code, "ports" in finished.err) == (2, True)
    del os.environ["PUCCALC_SERVE_CONFIG"]
    assert puccalc(["serve", "--keys", str(tmp_path / "none.json")]).code == 3
    assert not started


@pytest.mark.parametrize("content", [None, "port = ", "\udcff"])
def test_a_file_of_settings_that_cannot_be_read(started: dict[str, Any], tmp_path: Path, content: str | None) -> None:
    config = tmp_path / "serve.toml"
    if content is not None:
        config.write_text(content, "utf-8", "surrogateescape")
    finished = puccalc(["serve", "--config", str(config)])
    assert (finished.code, "served" in started) == (3, False)
    assert str(config) in finished.err


def test_a_port_that_another_holds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(OutputError, match=f"127.0.0.1 {port} cannot be listened on: Address already in use"):
            serve.check_free("127.0.0.1", port)
    serve.check_free("127.0.0.1", port)
