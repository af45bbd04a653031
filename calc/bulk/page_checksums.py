"""Checksums of the pages of a Parquet file, where its writer put them there: a flipped bit in a page is always seen.

Comes in: a Parquet file. Goes out: whether every page has a CRC-32 and holds it; an InputError where one does not.
Readers check them on request at best, and Polars not at all. What they do not cover are page headers and the footer:
these are held against each other, so far as they say the same thing twice.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, TypeVar
from zlib import crc32

from calc.bulk.thrift import ThriftError, read_struct
from calc.errors import InputError

T = TypeVar("T")

_MAGIC: Final = b"PAR1"
_CRC_BITS: Final = 0xFFFFFFFF
_HEADER_BYTES: Final = 1 << 16
_SCHEMA, _ROWS, _ROW_GROUPS = 2, 3, 4
_COLUMNS, _GROUP_ROWS, _META = 1, 3, 3
_ELEMENT_TYPE, _ELEMENT_NAME, _CHILDREN, _SCALE, _LOGICAL_TYPE, _DECIMAL, _DECIMAL_SCALE = 1, 4, 5, 7, 10, 5, 1
_TYPE, _ENCODINGS, _PATH, _VALUES, _COMPRESSED, _DATA_OFFSET, _DICTIONARY_OFFSET = 1, 2, 3, 5, 7, 9, 11
_PAGE_TYPE, _UNPACKED_SIZE, _PAGE_SIZE, _PAGE_CRC = 1, 2, 3, 4
_DATA, _DICTIONARY = 0, 2
_REPETITION, _REQUIRED, _BOOLEAN, _PLAIN = 3, 0, 0, 0
_KINDS: Final = {_DATA: (5, 1, 2), _DICTIONARY: (7, 1, 2), 3: (8, 1, 4)}
"""Page type -> field of the header of its kind, and there the fields of the number of values and of the encoding."""


class _DamagedError(Exception):
    """What is wrong with a file that has checksums."""


class _Page(NamedTuple):
    """A page's checksum (None: it has none), its bytes as they lie there, and what its header says of them."""

    kind: int
    crc: int | None
    content: bytes
    unpacked_bytes: int
    values: int
    encoding: int


def holds_page_checksums(path: Path) -> bool:
    """Whether the file has checksums and every page holds its own; False where no page has one.

    InputError where a page differs from its checksum or lacks one that others have, or headers and footer disagree.
    """
    try:
        with path.open("rb") as file:
            footer = _footer(file)
            chunks = _chunks(footer)
            if not any(_begins_with_checksum(file, chunk) for chunk in chunks):
                return False
            leaves = _leaves(footer)
            for number, chunk in enumerate(chunks):
                _check(file, chunk, leaves[number % len(leaves)])
    except (OSError, ThriftError, _DamagedError) as error:
        raise InputError(f"{path}: its page checksums do not hold: {error}; it is damaged: fetch it again") from error
    return True


