"""Proposes a map for an extract, from its column names and a sample of its values.

Comes in: a CSV or Parquet file. Goes out: TOML that `calc.bulk.map_file` reads, with a comment wherever a person has to
look: columns that are left out, contract columns that were not found, dates whose order the sample leaves open.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

import polars as pl

from calc.bulk.csv_file import CsvFile
from calc.bulk.csv_layout import DELIMITERS, CsvLayout
from calc.bulk.date_format import DateFormat
from calc.bulk.map_file import MAPPED
from calc.bulk.parquet_file import ParquetFile
from calc.columns.contract import Column, Dataset, Holds
from calc.errors import InputError

_SAMPLE_ROWS: Final = 1000
_SAMPLE_BYTES: Final = 1 << 20
_ALIKE: Final = 0.75
_FORMATS: Final = (
    "YYYY-MM-DD", "MM/DD/YYYY", "DD/MM/YYYY", "M/D/YYYY", "D/M/YYYY", "DD.MM.YYYY", "MM-DD-YYYY", "YYYYMMDD",
    "YYYY/MM/DD", "DD-MON-YYYY", "YYYY-MM-DD 00:00:00", "YYYY-MM-DDT00:00:00", "MM/DD/YYYY 00:00:00",
)  # fmt: skip
"""In the order in which they are tried: a utility of the United States writes the month first."""
_SAME: Final = {
    "deposit_id": ("deposit no", "deposit number", "dep no", "dep id"),
    "account_id": ("account", "acct", "acct no", "account number", "account no"),
    "service": ("svc", "service type", "commodity", "fuel", "utility"),
    "kind": ("type", "deposit type"),
    "principal_cents": ("amount", "deposit amount", "amt", "dep amt", "deposit amt"),
    "received_date": ("received", "date received", "received on", "deposit date", "opened", "start date"),
    "paid_date": ("paid", "refunded", "refund date", "returned", "date paid", "closed"),
    "remitted_date": ("remitted", "escheated", "escheat date"),
    "service_ended_date": ("service end", "service ended", "final date", "disconnected", "service end date"),
    "order_payable_date": ("order date", "order payable"),
    "posted_cents": ("posted interest", "interest posted", "interest credited"),
    "amounts_owed_cents": ("owed", "balance owed", "unpaid balance", "final bill"),
    "billed_cents": ("billed", "billed amount", "annual billing"),
    "billed_days": ("days billed", "days"),
    "late_payments_12m": ("late payments", "times late"),
    "participant_id": ("participant", "participant no", "customer id", "customer no"),
    "primary_heating": ("heating", "heat source", "primary heat"),
    "household_income_cents": ("income", "annual income", "household income"),
    "household_size": ("size", "persons", "members", "household members"),
    "county_fips": ("county", "fips"),
    "leap_qualified": ("leap", "leap approved"),
    "full_annual_bill_cents": ("annual bill", "full bill"),
    "date": ("transaction date", "posted on", "event date"),
    "amount_cents": ("amt", "transaction amount"),
}
"""Names that extracts give to the contract's columns."""
_WORDS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "service": {"electric": ("e", "el", "elec", "electricity"), "gas": ("g", "natural gas", "ng")},
    "primary_heating": {
        "electric": ("e", "el", "elec", "electricity"), "gas": ("g", "natural gas", "ng"),
        "other": ("o", "none", "propane", "wood"),
    },
}  # fmt: skip
_FLAGS: Final = {"true": ("y", "yes", "t", "1", "x"), "false": ("n", "no", "f", "0")}


@dataclass(frozen=True, slots=True)
class _Extract:
    """A file's layout and the sampled texts of each column, without blanks."""

    layout: CsvLayout
    samples: Mapping[str, list[str]]


@dataclass(slots=True)
class _Proposal:
    """What is proposed, by the extract's column or the contract's, with comments by line."""

    names: dict[str, str] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)


