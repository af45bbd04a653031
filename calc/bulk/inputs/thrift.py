"""Thrift's compact protocol, read as far as the footer and the page headers of a Parquet file need it.

Comes in: bytes. Goes out: a struct as a dictionary from field number to value; texts are bytes. Nothing is trusted:
what is cut short, too deep or too large is a ThriftError.
"""

from typing import Any, Final

_STOP, _TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _STRUCT = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12
_DEPTH_MOST: Final = 16
_VARINT_BITS: Final = 70
_LONG_LIST: Final = 15


class ThriftError(Exception):
    """Bytes that are no struct."""


def read_struct(data: bytes) -> tuple[dict[int, Any], int]:
    """The struct that the data begins with, and how many bytes it takes."""
    reader = _Reader(data)
    return reader.struct(0), reader.place


def read_number(data: bytes) -> tuple[int, int]:
    """The unsigned number that the data begins with, seven bits a byte, and how many bytes it takes."""
    reader = _Reader(data)
    return reader.unsigned(), reader.place


class _Reader:
    """Reads on from a place."""

    def __init__(self, data: bytes) -> None:
        self.place = 0
        self._data = data

    def struct(self, depth: int) -> dict[int, Any]:
        """A struct's fields, to its end."""
        if depth > _DEPTH_MOST:
            raise ThriftError("structs within structs without end")
        fields: dict[int, Any] = {}
        number = 0
        while (head := self._byte()) & 0x0F != _STOP:
            number = number + (head >> 4) if head >> 4 else self._number()
            kind = head & 0x0F
            fields[number] = kind == _TRUE if kind in {_TRUE, _FALSE} else self._value(kind, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:  # noqa: ANN401 - of the kind
        if kind in {_I16, _I32, _I64}:
            return self._number()
        if kind in {_TRUE, _FALSE, _BYTE}:
            return self._byte()
        if kind == _BINARY:
            return self._bytes(self.unsigned())
        if kind == _DOUBLE:
            return self._bytes(8)
        if kind == _LIST:
            head = self._byte()
            size = head >> 4 if head >> 4 < _LONG_LIST else self.unsigned()
            return [self._element(head & 0x0F, depth) for _ in range(size)]
        if kind == _STRUCT:
            return self.struct(depth + 1)
        raise ThriftError(f"a value of kind {kind}")

    def _element(self, kind: int, depth: int) -> Any:  # noqa: ANN401 - of the kind
        return self._value(kind, depth + 1) if depth <= _DEPTH_MOST else self._value(_STOP, depth)

    def _number(self) -> int:
        number = self.unsigned()
        return (number >> 1) ^ -(number & 1)

    def unsigned(self) -> int:
        """A number of seven bits a byte."""
        number = 0
        for shift in range(0, _VARINT_BITS, 7):
            byte = self._byte()
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
        raise ThriftError("a number without end")

    def _bytes(self, size: int) -> bytes:
        found = self._data[self.place : self.place + size]
        if len(found) < size:
            raise ThriftError("it is cut short")
        self.place += size
        return found

    def _byte(self) -> int:
        return self._bytes(1)[0]
