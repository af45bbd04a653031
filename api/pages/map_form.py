"""Show the map of an uploaded file as a form, and read the form as the map that it asks for.

Comes in: the tables of a file with the map in force (`calc.uploads.tables`, as plain values), and texts of a form. Goes
out: controls, or the map's TOML and what is wrong with the form. Names of controls are numbers: a file's own names
stand in labels alone.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from api.pages.fields import CHOICE, YES, Choices, Field, Kind
from api.pages.submission import Fault
from calc.bulk.inputs.map_file import MAPPED
from calc.bulk.inputs.money_style import STYLES
from calc.columns.dataset import Column, Holds
from calc.uploads.map_text import map_text

_TEXT: Final = Kind("text", str)
_PLAIN_DATE: Final = "YYYY-MM-DD"
_SAID_OF_DATES: Final = "As in MM/DD/YYYY, M/D/YY or DD-MON-YYYY; YYYY-MM-DD where it is left empty"
_NOT_USED: Final = ("", "not used")


class MapControl(NamedTuple):
    """Hold a control of the form: its field, its text, and the contract's column that it is about ("": all)."""

    field: Field
    text: str
    column: str = ""


class TableForm(NamedTuple):
    """Hold the controls of one table.

    Attributes:
        table: The table, as plain values.
        columns: For each column of the file: which column of the contract it is.
        blanks: For each required column that may be blank and was not found: whether it is blank throughout.
        written: How dates and amounts are written, and which rows are none.
        words: For each word of the file that the contract does not have: what it means.
        wanting: Required columns that were not found and may not be blank.
    """

    table: Mapping[str, Any]
    columns: tuple[MapControl, ...]
    blanks: tuple[MapControl, ...]
    written: tuple[MapControl, ...]
    words: tuple[MapControl, ...]
    wanting: tuple[str, ...]

    def controls(self) -> Iterator[MapControl]:
        """Yield every control."""
        yield from (*self.columns, *self.blanks, *self.written, *self.words)


def forms_of(tables: Sequence[Mapping[str, Any]]) -> list[TableForm]:
    """Return the form of each table, filled in with the map in force."""
    return [_form(f"t{place}", table) for place, table in enumerate(tables)]


def faults_in(forms: Sequence[TableForm], texts: Mapping[str, str]) -> tuple[Fault, ...]:
    """Return what is wrong with a submitted form: columns chosen twice, and words that no select offers."""
    faults = []
    for form in forms:
        names = {name: column.name for column in MAPPED[form.table["dataset"]].columns for name in column.names}
        chosen = [(each.field, texts.get(each.field.id, "")) for each in form.columns]
        twice = Counter(names[text] for _, text in chosen if text in names)
        faults += [
            Fault(field.id, f"{field.label}: another column is taken for the same")
            for field, text in chosen
            if text in names and twice[names[text]] > 1
        ]
        faults += [
            Fault(each.field.id, f"{each.field.label}: choose one of the list")
            for each in form.controls()
            if each.field.choices and texts.get(each.field.id, "") not in {value for value, _ in each.field.choices}
        ]
    return tuple(faults)


def map_of(forms: Sequence[TableForm], texts: Mapping[str, str]) -> str:
    """Return the map that a submitted form without faults asks for, as TOML."""
    return map_text({form.table["dataset"]: _content(form, texts) for form in forms})


def _form(prefix: str, table: Mapping[str, Any]) -> TableForm:
    dataset = MAPPED[table["dataset"]]
    content = tomllib.loads(table["map_text"]).get(dataset.name, {})
    by_name = {name: column for column in dataset.columns for name in column.names}
    used = [by_name[each["maps_to"]] for each in table["columns"] if each["maps_to"] in by_name]
    constants = content.get("constants", {})
    choices = (_NOT_USED, *((name, _label(name, column)) for name, column in by_name.items()))
    columns = tuple(
        MapControl(Field(f"{prefix}c{place}", each["name"], CHOICE, choices=choices), each["maps_to"])
        for place, each in enumerate(table["columns"])
    )
    blanks = tuple(
        MapControl(
            Field(f"{prefix}b{place}", f"{column.name}: blank in every row", YES),
            "yes" if constants.get(column.name) == "" else "",
            column.name,
        )
        for place, column in enumerate(dataset.columns)
        if table["missing"].get(column.name) or constants.get(column.name) == ""
    )
    wanting = tuple(name for name, may_be_blank in table["missing"].items() if not may_be_blank)
    return TableForm(
        table, columns, blanks, tuple(_written(prefix, content, used)), tuple(_words(prefix, table, content, used)),
        wanting,
    )  # fmt: skip


