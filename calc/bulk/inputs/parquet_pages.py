"""The pages of a column chunk of a Parquet file: their headers, strictly read, and their bytes.

Comes in: an open file and what its footer says of the chunk. Goes out: a `Page` each. A header that is cut short, runs
on behind its chunk or has a field of another kind than the format's is a DamagedError: readers that take it for
something else would begin the page at another byte.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO, Final, NamedTuple, TypeVar

from calc.bulk.inputs.thrift import read_struct

T = TypeVar("T")

DATA, DICTIONARY, DATA_V2 = 0, 2, 3
"""Types of pages."""
PATH = 3
"""Field of a chunk's metadata: its column's name in parts."""
_COMPRESSED, _DATA_OFFSET, _DICTIONARY_OFFSET = 7, 9, 11
_TYPE, _UNPACKED_SIZE, _SIZE, _CRC = 1, 2, 3, 4
_CRC_BITS: Final = 0xFFFFFFFF
_HEADER_BYTES: Final = 1 << 16
_STATISTICS: Final = {1: bytes, 2: bytes, 3: int, 4: int, 5: bytes, 6: bytes, 7: bool, 8: bool}
_FORM: Final[dict[int, Any]] = {
    _TYPE: int, _UNPACKED_SIZE: int, _SIZE: int, _CRC: int,
    5: {1: int, 2: int, 3: int, 4: int, 5: _STATISTICS},
    7: {1: int, 2: int, 3: bool},
    8: {1: int, 2: int, 3: int, 4: int, 5: int, 6: int, 7: bool, 8: _STATISTICS},
}  # fmt: skip
"""Kinds of the fields of a page's header that are known today; later ones may be anything."""
_KINDS: Final = {DATA: (5, 1, 2), DICTIONARY: (7, 1, 2), DATA_V2: (8, 1, 4)}
"""Type of a page -> field of the header of its type, and there the fields of its number of values and its encoding."""
_LEVELS: Final = (6, 5)
"""Fields of a page of version 2: bytes of repetition levels, bytes of definition levels."""


class DamagedError(Exception):
    """What is wrong with a file that has checksums."""


class Page(NamedTuple):
    """A page's type, checksum (None: it has none), bytes as they lie there, and what its header says of them."""

    kind: int
    crc: int | None
    content: bytes
    unpacked_bytes: int
    values: int
    encoding: int
    level_bytes: tuple[int, int]
    """Of repetition and definition levels, in version 2."""


def pages_of(file: BinaryIO, chunk: dict[int, Any]) -> Iterator[Page]:
    """The pages of a column chunk; DamagedError or ThriftError for a header that is not sound."""
    place = field(chunk, _DATA_OFFSET, int)
    if chunk.get(_DICTIONARY_OFFSET):
        place = min(place, field(chunk, _DICTIONARY_OFFSET, int))
    end = place + field(chunk, _COMPRESSED, int)
    if not 0 < place <= end <= file.seek(0, 2):
        raise DamagedError(f"{name_of(chunk)} does not lie within the file")
    while place < end:
        file.seek(place)
        header, read = read_struct(file.read(min(_HEADER_BYTES, end - place)))
        kind, size = field(header, _TYPE, int), field(header, _SIZE, int)
        if kind not in _KINDS or not 0 <= size <= end - place - read or not _conforms(header, _FORM):
            raise DamagedError(f"a page of {name_of(chunk)} has no sound header")
        own, values, encoding = _KINDS[kind]
        details = field(header, own, dict)
        levels = [field(details, number, int) for number in _LEVELS] if kind == DATA_V2 else (0, 0)
        file.seek(place + read)
        yield Page(
            kind,
            header[_CRC] & _CRC_BITS if _CRC in header else None,
            file.read(size),
            field(header, _UNPACKED_SIZE, int),
            field(details, values, int),
            field(details, encoding, int),
            (levels[0], levels[1]),
        )
        place += read + size


def field(struct: Any, number: int, kind: type[T]) -> T:  # noqa: ANN401 - whatever was read
    """A struct's field of a kind; DamagedError where it is not there."""
    found = struct.get(number) if isinstance(struct, dict) else None
    if not isinstance(found, kind):
        raise DamagedError("a header or the footer is not sound")
    return found


def name_of(chunk: dict[int, Any]) -> str:
    """A column's name in the words of the footer."""
    parts = chunk.get(PATH)
    if not isinstance(parts, list) or not all(isinstance(part, bytes) for part in parts):
        return "a column"
    return b".".join(parts).decode(errors="replace")


def _conforms(struct: dict[int, Any], form: dict[int, Any]) -> bool:
    """Whether every field that is known is of its kind."""
    return all(
        _conforms(found, kind) if isinstance(kind, dict) and isinstance(found, dict) else type(found) is kind
        for number, kind in form.items()
        if (found := struct.get(number)) is not None
    )
