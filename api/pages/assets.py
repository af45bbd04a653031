"""Style sheets, fonts and icons of the pages: read once, served out of memory under a path that names their content."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "static"
PREFIX: Final = "/static/"
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
"""What is served, by suffix; licences and notes stay in the package."""


@cache
def files() -> dict[str, bytes]:
    """Content of every file that is served, by its name below the folder."""
    return {
        path.relative_to(FOLDER).as_posix(): path.read_bytes()
        for path in sorted(FOLDER.rglob("*"))
        if path.suffix in TYPES
    }


@cache
def digest() -> str:
    """First figures of the SHA-256 over all files: a changed file has another address, so browsers keep them."""
    found = sha256()
    for name, content in files().items():
        found.update(f"{name} {len(content)}\n".encode() + content)
    return found.hexdigest()[:12]


def address(name: str) -> str:
    """Path at which a file is served."""
    return f"{PREFIX}{digest()}/{name}"
