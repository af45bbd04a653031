"""Load a tariff where a jurisdiction has clauses: what it pays of the rate, and a share that a plan leaves open.

Input: a shipped name of `data/tariffs/ID/` or the path of a TOML file, and the jurisdiction's plan. Output: a Tariff,
with the plan's own terms where there is one, and the share of the rate. The default tariff chooses nothing.
"""

from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple, cast

from calc import datafiles
from calc.errors import DataError, NoRuleError, UsageError
from calc.rules.document import Document, Place
from calc.rules.income_plan import IncomePlan, plan_shares, plan_terms
from calc.rules.schema import MINIMUM_PAYMENT_CLASSES
from calc.rules.tariff_schema import FuelTerms, Tariff
from calc.units import PPM

DEFAULT_TARIFF: Final = "default"
_DEFAULT_TITLE: Final = "No choice of the utility's: the rule as it stands"
_CHOICES: Final = ("rate_share_bp", "share_ppm")
_WHOLE_BP: Final = 10_000


class NoRule:
    """Stand in for the parameters of a topic for which a jurisdiction has no rule: any use is refused by name."""

    def __init__(self, jurisdiction: str, topic: str) -> None:
        """Keep what to say."""
        self._told = (jurisdiction, topic)

    def __getattr__(self, name: str) -> object:
        """Refuse.

        Raises:
            NoRuleError: Always, for a parameter.
        """
        if name.startswith("_"):
            raise AttributeError(name)
        raise NoRuleError(*self._told)


class _Chosen(NamedTuple):
    """What a file chooses: its title and bytes, the share of the rate, and the share of income; None for neither."""

    title: str
    content: bytes
    rate_share_bp: int | None = None
    share_ppm: int | None = None


def load_clause_tariff(jurisdiction: str, name_or_path: str, plan: IncomePlan | None) -> tuple[Tariff, int | None]:
    """Load a tariff, and its share of the rate in hundredths of a percent; None where it chooses none.

    Args:
        jurisdiction: Folder of `data/tariffs/`.
        name_or_path: "default", a name of that folder, or the path of a .toml file.
        plan: The jurisdiction's percentage-of-income plan; None without one.

    Raises:
        UsageError: There is no such tariff.
        DataError: The file cannot be read, breaks its format, or chooses what the rules do not leave open.
    """
    folder = f"tariffs/{jurisdiction}"
    names = [each.removeprefix(f"{folder}/").removesuffix(".toml") for each in datafiles.names(folder)]
    name = name_or_path
    if name_or_path == DEFAULT_TARIFF and DEFAULT_TARIFF not in names:
        chosen = _Chosen(_DEFAULT_TITLE, b"")
    elif name_or_path in names:
        path = f"{folder}/{name_or_path}.toml"
        chosen = _parsed(jurisdiction, path, datafiles.read_bytes(path), plan)
    elif Path(name_or_path).suffix == ".toml":
        name = Path(name_or_path).name
        try:
            content = Path(name_or_path).read_bytes()
        except OSError as error:
            raise DataError(f"{name_or_path}: cannot be read as a tariff: {error.strerror}") from error
        chosen = _parsed(jurisdiction, name_or_path, content, plan)
    else:
        known = ", ".join(dict.fromkeys((DEFAULT_TARIFF, *names)))
        raise UsageError(
            f"{jurisdiction} has no tariff {name_or_path}; expected one of {known}, or a .toml file's path"
        )
    terms = cast("FuelTerms", NoRule(jurisdiction, "fixed_credit"))
    minimums = dict.fromkeys(MINIMUM_PAYMENT_CLASSES, 0)
    tariff = Tariff(name, chosen.title, {}, minimums, terms, terms, datafiles.sha256_hex(chosen.content))
    if plan is not None:
        own = plan_terms(plan)
        tariff = replace(tariff, share_ppm=plan_shares(plan, chosen.share_ppm), electric=own, gas=own)
    return tariff, chosen.rate_share_bp


def _parsed(jurisdiction: str, path: str, content: bytes, plan: IncomePlan | None) -> _Chosen:
    try:
        document = Document.parse(path, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 at byte {error.start}") from error
    top = document.content
    document.refuse_others(top, Place(), ("title", *_CHOICES))
    if not any(name in top for name in _CHOICES):
        raise document.error(Place(key="title"), f"chooses nothing; expected {' or '.join(_CHOICES)} beside it")
    if "share_ppm" in top and (plan is None or not plan.leaves_a_share_open):
        complaint = f"is given; {jurisdiction} has no share of income that a tariff sets: leave it out"
        raise document.error(Place(key="share_ppm"), complaint)
    return _Chosen(
        document.take(top, Place(key="title"), str),
        content,
        _whole(document, "rate_share_bp", _WHOLE_BP),
        _whole(document, "share_ppm", PPM),
    )


def _whole(document: Document, key: str, most: int) -> int | None:
    """Return a choice from 0 through the most; None where the file does not make it."""
    if key not in document.content:
        return None
    value = document.take(document.content, Place(key=key), int)
    if not 0 <= value <= most:
        raise document.error(Place(key=key), f"is {value}; expected 0 through {most}")
    return value
