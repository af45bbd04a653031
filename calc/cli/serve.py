"""`puccalc serve`: the service on this machine; the service itself is `api`."""

from typing import Annotated

import typer


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port to listen on.")] = 8000,
) -> None:
    """Serve the API until interrupted."""
    import uvicorn  # noqa: PLC0415 - heavy

    uvicorn.run("api.app:create_app", factory=True, host=host, port=port)