def _label(name: str, column: Column) -> str:
    unit = ""
    if column.unit:
        unit = f", in {column.unit.smallest if name == column.name else column.unit.whole}"
    return f"{name}{unit}{'' if column.optional else ' (required)'}"


def _written(prefix: str, content: Mapping[str, Any], used: Sequence[Column]) -> Iterator[MapControl]:
    formats = content.get("date_formats", {})
    for column in used:
        if column.holds is Holds.DATE:
            field = Field(f"{prefix}d{used.index(column)}", f"How {column.name} is written", _TEXT, _SAID_OF_DATES)
            yield MapControl(field, formats.get(column.name, content.get("date_format", _PLAIN_DATE)), column.name)
    if any(column.holds is Holds.MONEY for column in used):
        styles: Choices = (("", "1234.56"), *((style, style) for style in STYLES))
        yield MapControl(
            Field(f"{prefix}m", "How amounts are written", CHOICE, choices=styles), content.get("money_style", "")
        )
    for place, (name, texts) in enumerate(content.get("drop_rows_where", {}).items()):
        label = f"Leave out rows with {' or '.join(texts)} in {name}"
        yield MapControl(Field(f"{prefix}r{place}", label, YES), "yes", name)


def _words(
    prefix: str, table: Mapping[str, Any], content: Mapping[str, Any], used: Sequence[Column]
) -> Iterator[MapControl]:
    for place, column in enumerate(used):
        known = content.get("words", {}).get(column.name, {})
        allowed = column.words or ("true", "false")
        choices = (("", "nothing that is allowed"), *((word, word) for word in allowed))
        for number, text in enumerate(dict.fromkeys([*known, *table["words"].get(column.name, [])])):
            field = Field(f"{prefix}w{place}_{number}", f"{text} in {column.name} means", CHOICE, choices=choices)
            yield MapControl(field, known.get(text, ""), column.name)


def _content(form: TableForm, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the table of a dataset: the map in force, with what the form says in its place."""
    dataset = MAPPED[form.table["dataset"]]
    content: dict[str, Any] = dict(tomllib.loads(form.table["map_text"]).get(dataset.name, {}))
    by_name = {name: column.name for column in dataset.columns for name in column.names}
    chosen = {control.field.label: texts.get(control.field.id, "") for control in form.columns}
    used = {by_name[name] for name in chosen.values() if name}
    content["names"] = {name: to for name, to in chosen.items() if to != name and (to or name in by_name)}
    kept = {name: text for name, text in content.get("constants", {}).items() if text and by_name.get(name) not in used}
    blank = [each.column for each in form.blanks if texts.get(each.field.id) and each.column not in used]
    content["constants"] = {**kept, **dict.fromkeys(blank, "")}
    drops = content.get("drop_rows_where", {})
    content["drop_rows_where"] = {
        each.column: drops[each.column]
        for each in form.written
        if each.column in drops and each.field.kind is YES and texts.get(each.field.id)
    }
    content["date_formats"] = {
        each.column: texts[each.field.id]
        for each in form.written
        if each.field.kind is _TEXT and each.column in used and texts.get(each.field.id, "") not in {"", _PLAIN_DATE}
    }
    content.pop("date_format", None)
    for each in form.written:
        if each.field.kind is CHOICE:
            content["money_style"] = texts.get(each.field.id, "")
    if not content.get("money_style"):
        content.pop("money_style", None)
    words: dict[str, dict[str, str]] = {}
    for each in form.words:
        if each.column in used and texts.get(each.field.id):
            words.setdefault(each.column, {})[_word(each)] = texts[each.field.id]
    content["words"] = words
    return content


def _word(control: MapControl) -> str:
    """Return the file's word that a control is about."""
    return control.field.label.removesuffix(f" in {control.column} means")
