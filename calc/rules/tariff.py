"""A utility's tariff: its choices within the rule's bands, from `data/tariffs/<jurisdiction>/` or a file of one's own.

Comes in: a shipped name or the path of a TOML file, and the parameters in force for electric and gas. Goes out: a
Tariff whose every figure lies within its band, or a DataError that names file, line, key and band.
"""

from functools import lru_cache
from pathlib import Path

from calc import datafiles
from calc.errors import DataError, UsageError
from calc.rules.document import Document, Place, shown
from calc.rules.schema import ACCOUNT_CLASSES, MINIMUM_PAYMENT_CLASSES, Arrearage, FixedCredit, Tariff
from calc.units import format_cents, format_percent

_FOLDER = "tariffs"
_KEYS = (
    "title",
    "leap_offset",
    "all_electric_without_leap",
    "arrearage_months",
    "copayment_ppm",
    "share_ppm",
    "minimum_monthly_payment_cents",
)


def tariff_names(jurisdiction: str) -> list[str]:
    """Names of the shipped tariffs, sorted."""
    folder = f"{_FOLDER}/{jurisdiction}"
    return [file.removeprefix(f"{folder}/").removesuffix(".toml") for file in datafiles.names(folder)]


def load_tariff(
    name_or_path: str,
    *,
    jurisdiction: str,
    electric: tuple[FixedCredit, Arrearage],
    gas: tuple[FixedCredit, Arrearage],
) -> Tariff:
    """Tariff of a shipped name, or of a file, checked against the bands of both services.

    A file names its tariff: `Tariff.name` is the shipped name, or the file's name with its suffix.
    Shares: rules 3412(e)(I), 4412(e)(I). Minimum payments: (e)(III). Months and copayment: (e)(VII)(B), (C)(ii). LEAP
    offset: 3412(g)(V)(D). A tariff serves both fuels, so what it gives once must suit both. UsageError for a name that
    is not shipped, DataError for a file that cannot be read or breaks its form or a band.
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
    return _checked(name, str(path), content, electric, gas)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read as a tariff: {error.strerror}") from error


@lru_cache(maxsize=64)
def _checked(
    name: str,
    path: str,
    content: bytes,
    electric: tuple[FixedCredit, Arrearage],
    gas: tuple[FixedCredit, Arrearage],
) -> Tariff:
    try:
        document = Document.parse(path, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 at byte {error.start}") from error
    top = document.content
    document.refuse_others(top, Place(), _KEYS)

    def rule(account: str, what: str) -> int:
        service = electric if account.startswith("electric") else gas
        value: int = getattr(service[0], f"{account}_{what}")
        return value

    shares = {}
    for account in ACCOUNT_CLASSES:
        band = rule(account, "lowest_ppm"), rule(account, "highest_ppm")
        shares[account] = _whole(document, Place("share_ppm", key=account), band)
    document.refuse_others(top["share_ppm"], Place("share_ppm"), ACCOUNT_CLASSES)
    table, payments = "minimum_monthly_payment_cents", {}
    for account in MINIMUM_PAYMENT_CLASSES:
        band = 0, rule(account, "minimum_payment_max_cents")
        payments[account] = _whole(document, Place(table, key=account), band)
    document.refuse_others(top[table], Place(table), MINIMUM_PAYMENT_CLASSES)
    offset, without = (document.take(top, Place(key=key), bool) for key in ("leap_offset", "all_electric_without_leap"))
    if offset and without:
        complaint = "is true; expected false, since all_electric_without_leap is true"
        raise document.error(Place(key="leap_offset"), complaint)
    longest = min(electric[1].arrearage_months_max, gas[1].arrearage_months_max)
    shortest = max(electric[1].arrearage_months_min, gas[1].arrearage_months_min)
    highest_copayment = min(electric[1].copayment_max_ppm, gas[1].copayment_max_ppm)
    return Tariff(
        name=name,
        title=document.take(top, Place(key="title"), str),
        share_ppm=shares,
        minimum_monthly_payment_cents=payments,
        leap_offset=offset,
        all_electric_without_leap=without,
        arrearage_months=_whole(document, Place(key="arrearage_months"), (shortest, longest)),
        copayment_ppm=_whole(document, Place(key="copayment_ppm"), (0, highest_copayment)),
        checksum=datafiles.sha256_hex(content),
    )


def _whole(document: Document, place: Place, band: tuple[int, int]) -> int:
    """Whole number of a place, within its band; DataError naming the band in figures that a reader knows."""
    table = document.content.get(place.table, {}) if place.table else document.content
    value = table.get(place.key) if isinstance(table, dict) else None
    if type(value) is not int or not band[0] <= value <= band[1]:
        raise document.error(place, f"{shown(value)}; expected {_band_text(place, band)}")
    return value


def _band_text(place: Place, band: tuple[int, int]) -> str:
    lowest, highest = band
    text = f"a whole number from {lowest} through {highest}"
    name = place.table or place.key
    if name.endswith("_ppm"):
        text += f" ({format_percent(lowest)} % to {format_percent(highest)} %)"
    if name.endswith("_cents"):
        text += f" ({format_cents(lowest)} to {format_cents(highest)} dollars)"
    return text
