"""`puccalc serve`: the service, by flags, environment or a TOML file; the service itself is `api`.

Flags become environment variables, which the workers read; what is not given stands in PUCCALC_SERVE_* or in the file
that --config names. The server closes what does not send its head in time; bodies are the application's business.
"""

import os
import socket
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from calc.cli.options import warn_without_cache
from calc.errors import OutputError, UsageError

HEAD_MILLISECONDS: Final = 8_000
HEAD_BYTES: Final = 65_536
STOP_SECONDS: Final = 30
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
    settings = _settings()
    check_free(settings.host, settings.port)
    warn_without_cache()
    os.environ[f"{_PREFIX}SESSION_SECRET"] = settings.session_secret.get_secret_value()  # one for all workers
    from granian import Granian  # noqa: PLC0415 - heavy
    from granian.constants import HTTPModes, Interfaces  # noqa: PLC0415 - as above
    from granian.http import HTTP1Settings  # noqa: PLC0415 - as above

    Granian(
        "api.app:create_app",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        http=HTTPModes.http1,
        backlog=settings.connections_at_once,
        backpressure=settings.connections_at_once,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_MILLISECONDS, max_buffer_size=HEAD_BYTES),
        respawn_failed_workers=True,
        websockets=False,
        log_access=False,
        workers_kill_timeout=STOP_SECONDS,
    ).serve()


def check_free(host: str, port: int) -> None:
    """OutputError where the address cannot be listened on: the server would share the port with who holds it."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise OutputError(f"--host, --port: {host} {port} cannot be listened on: {error.strerror}") from error


def _settings() -> Any:  # noqa: ANN401 - the service's settings: this room is below it
    """Checked settings; UsageError that names each one that cannot be."""
    from pydantic import ValidationError  # noqa: PLC0415 - heavy

    room = import_module("api.settings")
    try:
        settings = room.Settings()
    except ValidationError as error:
        found = [
            f"{'.'.join(map(str, each['loc'])) or 'settings'}: {each['msg']}"
            for each in error.errors(include_url=False, include_input=False)
        ]
        raise UsageError("; ".join(found)) from None
    if settings.keys_file is not None:
        import_module("api.keys").read(settings.keys_file)
    return settings
