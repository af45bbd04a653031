"""Load the application in a worker of the server with the garbage collector off, and leave it to readiness to turn on.

Hardly anything that loading makes is garbage, and looking for it took a quarter of the time until the service is ready.
"""

import gc
from importlib import import_module
from typing import Any


def create_app() -> Any:  # noqa: ANN401 - an ASGI application, whose type would load what the function is to load
    """Build the application; see `api.app.create_app`.

    Returns:
        The ASGI application. The collector is on again once it is ready.

    Raises:
        DataError: The file of keys cannot be read.
    """
    gc.disable()
    return import_module("api.app").create_app()
