"""Checksums of the pages of a Parquet file, where its writer put them there: a flipped bit in a page is always seen.

Comes in: a Parquet file. Goes out: whether every page has a CRC-32 and holds it; an InputError where one does not.
Readers check them on request at best, and Polars not at all. What they do not cover: page headers and the footer. Those
are held against each other here, so far as they say the same thing twice.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple
from zlib import crc32

import pyarrow as pa
import pyarrow.parquet as pq

from calc.errors import InputError

_COMPRESSED_SIZE, _CRC = 3, 4
_KINDS: Final = {0: (5, 1, 2), 2: (7, 1, 2), 3: (8, 1, 4)}
"""Page type (data, dictionary, data v2) -> field of its own header, and there the fields of values and encoding."""
_DICTIONARY: Final = 2
_ENCODINGS: Final = {
    0: "PLAIN", 2: "PLAIN_DICTIONARY", 3: "RLE", 4: "BIT_PACKED", 5: "DELTA_BINARY_PACKED",
    6: "DELTA_LENGTH_BYTE_ARRAY", 7: "DELTA_BYTE_ARRAY", 8: "RLE_DICTIONARY", 9: "BYTE_STREAM_SPLIT",
}  # fmt: skip
_HEADER_BYTES: Final = 1 << 16
_STOP, _TRUE, _FALSE, _BYTE, _I64, _DOUBLE, _BINARY, _STRUCT = 0, 1, 2, 3, 6, 7, 8, 12


class _Page(NamedTuple):
    """A page's checksum (None: it has none), its bytes, how many values it says it has, and its encoding."""

    is_dictionary: bool
    crc: int | None
    content: bytes
    values: int
    encoding: str


def holds_page_checksums(path: Path) -> bool:
    """Whether the file has checksums, and every page holds its own; False where no page has one.

    InputError where a page differs from its checksum or lacks one that others have, or headers and footer disagree.
    """
    try:
        metadata = pq.read_metadata(path)
        chunks = [
            metadata.row_group(group).column(column)
            for group in range(metadata.num_row_groups)
            for column in range(metadata.num_columns)
        ]
        with path.open("rb") as file:
            if not any(_first_has_checksum(file, chunk) for chunk in chunks):
                return False
            for chunk in chunks:
                _check(file, chunk)
    except (OSError, pa.ArrowException, _DamagedError) as error:
        raise InputError(f"{path}: its page checksums do not hold: {error}; it is damaged: fetch it again") from error
    return True


class _DamagedError(Exception):
    """What is wrong with a column chunk."""


def _check(file: BinaryIO, chunk: Any) -> None:  # noqa: ANN401 - pyarrow ships no types
    values = 0
    for number, page in enumerate(_pages(file, chunk)):
        where = f"page {number} of {chunk.path_in_schema}"
        if page.crc is None:
            raise _DamagedError(f"{where} has none")
        if crc32(page.content) != page.crc:
            raise _DamagedError(f"{where} differs from it")
        if page.is_dictionary:
            continue
        if page.encoding not in chunk.encodings:
            raise _DamagedError(f"{where} is encoded as {page.encoding}, which the footer does not know of")
        values += page.values
    if values != chunk.num_values:
        raise _DamagedError(f"{chunk.path_in_schema} has {values} values, the footer says {chunk.num_values}")


def _first_has_checksum(file: BinaryIO, chunk: Any) -> bool:  # noqa: ANN401 - as above
    try:
        return next(_pages(file, chunk)).crc is not None
    except (StopIteration, _DamagedError):
        return False


def _pages(file: BinaryIO, chunk: Any) -> Iterator[_Page]:  # noqa: ANN401 - as above
    """The pages of a column chunk; _DamagedError if they do not end where it ends."""
    place = chunk.dictionary_page_offset if chunk.has_dictionary_page else chunk.data_page_offset
    end = place + chunk.total_compressed_size
    while place < end:
        file.seek(place)
        header, read = _struct(memoryview(file.read(min(_HEADER_BYTES, end - place))), 0)
        try:
            own, values, encoding = _KINDS[header[1]]
            size = header[_COMPRESSED_SIZE]
            found = header[own][values], _ENCODINGS[header[own][encoding]]
        except (KeyError, TypeError):
            raise _DamagedError(f"a page of {chunk.path_in_schema} has no sound header") from None
        place += read + size
        if size < 0 or place > end:
            raise _DamagedError(f"a page of {chunk.path_in_schema} is longer than its column")
        file.seek(place - size)
        crc = header.get(_CRC)
        yield _Page(header[1] == _DICTIONARY, None if crc is None else crc & 0xFFFFFFFF, file.read(size), *found)


def _struct(data: memoryview, place: int) -> tuple[dict[int, Any], int]:
    """Fields of a struct in Thrift's compact protocol by number, and the place behind it."""
    fields: dict[int, Any] = {}
    number = 0
    while True:
        kind = _byte(data, place)
        place += 1
        if kind & 0x0F == _STOP:
            return fields, place
        if kind >> 4:
            number += kind >> 4
        else:
            number, place = _number(data, place)
        fields[number], place = _value(data, place, kind & 0x0F)


def _value(data: memoryview, place: int, kind: int) -> tuple[Any, int]:
    if kind in {_TRUE, _FALSE}:
        return kind == _TRUE, place
    if kind == _BYTE:
        return _byte(data, place), place + 1
    if kind <= _I64:
        return _number(data, place)
    if kind == _DOUBLE:
        return None, place + 8
    if kind == _BINARY:
        length, place = _unsigned(data, place)
        return None, place + length
    if kind == _STRUCT:
        return _struct(data, place)
    raise _DamagedError("a page has no sound header")  # page headers hold no lists, sets or maps


def _number(data: memoryview, place: int) -> tuple[int, int]:
    number, place = _unsigned(data, place)
    return (number >> 1) ^ -(number & 1), place


def _unsigned(data: memoryview, place: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = _byte(data, place)
        place += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, place
        shift += 7


def _byte(data: memoryview, place: int) -> int:
    if place >= len(data):
        raise _DamagedError("a page's header does not end")
    return data[place]
