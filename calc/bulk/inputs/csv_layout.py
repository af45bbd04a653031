"""How a CSV file is written: its delimiter and its encoding; and its text as UTF-8 bytes, transcoded block by block.

A byte that the encoding does not know becomes a byte that is no UTF-8, so that its line is found to be bad, as any
other line that cannot be decoded.
"""

import codecs
import errno
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from calc.bulk.inputs.csv_blocks import Readable

DELIMITERS: Final = (",", ";", "\t", "|")
UTF_8: Final = "utf-8"
GZIP: Final = ".gz"
_KEEPS_WRONG_BYTES: Final = {
    "latin-1": "surrogateescape",
    "cp1252": "surrogateescape",
    "utf-16": "surrogatepass",
    "utf-16-le": "surrogatepass",
    "utf-16-be": "surrogatepass",
}
ENCODINGS: Final = (UTF_8, *_KEEPS_WRONG_BYTES)
_BLOCK_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class CsvLayout:
    """One of DELIMITERS and one of ENCODINGS; utf-16 takes its byte order from the byte order mark.

    `skip_rows` lines stand above the header.
    """

    delimiter: str = ","
    encoding: str = UTF_8
    skip_rows: int = 0


class Transcoded:
    """A file of another encoding, read as UTF-8; at most a few blocks are in memory."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        """Read from the file's position on."""
        self._file = file
        self._errors = _KEEPS_WRONG_BYTES[encoding]
        self._decoder = codecs.getincrementaldecoder(encoding)(self._errors)
        self._ready = memoryview(b"")
        self._at_end = False

    def readinto(self, buffer: memoryview, /) -> int:
        """Fill the buffer as far as text is ready; 0 at the end."""
        while not self._ready and not self._at_end:
            self._ready = memoryview(self._next_block())
        taken = min(len(buffer), len(self._ready))
        buffer[:taken] = self._ready[:taken]
        self._ready = self._ready[taken:]
        return taken

    def _next_block(self) -> bytes:
        block = self._file.read(_BLOCK_BYTES)
        self._at_end = not block
        try:
            return self._decoder.decode(block, final=self._at_end).encode(UTF_8, self._errors)
        except UnicodeDecodeError:  # the file ends within a character
            return b"\xff"


class _Unpacked(gzip.GzipFile):
    """A packed file; damage to it is an OSError with words."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "rb")

    def read(self, size: int | None = -1) -> bytes:
        """Unpack so many bytes; OSError where the packed file is damaged or cut off."""
        try:
            return super().read(size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise OSError(errno.EIO, f"what is packed in it is damaged or cut off ({error})") from error

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override] # of any writable bytes there
        """Fill the buffer as far as there is text; 0 at the end."""
        taken = self.read(len(buffer))
        buffer[: len(taken)] = taken
        return len(taken)


@contextmanager
def open_text(path: Path, encoding: str, start: int = 0) -> Iterator[Readable]:
    """The file's text as UTF-8 from its byte `start` on; of a .gz file what is packed in it.

    OSError where it cannot be read, or what is packed is damaged or cut off.
    """
    with _Unpacked(path) if path.suffix.lower() == GZIP else path.open("rb", buffering=0) as file:
        if encoding == UTF_8:
            file.seek(start)
            yield file
            return
        text = Transcoded(cast("IO[bytes]", file), encoding)
        while skipped := text.readinto(memoryview(bytearray(min(start, _BLOCK_BYTES)))):
            start -= skipped
        yield text
