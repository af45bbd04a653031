"""Where a value stands in the law: its citation, and the paragraph of `data/authorities/` that holds its words.

An authority file is named for the rule or statute. It gives the citation, title and source of the text and, under
`[paragraphs]`, the words that matter, line breaks of no meaning. A reference is file name, `#` and paragraph:
`4-ccr-723-3-3403#(q)(I)`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from calc import datafiles
from calc.errors import DataError
from calc.rules.document import Document, Place

FOLDER = "authorities"


@dataclass(frozen=True, slots=True)
class Citation:
    """Why a value holds. `reading` is "text" where the words give it, "open" where a default was chosen (`note`).

    `quote` is the few words that hold it. The text at hand is in force from `confirmed_from`; from `effective_from`
    until then the value is applied by assumption.
    """

    rule: str
    quote: str
    effective_from: date
    confirmed_from: date
    authority: str
    reading: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Authority:
    """A rule or statute. `effective_from` is None where only the edition is known, which `source` names."""

    citation: str
    title: str
    source: str
    effective_from: date | None
    paragraphs: Mapping[str, str]


def authority(name: str) -> Authority:
    """The authority of a file name without suffix; DataError if there is none or it breaks its form."""
    file = f"{FOLDER}/{name}.toml"
    return _parsed(str(datafiles.data_root() / file), datafiles.read_text(file))


def paragraph(reference: str) -> tuple[str, str]:
    """Citation and words of the paragraph that a reference names; DataError that says what is missing."""
    name, _, label = reference.partition("#")
    if f"{FOLDER}/{name}.toml" not in datafiles.names(FOLDER):
        known = ", ".join(file.removeprefix(f"{FOLDER}/").removesuffix(".toml") for file in datafiles.names(FOLDER))
        raise DataError(f"no authority {name}; expected one of {known}")
    found = authority(name)
    if label not in found.paragraphs:
        raise DataError(f"authority {name} holds no paragraph {label}; expected one of {', '.join(found.paragraphs)}")
    separator = "" if label.startswith("(") else " "
    return f"{found.citation}{separator}{label}", found.paragraphs[label]


@lru_cache(maxsize=64)
def _parsed(path: str, text: str) -> Authority:
    document = Document.parse(path, text)
    content, top = document.content, Place()
    document.refuse_others(content, top, ("citation", "title", "source", "effective_from", "paragraphs"))
    start = document.take(content, Place(key="effective_from"), date) if "effective_from" in content else None
    paragraphs = content.get("paragraphs")
    if not isinstance(paragraphs, dict) or not paragraphs:
        raise document.error(Place("paragraphs"), "missing; expected a table of paragraphs and their words")
    return Authority(
        citation=document.take(content, Place(key="citation"), str),
        title=document.take(content, Place(key="title"), str),
        source=document.take(content, Place(key="source"), str),
        effective_from=start,
        paragraphs={
            key: " ".join(document.take(paragraphs, Place("paragraphs", key=key), str).split()) for key in paragraphs
        },
    )
