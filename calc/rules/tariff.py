"""Load a utility's tariff: its choices within the rule's bands, from `data/tariffs/<jurisdiction>/` or a user's file.

Input: a shipped name or the path of a TOML file, and the parameters in force for electric and gas. Output: a Tariff
with every figure within its band, or a DataError that names file, line, key, band and rule. A value in a fuel's own
table overrides the one above the tables, which applies to both fuels.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from calc import datafiles
from calc.errors import DataError, UsageError
from calc.rules.citation import Citation
from calc.rules.document import Document, Place, described
from calc.rules.rate_schedule import find_rate_schedules, parse_rate_schedules
from calc.rules.schema import (
    ACCOUNT_CLASSES,
    ARREARAGE_CONDITIONS,
    MINIMUM_PAYMENT_CLASSES,
    SERVICES,
    Arrearage,
    FixedCredit,
)
from calc.rules.tariff_schema import POSTING_DAYS, FuelTerms, Tariff
from calc.units import format_cents, format_percent

_FOLDER: Final = "tariffs"
_BAR: Final = "all_electric_without_leap"
_CONDITION: Final = "arrearage_condition"
_TERMS: Final = ("leap_offset", _BAR, "arrearage_months", "copayment_ppm", _CONDITION)
_POSTING: Final = "posting_day"
_RATE_SCHEDULES: Final = "rate_schedules"
_KEYS: Final = (
    "title", *_TERMS, _POSTING, _RATE_SCHEDULES, *SERVICES, "share_ppm", "minimum_monthly_payment_cents",
)  # fmt: skip


class FuelRule(NamedTuple):
    """Hold what bounds a tariff's choices for one fuel; `cited` pairs each parameter with the rule that gives it."""

    fixed_credit: FixedCredit
    arrearage: Arrearage
    cited: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, fixed_credit: FixedCredit, arrearage: Arrearage, citations: Mapping[str, Citation]) -> "FuelRule":
        """Build the bounds from a service's parameters and their citations."""
        return cls(fixed_credit, arrearage, tuple((name, each.rule) for name, each in citations.items()))

    def rule(self, name: str) -> str:
        """Return the citation of the paragraph that gives a parameter."""
        return dict(self.cited)[name]


def tariff_names(jurisdiction: str) -> list[str]:
    """Return the names of the shipped tariffs, sorted."""
    folder = f"{_FOLDER}/{jurisdiction}"
    return sorted(file.removeprefix(f"{folder}/").removesuffix(".toml") for file in datafiles.names(folder))


def load_tariff(
    name_or_path: str,
    *,
    jurisdiction: str,
    electric: FuelRule,
    gas: FuelRule,
) -> Tariff:
    """Load a tariff and check it against the bands of both services.

    Shares follow rules 3412(e)(I) and 4412(e)(I), minimum payments (e)(III), months, condition and copayment
    (e)(VII)(B), (C)(i) and (C)(ii), the LEAP offset 3412(g)(V)(D) (electric only). A value given once for both fuels
    must be within both bands.

    Args:
        name_or_path: A shipped name, or the path of a .toml file.
        jurisdiction: Folder of `data/tariffs/`.
        electric: Bounds for electric service.
        gas: Bounds for gas service.

    Returns:
        The tariff; its name is the shipped name, or the file's name with its suffix.

    Raises:
        UsageError: The name is not shipped and is not a .toml path.
        DataError: The file cannot be read, breaks its format, or departs from a band.
    """
    names = tariff_names(jurisdiction)
    if name_or_path in names:
        file = f"{_FOLDER}/{jurisdiction}/{name_or_path}.toml"
        path, content, name = datafiles.data_root() / file, datafiles.read_bytes(file), name_or_path
    else:
        path = Path(name_or_path)
        if path.suffix != ".toml":
            raise UsageError(
                f"no tariff {name_or_path}; expected one of {', '.join(names)}, or the path of a .toml file"
            )
        content, name = _read(path), path.name
    tariff = _checked(name, str(path), content, electric, gas)
    if not tariff.rate_schedules_file:
        return tariff
    file, own = find_rate_schedules(tariff.rate_schedules_file, jurisdiction, path.parent)
    checksum = datafiles.sha256_hex(f"{tariff.checksum} {datafiles.sha256_hex(own)}".encode())
    return replace(tariff, rate_schedules=parse_rate_schedules(file, own), checksum=checksum)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read as a tariff: {error.strerror}") from error


