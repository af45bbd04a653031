"""Check an uploaded workbook before anything opens it: what it unpacks to, and that no program is in it.

Every part is unpacked in small pieces and counted, since what an archive declares of itself may be wrong; nothing is
kept of it. References to other files are parts like others: they are counted and never followed.
"""

import zipfile
import zlib
from pathlib import Path
from typing import Final

from calc.uploads.refusals import UploadRefusedError

PARTS_MAX: Final = 2_000
"""Parts of a workbook at most."""
_PIECE_BYTES: Final = 1 << 18
_TYPES_BYTES: Final = 1 << 20
_CONTENT_TYPES: Final = "[Content_Types].xml"
_PROGRAMS: Final = (b"macroEnabled", b"vbaProject", b"ms-excel.sheet.binary")
"""Words by which the list of parts names workbooks with macros, and the binary format."""


def check_workbook(path: Path, unpacked_bytes_max: int) -> None:
    """Refuse what is no plain .xlsx workbook.

    Args:
        path: The file.
        unpacked_bytes_max: Most bytes of all parts together, unpacked.

    Raises:
        UploadRefusedError: "no_workbook", "has_macros" or "unpacks_too_large".
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(archive, unpacked_bytes_max)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise UploadRefusedError("no_workbook") from None


def _check_parts(archive: zipfile.ZipFile, unpacked_bytes_max: int) -> None:
    parts = archive.infolist()
    if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > unpacked_bytes_max:
        raise UploadRefusedError("unpacks_too_large")
    names = [part.filename.replace("\\", "/").lstrip("/").lower() for part in parts]
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in name for name in names):
        raise UploadRefusedError("has_macros")
    if len(set(names)) != len(names) or _CONTENT_TYPES.lower() not in names:
        raise UploadRefusedError("no_workbook")
    left = unpacked_bytes_max
    for part in parts:
        beginning = b""
        with archive.open(part) as stream:
            while piece := stream.read(_PIECE_BYTES):
                left -= len(piece)
                if left < 0:
                    raise UploadRefusedError("unpacks_too_large")
                if part.filename == _CONTENT_TYPES and len(beginning) < _TYPES_BYTES:
                    beginning += piece
        if any(word in beginning for word in _PROGRAMS):
            raise UploadRefusedError("has_macros")
