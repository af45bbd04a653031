"""Name the types of result columns without loading Polars, which has a type of its own for each."""

from dataclasses import dataclass
from typing import Any, Final

from calc.columns.lazy_polars import pl


@dataclass(frozen=True, slots=True)
class ResultType:
    """The type of a result column: Polars' name for it.

    Attributes:
        name: Name of Polars' type.
        words: The words of an Enum.
        of: The type of a list's values.
        fields: The fields of a record, each with its type.
    """

    name: str
    words: tuple[str, ...] = ()
    of: "ResultType | None" = None
    fields: tuple[tuple[str, "ResultType"], ...] = ()

    @property
    def dtype(self) -> Any:  # noqa: ANN401 - a Polars type is an instance or a class
        """Return the Polars type."""
        if self.words:
            return pl.Enum(self.words)
        if self.fields:
            return pl.Struct({name: kind.dtype for name, kind in self.fields})
        return pl.List(self.of.dtype) if self.of else getattr(pl, self.name)


BOOLEAN: Final = ResultType("Boolean")
DATE: Final = ResultType("Date")
MOMENT: Final = ResultType("Datetime")
INT32: Final = ResultType("Int32")
INT64: Final = ResultType("Int64")
TEXT: Final = ResultType("String")


def one_of(words: tuple[str, ...]) -> ResultType:
    """Name the type of a column that holds one of a few words; a word's position is its code."""
    return ResultType("Enum", words=words)


def list_of(values: ResultType) -> ResultType:
    """Name the type of a column that holds several values a row."""
    return ResultType("List", of=values)


def record_of(*fields: tuple[str, ResultType]) -> ResultType:
    """Name the type of a record by its fields."""
    return ResultType("Struct", fields=fields)