def _footer(file: BinaryIO) -> dict[int, Any]:
    """The footer; nothing where it cannot be read, which every reader will tell."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 8))
    tail = file.read(8)
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] != _MAGIC or length > size - 8:
        return {}
    file.seek(size - 8 - length)
    try:
        return read_struct(file.read(length))[0]
    except ThriftError:
        return {}


def _chunks(footer: dict[int, Any]) -> list[dict[int, Any]]:
    """What the footer says of every column chunk; nothing where it is not sound."""
    try:
        groups = _field(footer, _ROW_GROUPS, list)
        return [_field(column, _META, dict) for group in groups for column in _field(group, _COLUMNS, list)]
    except _DamagedError:
        return []


def _leaves(footer: dict[int, Any]) -> list[dict[int, Any]]:
    """Columns of the schema; _DamagedError where the footer says one thing twice, and not alike."""
    groups = _field(footer, _ROW_GROUPS, list)
    rows = sum(_field(group, _GROUP_ROWS, int) for group in groups)
    if rows != _field(footer, _ROWS, int):
        raise _DamagedError(f"the row groups have {rows} rows, the footer says {footer[_ROWS]}")
    leaves = [element for element in _field(footer, _SCHEMA, list) if not element.get(_CHILDREN)]
    if any(len(_field(group, _COLUMNS, list)) != len(leaves) for group in groups):
        raise _DamagedError(f"a row group has another number of columns than the schema, {len(leaves)}")
    for leaf in leaves:
        logical = leaf.get(_LOGICAL_TYPE)
        decimal = logical.get(_DECIMAL) if isinstance(logical, dict) else None
        if isinstance(decimal, dict) and decimal.get(_DECIMAL_SCALE, 0) != leaf.get(_SCALE, 0):
            raise _DamagedError("the footer gives a decimal two scales")
    return leaves


def _check(file: BinaryIO, chunk: dict[int, Any], leaf: dict[int, Any]) -> None:
    """_DamagedError where a column chunk is not what its checksums, page headers, footer and schema say."""
    named = _field(chunk, _PATH, list)[-1:] == [_field(leaf, _ELEMENT_NAME, bytes)]
    if not named or _field(chunk, _TYPE, int) != _field(leaf, _ELEMENT_TYPE, int):
        raise _DamagedError(f"the footer calls {_name(chunk)} by another name or type as well")
    truths = chunk[_TYPE] == _BOOLEAN and leaf.get(_REPETITION) == _REQUIRED
    values = 0
    for number, page in enumerate(_pages(file, chunk)):
        where = f"page {number} of {_name(chunk)}"
        if page.crc is None:
            raise _DamagedError(f"{where} has none")
        if crc32(page.content) != page.crc:
            raise _DamagedError(f"{where} differs from it")
        if page.kind == _DICTIONARY:
            continue
        values += page.values
        if page.encoding not in _field(chunk, _ENCODINGS, list):
            raise _DamagedError(f"{where} is encoded in a way that the footer does not know of")
        if truths and (page.kind, page.encoding) == (_DATA, _PLAIN) and page.unpacked_bytes != (page.values + 7) // 8:
            raise _DamagedError(
                f"{where} holds nulls, which the footer rules out"
            )  # they would be read as true or false
    if values != _field(chunk, _VALUES, int):
        raise _DamagedError(f"{_name(chunk)} has {values} values, its footer says {chunk[_VALUES]}")


def _begins_with_checksum(file: BinaryIO, chunk: Any) -> bool:  # noqa: ANN401 - as above
    try:
        return next(_pages(file, chunk)).crc is not None
    except (StopIteration, ThriftError, _DamagedError):
        return False


def _pages(file: BinaryIO, chunk: Any) -> Iterator[_Page]:  # noqa: ANN401 - as above
    """The pages of a column chunk; _DamagedError where they do not end where it ends."""
    place = _field(chunk, _DATA_OFFSET, int)
    if chunk.get(_DICTIONARY_OFFSET):
        place = min(place, _field(chunk, _DICTIONARY_OFFSET, int))
    end = place + _field(chunk, _COMPRESSED, int)
    if not 0 < place <= end <= file.seek(0, 2):
        raise _DamagedError(f"{_name(chunk)} does not lie within the file")
    while place < end:
        file.seek(place)
        header, read = read_struct(file.read(min(_HEADER_BYTES, end - place)))
        kind, size = _field(header, _PAGE_TYPE, int), _field(header, _PAGE_SIZE, int)
        if kind not in _KINDS or not 0 <= size <= end - place - read:
            raise _DamagedError(f"a page of {_name(chunk)} has no sound header")
        own, values, encoding = _KINDS[kind]
        details = _field(header, own, dict)
        file.seek(place + read)
        crc = _field(header, _PAGE_CRC, int) & _CRC_BITS if _PAGE_CRC in header else None
        told = _field(header, _UNPACKED_SIZE, int), _field(details, values, int), _field(details, encoding, int)
        yield _Page(kind, crc, file.read(size), *told)
        place += read + size


def _field(struct: Any, number: int, kind: type[T]) -> T:  # noqa: ANN401 - whatever was read
    found = struct.get(number) if isinstance(struct, dict) else None
    if not isinstance(found, kind):
        raise _DamagedError("a header or the footer is not sound")
    return found


def _name(chunk: Any) -> str:  # noqa: ANN401 - as above
    parts = chunk.get(_PATH)
    known = isinstance(parts, list) and all(isinstance(part, bytes) for part in parts)
    return b".".join(parts).decode(errors="replace") if known else "a column"