def suggest_map(path: Path, dataset: str | None = None) -> str:
    """TOML of a map for a file; the dataset is by default the one whose columns are found best.

    InputError where the file cannot be read or no column of any dataset is found.
    """
    extract = _read(path)
    among = [MAPPED[dataset]] if dataset else list(MAPPED.values())
    matches = {each.name: _matches(each, extract.samples) for each in among}
    best = max(among, key=lambda each: _share_found(each, matches[each.name]))
    if not matches[best.name]:
        raise InputError(f"{path}: no column is like one of {best.name}; it has {', '.join(extract.samples)}")
    proposal = _Proposal(found=matches[best.name])
    _propose(best, extract, proposal)
    return _toml(path, best, extract, proposal)


def _read(path: Path) -> _Extract:
    if path.suffix.lower() in {".parquet", ".pq"}:
        file = ParquetFile.open(path)
        _, load = next(file.chunks(list(file.columns), _SAMPLE_ROWS), (0, None))
        frame = load().frame if load else pl.DataFrame(schema=file.columns)
        return _Extract(CsvLayout(), {series.name: _texts(series) for series in frame})
    try:
        with path.open("rb") as raw:
            head = raw.read(_SAMPLE_BYTES)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    encoding = _encoding(head)
    first_line = head.decode(encoding, errors="replace").lstrip("\ufeff\r\n").partition("\n")[0]
    layout = CsvLayout(max(DELIMITERS, key=first_line.count), encoding)
    opened = CsvFile.open(path, layout)
    _, chunk = next(opened.chunks(list(opened.header), _SAMPLE_ROWS), (0, None))
    frame = chunk().frame if chunk else pl.DataFrame(schema=opened.columns)
    return _Extract(layout, {series.name: _texts(series) for series in frame})


def _encoding(head: bytes) -> str:
    """By the byte order mark, else UTF-8 if the sample is, else Windows' Western European."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return "utf-8" if error.start > len(head) - 4 else "cp1252"  # a character cut by the sample's end
    return "utf-8"


def _texts(series: pl.Series) -> list[str]:
    if series.dtype.is_nested():
        return []
    texts = series.cast(pl.String, strict=False).drop_nulls().str.strip_chars()
    return texts.filter(texts != "").to_list()


def _plain(name: str) -> str:
    """A name in lower case, its words apart: "DepAmt" and "DEP_AMT" are "dep amt"."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.sub(r"[^a-z0-9]+", " ", apart.lower()).strip()


def _matches(dataset: Dataset, samples: Iterable[str]) -> dict[str, str]:
    """Contract's column -> the extract's that is most like it; each is taken once, the likest first."""
    scores = sorted(
        ((_likeness(column, name), -place, column.name, name)
         for place, column in enumerate(dataset.columns) for name in samples),
        reverse=True,
    )  # fmt: skip
    found: dict[str, str] = {}
    for score, _, column, name in scores:
        if score >= _ALIKE and column not in found and name not in found.values():
            found[column] = name
    return found


def _likeness(column: Column, name: str) -> float:
    known = [_plain(column.name), *(_SAME.get(column.name, ()))]
    if column.dollars_name:
        known.append(_plain(column.dollars_name))
    given = _plain(name)
    if name in {column.name, column.dollars_name}:
        return 2.0
    return max(SequenceMatcher(None, given, each).ratio() for each in known)


def _share_found(dataset: Dataset, found: Mapping[str, str]) -> float:
    required = [column.name for column in dataset.columns if not column.optional]
    return sum(name in found for name in required) / len(required)


def _propose(dataset: Dataset, extract: _Extract, proposal: _Proposal) -> None:
    for column in dataset.columns:
        given = proposal.found.get(column.name)
        if given is None:
            if not column.optional:
                blank = f' ({column.name} = "" if it is always blank)' if column.nullable else ""
                proposal.comments.append(
                    f"{column.name}, which is required, was not found: add it to names, or to constants{blank}"
                )
            continue
        texts = extract.samples[given]
        to = _target(column, given)
        if to != given:
            proposal.names[given] = to
        if column.holds is Holds.DATE:
            _propose_dates(column.name, texts, proposal)
        elif column.holds in {Holds.WORD, Holds.FLAG}:
            _propose_words(column, texts, proposal)
    _propose_dates_of_blanks(dataset, extract, proposal)


