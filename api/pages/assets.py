"""Serve style sheets, fonts and icons from memory.

Each is read once and served at an address that contains a digest of all content.
"""

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
"""Media types of the suffixes that are served; licenses and notes stay in the package."""


@cache
def files() -> dict[str, bytes]:
    """Return the content of every served file by its name below FOLDER."""
    return {
        path.relative_to(FOLDER).as_posix(): path.read_bytes()
        for path in sorted(FOLDER.rglob("*"))
        if path.suffix in TYPES
    }


@cache
def digest() -> str:
    """Return the first 12 hex digits of the SHA-256 over all files.

    A changed file changes every address, so browsers may cache them for good.
    """
    found = sha256()
    for name, content in files().items():
        found.update(f"{name} {len(content)}\n".encode() + content)
    return found.hexdigest()[:12]


def address(name: str) -> str:
    """Return the path at which a file is served."""
    return f"{PREFIX}{digest()}/{name}"
