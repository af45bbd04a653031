"""Reads one dataset's table of a map, such as `[deposits]`: TOML values -> what they say, or what is wrong with them.

Every error names the place in the file and what was expected; a value that may be an income is not in its text.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from calc.bulk.inputs.csv_layout import DELIMITERS, ENCODINGS, CsvLayout
from calc.bulk.inputs.date_format import YEARS_FROM, DateFormat
from calc.bulk.inputs.mapping import DatasetMap, is_whole_number
from calc.bulk.inputs.money_style import STYLES, MoneyStyle
from calc.columns.contract import Column, Dataset, Holds
from calc.columns.gate import gate
from calc.errors import reason_codes
from calc.rules.document import Document, Place, described

KEYS: Final = {
    "delimiter": "What stands between the columns of a CSV file.",
    "encoding": "The encoding of a CSV file.",
    "skip_rows": "Lines above the header.",
    "trim": "true takes blanks off the edges of texts, as is done with CSV in any case.",
    "time_zone": "Where timestamps that have a zone are midnight, e.g. America/Denver; else in their own.",
    "date_format": "How every date is written, e.g. MM/DD/YYYY, DD-MON-YY or M/D/YYYY 12:00:00 AM.",
    "two_digit_years_from": "First of the hundred years that two digits of a year mean.",
    "money_style": "How money is written: 1,234.56 or another style; each takes $, (200.00) and 200.00- too.",
    "trailing_zeros": "true takes .0 off whole numbers, as a spreadsheet's floats are written: 180000.0, 3.0.",
    "names": "A table: the extract's column = the column here; an empty name leaves it out.",
    "date_formats": "A table: how the dates of single columns are written.",
    "constants": "A table: the value of a column that the extract lacks.",
    "words": "A table for each column: the extract's text = the text here; an empty one makes the value blank.",
    "drop_rows_where": "A table by the extract's column: texts of rows that are left out, or how they begin.",
}
"""What a map may say of a dataset."""
Written = Callable[[pl.Series], pl.Series]
"""What makes the contract's text of an extract's."""
_MOST_SKIPPED: Final = 1000
_FIRST_YEARS: Final = (1900, 2099)


class MapTable:
    """The part of a map that describes a dataset."""

    def __init__(self, document: Document, dataset: Dataset) -> None:
        """Take the dataset's table of a document; DataError where it is none."""
        self.document, self.dataset = document, dataset
        self.columns: dict[str, Column] = {}
        for column in dataset.columns:
            self.columns |= dict.fromkeys(column.names, column)
        self.content = self._table(document.content, Place(key=dataset.name))

    def read(self) -> DatasetMap:
        """What it says; DataError for anything that is not as expected."""
        name = self.dataset.name
        self.document.refuse_others(self.content, Place(name), KEYS)
        layout = CsvLayout()
        if "delimiter" in self.content:
            layout = replace(layout, delimiter=self._choice(Place(name, 0, "delimiter"), self.content, DELIMITERS))
        if "encoding" in self.content:
            layout = replace(layout, encoding=self._choice(Place(name, 0, "encoding"), self.content, ENCODINGS))
        if "skip_rows" in self.content:
            layout = replace(layout, skip_rows=self._whole("skip_rows", 0, _MOST_SKIPPED))
        dates, money = self._dates(), self._money()
        return DatasetMap(
            f"{self.document.path}: {name}", layout, self._names(), dates, self._constants(), self._words(dates, money),
            trim="trim" in self.content and self.document.take(self.content, Place(name, 0, "trim"), bool),
            time_zone=self._zone(), money=money, drops=self._drops(), trailing_zeros=self._trailing_zeros(),
        )  # fmt: skip

    def _money(self) -> dict[str, MoneyStyle]:
        """Style by column of money."""
        if "money_style" not in self.content:
            return {}
        style = MoneyStyle.parse(self._choice(Place(self.dataset.name, 0, "money_style"), self.content, STYLES))
        single = [each for column in self.dataset.columns for each in (column, *column.month_columns)]
        return {name: style for each in single if each.holds is Holds.MONEY for name in each.names}

    def _trailing_zeros(self) -> frozenset[str]:
        """Columns of whole numbers, if .0 is to be taken off them."""
        key = "trailing_zeros"
        if key not in self.content or not self.document.take(self.content, Place(self.dataset.name, 0, key), bool):
            return frozenset()
        single = [each for column in self.dataset.columns for each in (column, *column.month_columns)]
        return frozenset(each.name for each in single if is_whole_number(each))

    def _zone(self) -> str | None:
        """A zone of the IANA's list."""
        if "time_zone" not in self.content:
            return None
        place = Place(self.dataset.name, 0, "time_zone")
        zone = self.document.take(self.content, place, str)
        try:
            pl.Series([], dtype=pl.Datetime("us", "UTC")).dt.convert_time_zone(zone)
        except pl.exceptions.PolarsError:
            raise self.document.error(place, f"{described(zone)}; expected a zone such as America/Denver") from None
        return zone

    def _drops(self) -> dict[str, tuple[str, ...]]:
        """Texts of rows that are left out, by the extract's column."""
        drops = {}
        for name, given in self._part("drop_rows_where").items():
            texts = given if isinstance(given, list) else [given]
            if not texts or not all(isinstance(text, str) and text != "*" for text in texts):
                place = Place(f"{self.dataset.name}.drop_rows_where", 0, name)
                raise self.document.error(
                    place,
                    f"{described(given)}; expected a text or several, each as it stands or how it begins with a *",
                )
            drops[name] = tuple(text.strip() for text in texts)
        return drops

    def _whole(self, key: str, lowest: int, highest: int) -> int:
        place = Place(self.dataset.name, 0, key)
        value = self.document.take(self.content, place, int)
        if not lowest <= value <= highest:
            raise self.document.error(place, f"{value}; expected a whole number from {lowest} to {highest}")
        return value

    def _names(self) -> dict[str, str]:
        names = self._part("names")
        for given in names:
            place = Place(f"{self.dataset.name}.names", 0, given)
            to = self._choice(place, names, ("", *self.columns))
            if to and list(names.values()).count(to) > 1:
                raise self.document.error(place, f"{described(to)}, as another is; expected one column for each")
        return names

    def _dates(self) -> dict[str, DateFormat]:
        """Format by column: the dataset's for all, and those of single columns."""
        date_columns = [column.name for column in self.dataset.columns if column.holds is Holds.DATE]
        formats: dict[str, DateFormat] = {}
        if "date_format" in self.content:
            formats = dict.fromkeys(
                date_columns, self._format(Place(self.dataset.name, 0, "date_format"), self.content)
            )
        single = self._part("date_formats")
        for name in single:
            place = Place(f"{self.dataset.name}.date_formats", 0, name)
            if name not in date_columns:
                raise self.document.error(place, f"holds no date; expected one of {', '.join(date_columns)}")
            formats[name] = self._format(place, single)
        return formats

    def _constants(self) -> dict[str, str]:
        constants = self._part("constants")
        return {
            name: self._value(Place(f"{self.dataset.name}.constants", 0, name), self._column(name, "constants"), value)
            for name, value in constants.items()
        }

    def _words(self, dates: Mapping[str, DateFormat], money: Mapping[str, MoneyStyle]) -> dict[str, dict[str, str]]:
        """Replacement by text, by column, written as the extract writes; an empty one makes the value blank."""
        words: dict[str, dict[str, str]] = {}
        part = self._part("words")
        for name in part:
            column = self._column(name, "words")
            place = Place(f"{self.dataset.name}.words", 0, name)
            table = self._table(part, place)
            form = dates[name].to_iso if name in dates else money[name].to_plain if name in money else None
            words[name] = {
                given: "" if value == "" else self._value(place, column, value, form) for given, value in table.items()
            }
        return words

    def _column(self, name: str, part: str) -> tuple[str, Column]:
        if name not in self.columns:
            place = Place(f"{self.dataset.name}.{part}", 0, name)
            raise self.document.error(place, f"unknown column; expected one of {', '.join(self.columns)}")
        return name, self.columns[name]

    def _part(self, key: str) -> dict[str, Any]:
        return self._table(self.content, Place(self.dataset.name, 0, key)) if key in self.content else {}

    def _table(self, content: Mapping[str, Any], place: Place) -> dict[str, Any]:
        table = content[place.key]
        if not isinstance(table, dict):
            raise self.document.error(place, f"{described(table)}; expected a table [{place.label}]")
        return table

    def _choice(self, place: Place, content: Mapping[str, Any], words: tuple[str, ...]) -> str:
        value = content[place.key]
        if value not in words:
            named = ", ".join(repr(word) if word.isspace() else word or '""' for word in words)
            raise self.document.error(place, f"{described(value)}; expected one of {named}")
        return str(value)

    def _format(self, place: Place, content: Mapping[str, Any]) -> DateFormat:
        text = self.document.take(content, place, str)
        years_from = YEARS_FROM
        if "two_digit_years_from" in self.content:
            years_from = self._whole("two_digit_years_from", *_FIRST_YEARS)
        try:
            return DateFormat.parse(text, years_from)
        except ValueError as error:
            raise self.document.error(place, f"{described(text)}; {error}") from error

    def _value(self, place: Place, named: tuple[str, Column], value: object, form: Written | None = None) -> str:
        """Text that the gate takes for a value of the column; the value is not told: it may be an income."""
        name, column = named
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if not isinstance(value, (str, int, date, Decimal)):
            raise self.document.error(place, "expected text, a number, a date or true or false")
        series = pl.Series(name, [text])
        frame = (form(series) if form else series).to_frame()
        if reasons := gate(Dataset(self.dataset.name, (), (column,)), frame).reasons[0]:
            words = f" ({', '.join(column.words)})" if column.words else ""
            raise self.document.error(
                place, f"{', '.join(reason_codes(int(reasons)))}; expected {column.holds.value}{words}"
            )
        return text
