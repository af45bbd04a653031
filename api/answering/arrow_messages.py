"""Read the headers of an Arrow stream's messages before anything is unpacked: how many rows, and whether compressed."""

import struct
from typing import Final, NamedTuple

import pyarrow as pa

from api.http.problems import Item, Problem

BadMessageError: Final = struct.error
"""What a header raises that is none."""


def check_messages(raw: bytes, rows_max: int) -> None:
    """Refuse compressed batches and too many rows.

    Args:
        raw: The stream.
        rows_max: Most rows that are accepted.

    Raises:
        Problem: "too-large".
        ValueError: A message is of another kind, or compressed; also `BadMessageError`, and pyarrow's errors.
    """
    rows = 0
    for message in pa.ipc.MessageReader.open_stream(pa.py_buffer(raw)):
        if message.type == "schema":
            continue
        table = _Table.root(message.metadata.to_pybytes()).child(2)
        if message.type == "dictionary":
            table = table.child(1)
        elif message.type == "record batch":
            rows += table.int64(0)
        else:
            raise ValueError
        if table.at(3):
            raise ValueError
        if rows > rows_max:
            raise Problem("too-large", [Item("", "too_long", f"more than {rows_max} rows")])


class _Table(NamedTuple):
    """Read a table of a FlatBuffer, the format of an Arrow message's header, by field number."""

    raw: bytes
    start: int

    @classmethod
    def root(cls, raw: bytes) -> "_Table":
        return cls(raw, struct.unpack_from("<I", raw, 0)[0])

    def at(self, place: int) -> int:
        """Return the offset of a field; 0 if it is absent."""
        fields = self.start - struct.unpack_from("<i", self.raw, self.start)[0]
        size = struct.unpack_from("<H", self.raw, fields)[0]
        if 4 + 2 * place >= size:
            return 0
        offset = struct.unpack_from("<H", self.raw, fields + 4 + 2 * place)[0]
        return self.start + offset if offset else 0

    def child(self, place: int) -> "_Table":
        at = self.at(place)
        return _Table(self.raw, at + struct.unpack_from("<I", self.raw, at)[0])

    def int64(self, place: int) -> int:
        at = self.at(place)
        found: int = struct.unpack_from("<q", self.raw, at)[0] if at else 0
        if found < 0:
            raise ValueError
        return found
