"""Citations: where the law states a value, and the paragraph of `data/authorities/` that holds its words.

An authority file is named for its rule or statute. It gives the citation, title and source of the text and, under
`[paragraphs]`, the words that matter; line breaks in them have no meaning. A reference is the file name, `#` and the
paragraph: `4-ccr-723-3-3403#(q)(I)`.
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
    """Record why a value holds.

    Attributes:
        rule: The paragraph as a lawyer cites it, such as "4 CCR 723-3-3403(o)(II)".
        quote: The few words of the paragraph that hold the value.
        effective_from: First date on which the value applies. Before `confirmed_from` it applies by assumption.
        confirmed_from: Date from which the text on file is in force.
        authority: Reference to the paragraph, file name and label.
        reading: "text" if the words give the value; "open" if they leave it open and a default was chosen; "proposed"
            if the words are those of a text that was proposed and is not in force.
        note: Why the default was chosen, or what is in force; empty only for a reading "text".
    """

    rule: str
    quote: str
    effective_from: date
    confirmed_from: date
    authority: str
    reading: str
    note: str = ""

    @property
    def standing(self) -> str:
        """Say from when the value is applied and of which day the text is, or that the text is in force on no day."""
        if self.reading == "proposed":
            return "a proposed text, not in force"
        return f"applied from {self.effective_from}, text of {self.confirmed_from}"


@dataclass(frozen=True, slots=True)
class Authority:
    """Hold the text of one rule or statute.

    Attributes:
        citation: How the authority is cited.
        title: Its title.
        source: Where the text was taken from; names the edition if there is no effective date.
        effective_from: Date from which the text is in force; None if only the edition is known.
        paragraphs: Words of each paragraph by its label, on one line.
    """

    citation: str
    title: str
    source: str
    effective_from: date | None
    paragraphs: Mapping[str, str]


def authority(name: str) -> Authority:
    """Read one authority file.

    Args:
        name: File name in `data/authorities/` without its suffix, such as "4-ccr-723-3-3403".

    Returns:
        The parsed authority; equal file contents are parsed once.

    Raises:
        DataError: The file is missing or breaks its format.
    """
    file = f"{FOLDER}/{name}.toml"
    return _parsed(str(datafiles.data_root() / file), datafiles.read_text(file))


def paragraph(reference: str) -> tuple[str, str]:
    """Look up the paragraph that a reference names.

    Args:
        reference: File name without suffix, `#`, and paragraph label: `4-ccr-723-3-3403#(q)(I)`.

    Returns:
        The paragraph's citation and its words.

    Raises:
        DataError: There is no such authority or paragraph; the message lists those that exist.
    """
    name, _, label = reference.partition("#")
    if not datafiles.is_listed(f"{FOLDER}/{name}.toml"):
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
