"""`puccalc serve`: the service, by flags, environment or a TOML file; the service itself is `api`.

Flags become environment variables, which the workers read; what is not given stands in PUCCALC_SERVE_* or in the file
that --config names.
"""

import os
import socket
from importlib import import_module
from pathlib import Path
from typing import Annotated, Final

import typer

from calc.cli.warm import warn_without_cache
from calc.errors import OutputError
from calc.extras import require

_PREFIX: Final = "PUCCALC_SERVE_"


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; 127.0.0.1 if not given.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65_535, help="Port to listen on; else 8000.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Processes; else 1.")] = None,
    keys: Annotated[
        Path | None, typer.Option(metavar="FILE", help="API keys; needed where the host is not loopback.")
    ] = None,
    requests_at_once: Annotated[int | None, typer.Option(min=1, help="Requests under way, a worker.")] = None,
    requests_a_minute: Annotated[int | None, typer.Option(min=1, help="Requests a minute, a key.")] = None,
    config: Annotated[Path | None, typer.Option(metavar="FILE.toml", help="Settings by name.")] = None,
) -> None:
    """Serve the API until interrupted; requests under way are answered first."""
    given = {
        "HOST": host,
        "PORT": port,
        "WORKERS": workers,
        "KEYS_FILE": keys,
        "REQUESTS_AT_ONCE": requests_at_once,
        "REQUESTS_A_MINUTE": requests_a_minute,
        "CONFIG": config,
    }
    os.environ.update({f"{_PREFIX}{name}": str(value) for name, value in given.items() if value is not None})
    require("service", "puccalc serve")
    server = import_module("api.http.server")  # this room is below the service
    settings = server.read_settings()
    check_free(settings.host, settings.port)
    warn_without_cache()
    server.start(settings)


def check_free(host: str, port: int) -> None:
    """OutputError where the address cannot be listened on: the server would share the port with who holds it."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise OutputError(f"--host, --port: {host} {port} cannot be listened on: {error.strerror}") from error