@lru_cache(maxsize=64)
def _checked(name: str, path: str, content: bytes, electric: FuelRule, gas: FuelRule) -> Tariff:
    try:
        document = Document.parse(path, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 at byte {error.start}") from error
    top, rules = document.content, {"electric": electric, "gas": gas}
    document.refuse_others(top, Place(), _KEYS)
    shares = {}
    for account in ACCOUNT_CLASSES:
        lowest, highest = f"{account}_lowest_ppm", f"{account}_highest_ppm"
        rule = rules[account.partition("_")[0]]
        band = getattr(rule.fixed_credit, lowest), getattr(rule.fixed_credit, highest)
        shares[account] = _whole(document, Place("share_ppm", key=account), band, rule.rule(highest))
    document.refuse_others(top["share_ppm"], Place("share_ppm"), ACCOUNT_CLASSES)
    table, payments = "minimum_monthly_payment_cents", {}
    for account in MINIMUM_PAYMENT_CLASSES:
        most = f"{account}_minimum_payment_max_cents"
        rule = rules[account.partition("_")[0]]
        band = 0, getattr(rule.fixed_credit, most)
        payments[account] = _whole(document, Place(table, key=account), band, rule.rule(most))
    document.refuse_others(top[table], Place(table), MINIMUM_PAYMENT_CLASSES)
    return Tariff(
        name=name,
        title=document.take(top, Place(key="title"), str),
        share_ppm=shares,
        minimum_monthly_payment_cents=payments,
        electric=_terms(document, "electric", electric),
        gas=_terms(document, "gas", gas),
        posting_day=_posting_day(document),
        checksum=datafiles.sha256_hex(content),
        rate_schedules_file=document.take(top, Place(key=_RATE_SCHEDULES), str) if _RATE_SCHEDULES in top else "",
    )


def _terms(document: Document, fuel: str, rule: FuelRule) -> FuelTerms:
    """Read a fuel's choices: its own table's, otherwise the shared ones.

    Gas may leave out the bar on offsets; without a condition on arrearage credits there is none.
    """
    top = document.content
    own = top.get(fuel, {})
    if not isinstance(own, dict):
        raise document.error(Place(key=fuel), f"{described(own)}; expected a table [{fuel}] of {', '.join(_TERMS)}")
    document.refuse_others(own, Place(fuel), _TERMS)

    def place(key: str) -> Place:
        return Place(fuel if own and (key in own or key not in top) else "", key=key)

    def flag(key: str) -> bool:
        at = place(key)
        return document.take(own if at.table else top, at, bool)

    months = rule.arrearage.arrearage_months_min, rule.arrearage.arrearage_months_max
    terms = FuelTerms(
        leap_offset=flag("leap_offset"),
        all_electric_without_leap=(fuel == "electric" or _BAR in own or _BAR in top) and flag(_BAR),
        arrearage_months=_whole(document, place("arrearage_months"), months, rule.rule("arrearage_months_max")),
        copayment_ppm=_whole(
            document, place("copayment_ppm"), (0, rule.arrearage.copayment_max_ppm), rule.rule("copayment_max_ppm")
        ),
        arrearage_condition=_condition(document, place(_CONDITION), own.get(_CONDITION, top.get(_CONDITION)), rule),
    )
    if fuel == "electric" and terms.leap_offset and terms.all_electric_without_leap:
        complaint = f"is true; expected false, since {_BAR} is true: {_paragraph(rule, '(g)(V)(D)')}"
        raise document.error(place("leap_offset"), complaint)
    return terms


def _condition(document: Document, place: Place, given: object, rule: FuelRule) -> str:
    """Return what arrearage credits are conditional on, a word of ARREARAGE_CONDITIONS."""
    if given is None:
        return ARREARAGE_CONDITIONS[0]
    if not isinstance(given, str) or given not in ARREARAGE_CONDITIONS:
        expected = f"expected one of {', '.join(ARREARAGE_CONDITIONS)} by {_paragraph(rule, '(e)(VII)(C)(i)')}"
        raise document.error(place, f"{described(given)}; {expected}")
    return given


def _posting_day(document: Document) -> str:
    """Return the day of the year on which interest is posted, a word of POSTING_DAYS; the first one by default."""
    given = document.content.get(_POSTING, POSTING_DAYS[0])
    if given not in POSTING_DAYS:
        expected = f"expected one of {', '.join(POSTING_DAYS)}: (o)(I) says no more than annually"
        raise document.error(Place(key=_POSTING), f"{described(given)}; {expected}")
    return str(given)


def _paragraph(rule: FuelRule, paragraph: str) -> str:
    """Return the citation of a paragraph from which no parameter is taken, in the rule that bounds shares of income."""
    return f"{rule.rule('recalculation_ppm').partition('(')[0]}{paragraph}"


def _whole(document: Document, place: Place, band: tuple[int, int], rule: str) -> int:
    """Read a whole number and check its band; a missing table holds no number.

    Raises:
        DataError: The value is no whole number within the band; the message gives the band in readable units, and the
            rule.
    """
    table = document.content.get(place.table, {}) if place.table else document.content
    value = table.get(place.key) if isinstance(table, dict) else None
    if type(value) is not int or not band[0] <= value <= band[1]:
        raise document.error(place, f"{described(value)}; expected {_band_text(place, band)} by {rule}")
    return value


def _band_text(place: Place, band: tuple[int, int]) -> str:
    lowest, highest = band
    text = f"a whole number from {lowest} through {highest}"
    name = place.key if place.table in {"", *SERVICES} else place.table
    if name.endswith("_ppm"):
        text += f" ({format_percent(lowest)} % to {format_percent(highest)} %)"
    if name.endswith("_cents"):
        text += f" ({format_cents(lowest)} to {format_cents(highest)} dollars)"
    return text
