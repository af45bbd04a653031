"""`puccalc serve` starts the application where it is told to."""

from typing import Any

import pytest
import uvicorn

from tests.cases.command import puccalc


@pytest.mark.parametrize(
    ("words", "host", "port"),
    [([], "127.0.0.1", 8000), (["--host", "0.0.0.0", "--port", "8080"], "0.0.0.0", 8080)],  # noqa: S104 - nothing listens
)
def test_serve(words: list[str], host: str, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    started: dict[str, Any] = {}

    def run(application: str, **settings: Any) -> None:  # noqa: ANN401 - uvicorn's settings
        started.update(settings, application=application)

    monkeypatch.setattr(uvicorn, "run", run)
    assert puccalc(["serve", *words]).code == 0
    assert started == {"application": "api.app:create_app", "factory": True, "host": host, "port": port}


def test_a_port_that_is_none() -> None:
    finished = puccalc(["serve", "--port", "70000"])
    assert finished.code == 2
    assert "--port" in finished.err
