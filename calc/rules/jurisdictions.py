"""Which jurisdictions there are: folders of `data/rules/` with a `jurisdiction.toml`, and what each has rules for."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from calc import datafiles
from calc.errors import UsageError
from calc.rules.document import Document, Place

COLORADO: Final = "us-co"
JURISDICTION_FILE: Final = "jurisdiction.toml"
RULES: Final = ("rate_rule", "deposit_interest", "deposit_limit", "unclaimed", "fixed_credit")
"""What a jurisdiction may have: each is a file of its folder."""
_KEYS: Final = ("name", "rule", "note")


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """Hold a jurisdiction's head.

    Attributes:
        id: Its folder, such as "us-ms".
        name: Its name for a reader.
        rule: The rule or statute on deposits, as a lawyer cites it.
        note: What a reader should know; empty if nothing.
        rules: Which of RULES it has.
    """

    id: str
    name: str
    rule: str
    note: str
    rules: tuple[str, ...]


def jurisdiction_ids() -> tuple[str, ...]:
    """Return the ids of all jurisdictions, sorted."""
    suffix = f"/{JURISDICTION_FILE}"
    named = (name for name in datafiles.names("rules") if name.endswith(suffix))
    return tuple(sorted(name.removeprefix("rules/").removesuffix(suffix) for name in named))


def load_jurisdiction(jurisdiction: str) -> Jurisdiction:
    """Load a jurisdiction's head.

    Raises:
        UsageError: There is none of that id; the message lists those that exist.
        DataError: Its file breaks its format.
    """
    known = jurisdiction_ids()
    if jurisdiction not in known:
        raise UsageError(f"no jurisdiction {jurisdiction}; expected one of {', '.join(known)}")
    name = f"rules/{jurisdiction}/{JURISDICTION_FILE}"
    rules = rules_of({each.rpartition("/")[2] for each in datafiles.names(f"rules/{jurisdiction}")})
    return parse_jurisdiction(jurisdiction, str(datafiles.data_root() / name), datafiles.read_text(name), rules)


def rules_of(files: set[str]) -> tuple[str, ...]:
    """Return which of RULES a folder with these files has."""
    return tuple(rule for rule in RULES if f"{rule}.toml" in files)


@lru_cache(maxsize=64)
def parse_jurisdiction(jurisdiction: str, path: str, text: str, rules: tuple[str, ...]) -> Jurisdiction:
    """Parse a head's text; raise DataError, naming file and line, if it breaks its format."""
    document = Document.parse(path, text)
    document.refuse_others(document.content, Place(), _KEYS)
    name, rule = (document.take(document.content, Place(key=key), str) for key in ("name", "rule"))
    note = document.take(document.content, Place(key="note"), str) if "note" in document.content else ""
    return Jurisdiction(jurisdiction, name, rule, note, rules)
