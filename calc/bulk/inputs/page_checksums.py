"""Checksums of the pages of a Parquet file, where its writer put them there: a flipped bit in a page is always seen.

Comes in: a Parquet file. Goes out: whether every page has a CRC-32 and holds it; an InputError where one does not.
Readers check them on request at best, and Polars not at all. What they do not cover are page headers and the footer:
these are held against each other, so far as they say the same thing twice.
"""

from pathlib import Path
from typing import Any, BinaryIO, Final
from zlib import crc32

import pyarrow as pa

from calc.bulk.inputs.parquet_pages import DATA_V2, DICTIONARY, PATH, DamagedError, Page, field, name_of, pages_of
from calc.bulk.inputs.thrift import ThriftError, read_number, read_struct
from calc.errors import InputError

_MAGIC: Final = b"PAR1"
_SCHEMA, _ROWS, _ROW_GROUPS = 2, 3, 4
_COLUMNS, _GROUP_ROWS, _META = 1, 3, 3
_ELEMENT_TYPE, _ELEMENT_NAME, _CHILDREN, _SCALE, _LOGICAL_TYPE, _DECIMAL, _DECIMAL_SCALE = 1, 4, 5, 7, 10, 5, 1
_TYPE, _ENCODINGS, _CODEC, _VALUES, _UNPACKED = 1, 2, 4, 5, 6
_REPETITION, _REQUIRED, _OPTIONAL = 3, 0, 1
_FLAT: Final = {_REQUIRED, _OPTIONAL}
_CODECS: Final = {1: "snappy", 2: "gzip", 4: "brotli", 6: "zstd", 7: "lz4_raw"}
_LENGTH, _RUN_VALUES, _HIGH_BIT = 4, 8, 0x80


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
    except (OSError, pa.ArrowException, ThriftError, DamagedError) as error:
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
        groups = field(footer, _ROW_GROUPS, list)
        return [field(column, _META, dict) for group in groups for column in field(group, _COLUMNS, list)]
    except DamagedError:
        return []


def _leaves(footer: dict[int, Any]) -> list[dict[int, Any]]:
    """Columns of the schema; DamagedError where the footer says one thing twice, and not alike."""
    groups = field(footer, _ROW_GROUPS, list)
    rows = sum(field(group, _GROUP_ROWS, int) for group in groups)
    if rows != field(footer, _ROWS, int):
        raise DamagedError(f"the row groups have {rows} rows, the footer says {footer[_ROWS]}")
    leaves = [element for element in field(footer, _SCHEMA, list) if not element.get(_CHILDREN)]
    if any(len(field(group, _COLUMNS, list)) != len(leaves) for group in groups):
        raise DamagedError(f"a row group has another number of columns than the schema, {len(leaves)}")
    for leaf in leaves:
        logical = leaf.get(_LOGICAL_TYPE)
        decimal = logical.get(_DECIMAL) if isinstance(logical, dict) else None
        if isinstance(decimal, dict) and decimal.get(_DECIMAL_SCALE, 0) != leaf.get(_SCALE, 0):
            raise DamagedError("the footer gives a decimal two scales")
    return leaves


def _check(file: BinaryIO, chunk: dict[int, Any], leaf: dict[int, Any]) -> None:
    """DamagedError where a column chunk is not what its checksums, page headers, footer and schema say."""
    named = field(chunk, PATH, list)[-1:] == [field(leaf, _ELEMENT_NAME, bytes)]
    if not named or field(chunk, _TYPE, int) != field(leaf, _ELEMENT_TYPE, int):
        raise DamagedError(f"the footer calls {name_of(chunk)} by another name or type as well")
    values = 0
    for number, page in enumerate(pages_of(file, chunk)):
        where = f"page {number} of {name_of(chunk)}"
        if page.crc is None:
            raise DamagedError(f"{where} has none")
        if crc32(page.content) != page.crc:
            raise DamagedError(f"{where} differs from it")
        if page.kind == DICTIONARY:
            continue
        first, values = not values, values + page.values
        if page.encoding not in field(chunk, _ENCODINGS, list):
            raise DamagedError(f"{where} is encoded in a way that the footer does not know of")
        if leaf.get(_REPETITION) in _FLAT and len(chunk[PATH]) == 1 and page.values:
            _check_levels(page, chunk, leaf, where, first=first)
    if values != field(chunk, _VALUES, int):
        raise DamagedError(f"{name_of(chunk)} has {values} values, its footer says {chunk[_VALUES]}")


def _begins_with_checksum(file: BinaryIO, chunk: dict[int, Any]) -> bool:
    try:
        return next(pages_of(file, chunk)).crc is not None
    except (StopIteration, ThriftError, DamagedError):
        return False


def _check_levels(page: Page, chunk: dict[int, Any], leaf: dict[int, Any], where: str, *, first: bool) -> None:
    """DamagedError where a page's levels, which tell its nulls, are not what its header and the schema say.

    A reader that looks for values where the levels are, or somewhere behind them, finds some. Where the schema has no
    nulls, the first page shows whether that is so.
    """
    required = leaf.get(_REPETITION) == _REQUIRED
    if page.kind == DATA_V2:
        repetition, definition = page.level_bytes
        levels = page.content[:definition]
        sound = not (repetition or levels) if required else not repetition and _tell(levels, page.values)
    else:
        content = _unpacked(page, chunk) if required and first else b""
        sound = not _tell(content[_LENGTH : _LENGTH + int.from_bytes(content[:_LENGTH], "little")], page.values)
    if not sound:
        raise DamagedError(f"{where} has nulls in another way than the schema says")


def _tell(levels: bytes, values: int) -> bool:
    """Whether bytes are levels of so many values: one bit each, in runs of one bit or of eight values."""
    place = told = 0
    while place < len(levels):
        first = levels[place]
        try:
            run, read = (first, 1) if first < _HIGH_BIT else read_number(levels[place:])
        except ThriftError:
            return False
        place += read + (run >> 1 if run & 1 else 1)
        told += (run >> 1) * (_RUN_VALUES if run & 1 else 1)
    return place == len(levels) > 0 and 0 <= told - values < _RUN_VALUES


def _unpacked(page: Page, chunk: dict[int, Any]) -> bytes:
    """A page's bytes, decompressed; none where the codec is not known. DamagedError for a size that cannot be."""
    codec = _CODECS.get(field(chunk, _CODEC, int))
    if codec is None:
        return b"" if chunk[_CODEC] else page.content
    if not 0 <= page.unpacked_bytes <= field(chunk, _UNPACKED, int):
        raise DamagedError(f"a page of {name_of(chunk)} has no sound header")
    unpacked: bytes = pa.decompress(page.content, page.unpacked_bytes, codec, asbytes=True)
    return unpacked
