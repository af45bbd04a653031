"""What is proposed of an extract's map, and the proposal as the TOML of a map with comments above it."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from calc.bulk.inputs.date_format import YEARS_FROM
from calc.bulk.inputs.extract_sample import Extract
from calc.columns.contract import Dataset


@dataclass(slots=True)
class Proposal:
    """What is proposed, by the extract's column or the contract's, with comments by line."""

    names: dict[str, str] = field(default_factory=dict)
    matches: dict[str, str] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    money_style: str | None = None
    trailing_zeros: bool = False
    comments: list[str] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)
    """Columns that were not found, and may be blank throughout."""


def has_two_digit_year(date_format: str) -> bool:
    """Whether a format writes years as two digits."""
    return "YY" in date_format and "YYYY" not in date_format


def as_toml(path: Path, dataset: Dataset, extract: Extract, proposal: Proposal) -> str:
    """The proposal as a map: comments first, values before tables."""
    used = set(proposal.matches.values())
    left = [name for name in extract.samples if name not in used]
    known = {name for column in dataset.columns for name in column.names}
    names = {**proposal.names, **{name: "" for name in left if name in known}}
    comments = [f"Proposed for {path.name}: check every line", *proposal.comments]
    if left:
        comments.append(f"not used: {', '.join(left)}")
    lines = [*(f"# {_one_line(comment)}" for comment in comments), "", f"[{dataset.name}]", *_values(extract, proposal)]
    tables: dict[str, dict[str, str]] = {
        "drop_rows_where": {
            name: f"[{', '.join(_quoted(text) for text in texts)}]" for name, texts in extract.totals.items()
        },
        "names": {name: _quoted(to) for name, to in names.items()},
        "date_formats": {name: _quoted(text) for name, text in proposal.dates.items()},
        "words": {
            name: "{ " + ", ".join(f"{_quoted(text)} = {_quoted(to)}" for text, to in words.items()) + " }"
            for name, words in proposal.words.items()
        },
    }
    for table, entries in tables.items():
        if entries:
            lines += [
                "",
                f"[{dataset.name}.{table}]",
                *(f"{_quoted(name)} = {value}" for name, value in entries.items()),
            ]
    if proposal.blank:
        lines += [
            "",
            "# For columns that were not found and are always blank, take the # off these lines:",
            f"# [{dataset.name}.constants]",
            *(f'# {name} = ""' for name in proposal.blank),
        ]
    return "\n".join(lines) + "\n"


def _values(extract: Extract, proposal: Proposal) -> list[str]:
    """Lines of the keys that hold for the dataset as a whole."""
    layout = extract.layout
    lines = []
    if layout.delimiter != ",":
        lines.append(f"delimiter = {_quoted(layout.delimiter)}")
    if layout.encoding != "utf-8":
        lines.append(f"encoding = {_quoted(layout.encoding)}")
    if layout.skip_rows:
        lines.append(f"skip_rows = {layout.skip_rows}")
    if not extract.is_csv and any(given in extract.padded for given in proposal.matches.values()):
        lines.append("trim = true")
    if extract.time_zone:
        lines.append(f"time_zone = {_quoted(extract.time_zone)}")
    if any(has_two_digit_year(text) for text in proposal.dates.values()):
        lines.append(f"two_digit_years_from = {YEARS_FROM}")
    if proposal.money_style:
        lines.append(f"money_style = {_quoted(proposal.money_style)}")
    if proposal.trailing_zeros:
        lines.append("trailing_zeros = true")
    return lines


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


def _quoted(text: str) -> str:
    """TOML's basic string: as JSON's, save that it escapes one control character more."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