def _target(column: Column, given: str) -> str:
    """The contract's name for a column; money is in dollars unless its name says cents."""
    in_cents = "cents" in _plain(given).split()
    return column.name if column.dollars_name is None or in_cents else column.dollars_name


def _propose_dates(name: str, texts: list[str], proposal: _Proposal) -> None:
    series = pl.Series(texts, dtype=pl.String)
    days = {text: DateFormat.parse(text).to_iso(series).str.to_date("%Y-%m-%d", strict=False) for text in _FORMATS}
    fitting = {text: found for text, found in days.items() if not found.null_count()}
    if not texts or "YYYY-MM-DD" in fitting:
        return
    if not fitting:
        proposal.comments.append(f"{name}: no known format fits all sampled dates; add it to date_formats")
        return
    first = next(iter(fitting))
    proposal.dates[name] = first
    if others := [text for text, found in fitting.items() if not found.equals(fitting[first])]:
        proposal.comments.append(
            f"{name}: the sampled dates also fit {', '.join(others)}; make sure that {first} is right"
        )


def _propose_dates_of_blanks(dataset: Dataset, extract: _Extract, proposal: _Proposal) -> None:
    """Dates of which the sample has none are taken to be written as all the others are."""
    dates = [column.name for column in dataset.columns if column.holds is Holds.DATE and column.name in proposal.found]
    blank = [name for name in dates if not extract.samples[proposal.found[name]]]
    formats = {proposal.dates.get(name) for name in dates if name not in blank}
    if blank and len(formats) == 1 and (shared := formats.pop()):
        proposal.dates |= dict.fromkeys(blank, shared)
        proposal.comments.append(f"{', '.join(blank)}: no date was sampled; make sure that {shared} is right")


def _propose_words(column: Column, texts: list[str], proposal: _Proposal) -> None:
    allowed = column.words or ("true", "false")
    known = {each: (each, *_WORDS.get(column.name, {}).get(each, ())) for each in column.words} or {
        each: (each, *others) for each, others in _FLAGS.items()
    }
    words: dict[str, str] = {}
    unknown = 0
    for text in sorted(set(texts)):
        if text in allowed or (not column.words and text.lower() in allowed):
            continue
        to = [each for each, others in known.items() if text.lower() in others or _plain(text) == _plain(each)]
        if to:
            words[text] = to[0]
        else:
            unknown += 1
    if words:
        proposal.words[column.name] = words
    if unknown:
        proposal.comments.append(
            f"{column.name}: {unknown} sampled words are none of {', '.join(allowed)}; add what they mean to words"
        )


def _toml(path: Path, dataset: Dataset, extract: _Extract, proposal: _Proposal) -> str:
    """The proposal as a map: comments first, values before tables."""
    used = set(proposal.found.values())
    left = [name for name in extract.samples if name not in used]
    known = {name for column in dataset.columns for name in column.names}
    names = {**proposal.names, **{name: "" for name in left if name in known}}
    comments = [f"Proposed for {path.name}: check every line", *proposal.comments]
    if left:
        comments.append(f"not used: {', '.join(left)}")
    lines = [*(f"# {_one_line(comment)}" for comment in comments), "", f"[{dataset.name}]"]
    layout = extract.layout
    if layout.delimiter != ",":
        lines.append(f"delimiter = {_quoted(layout.delimiter)}")
    if layout.encoding != "utf-8":
        lines.append(f"encoding = {_quoted(layout.encoding)}")
    tables: dict[str, dict[str, str]] = {
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
    return "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


def _quoted(text: str) -> str:
    """TOML's basic string: as JSON's, save that it escapes one control character more."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
