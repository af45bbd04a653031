"""Start the service: check its settings and run the server with its workers.

The server closes connections that do not send their head in time; the application limits the body.
"""

import os
from typing import Final

import granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from pydantic import ValidationError

from api.http import keys
from api.http.private_folder import private_folder
from api.http.settings import PREFIX, Settings
from calc.errors import UsageError

HEAD_MILLISECONDS: Final = 8_000
HEAD_BYTES: Final = 65_536
STOP_SECONDS: Final = 30


def read_settings() -> Settings:
    """Read settings from the environment and the TOML file that it names.

    Returns:
        Checked settings, whose file of keys can be read.

    Raises:
        UsageError: Settings are invalid; the text names each of them.
        DataError: The file of keys or of settings cannot be read.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        found = [
            f"{'.'.join(map(str, each['loc'])) or 'settings'}: {each['msg']}"
            for each in error.errors(include_url=False, include_input=False)
        ]
        raise UsageError("; ".join(found)) from None
    if settings.keys_file is not None:
        keys.read(settings.keys_file)
    return settings


def start(settings: Settings) -> None:
    """Serve until interrupted; requests in progress are answered first, within STOP_SECONDS.

    Args:
        settings: Settings from `read_settings`; all workers get the same session secret.
    """
    os.environ[f"{PREFIX}SESSION_SECRET"] = settings.session_secret.get_secret_value()  # one for all workers
    with private_folder(settings.files_folder) as base:
        os.environ[f"{PREFIX}FILES_BASE"] = str(base)
        _serve(settings)


def _serve(settings: Settings) -> None:
    granian.Granian(
        "api.worker:create_app",
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
