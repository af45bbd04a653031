"""Load a utility's rate schedules, its standard prices, dated and cited: a TOML file that its tariff names.

Input: a shipped name (`data/rate_schedules/<jurisdiction>/`) or a path from the tariff's folder on. Output: the
versions of each schedule by its code, earliest first, or a DataError that names file, line, key and what was expected.
Prices are dollars with at most six decimals, use has at most three, percentages have four.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from calc import datafiles
from calc.errors import DataError
from calc.rules.document import Document, Place, described
from calc.rules.rate_schedule_schema import RIDER_BASES, RateSchedule, Rider, Tier
from calc.rules.schema import SERVICES
from calc.units import MICROS, PPM, parse_scaled

FOLDER: Final = "rate_schedules"
USE_MAX_THOUSANDTHS: Final = 10**9
"""Largest use of a month: a million units."""
_TABLE: Final = "schedule"
_KEYS: Final = (
    "code", "title", "service", "unit", "effective_from", "citation", "fixed_charge", "tiers", "seasons", "riders",
)  # fmt: skip
_MONTHS: Final = tuple(range(1, 13))
_FIXED_MAX: Final = 10_000 * MICROS
_PRICE_MAX: Final = 100 * MICROS
_SHARE_MAX: Final = 10 * PPM

Schedules = Mapping[str, tuple[RateSchedule, ...]]


def find_rate_schedules(name_or_path: str, jurisdiction: str, folder: Path) -> tuple[str, bytes]:
    """Find a file of rate schedules.

    Args:
        name_or_path: A shipped name, or the path of a .toml file, from `folder` on.
        jurisdiction: Folder of `data/rate_schedules/`.
        folder: The tariff's folder.

    Returns:
        The file's name in messages, and its bytes.

    Raises:
        DataError: There is no such file, or it cannot be read.
    """
    shipped = f"{FOLDER}/{jurisdiction}/{name_or_path}.toml"
    if datafiles.is_listed(shipped):
        return str(datafiles.data_root() / shipped), datafiles.read_bytes(shipped)
    path = folder / name_or_path
    try:
        return str(path), path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read as rate schedules: {error.strerror}") from error


@lru_cache(maxsize=64)
def parse_rate_schedules(path: str, content: bytes) -> Schedules:
    """Parse a file of rate schedules.

    Args:
        path: The file's name in messages.
        content: Its bytes, UTF-8.

    Returns:
        Versions by code, earliest first.

    Raises:
        DataError: The file breaks its format, or a value lies outside its bounds.
    """
    try:
        document = Document.parse(path, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 at byte {error.start}") from error
    top = document.content
    document.refuse_others(top, Place(), ("title", _TABLE))
    document.take(top, Place(key="title"), str)
    tables = top.get(_TABLE)
    if not isinstance(tables, list) or not tables or not all(isinstance(each, dict) for each in tables):
        raise document.error(Place(_TABLE), f"{described(tables)}; expected at least one table [[{_TABLE}]]")
    found: dict[str, tuple[RateSchedule, ...]] = {}
    for index, table in enumerate(tables):
        schedule = _Reader(document, index, table).schedule()
        earlier = found.get(schedule.code, ())
        if earlier and earlier[-1].effective_from >= schedule.effective_from:
            raise document.error(
                Place(_TABLE, index, "effective_from"),
                f"is {schedule.effective_from}; expected a day after {earlier[-1].effective_from}, that of the version "
                f"of {schedule.code} above",
            )
        if earlier and (earlier[-1].service, earlier[-1].unit) != (schedule.service, schedule.unit):
            complaint = f"differs from the version of {schedule.code} above; expected the same service and unit"
            raise document.error(Place(_TABLE, index, "service"), complaint)
        found[schedule.code] = (*earlier, schedule)
    return found


class _Reader(NamedTuple):
    """Reads one table [[schedule]]."""

    document: Document
    header: int
    table: Mapping[str, Any]

    def schedule(self) -> RateSchedule:
        self.document.refuse_others(self.table, self.place(""), _KEYS)
        service = self.text("service")
        if service not in SERVICES:
            raise self.error("service", f"is {service}; expected one of {', '.join(SERVICES)}")
        riders = tuple(self.rider(each, number) for number, each in enumerate(self.tables("riders", self.table), 1))
        for month in _MONTHS:
            if not -PPM <= sum(each.share_ppm for each in riders if month in each.months) <= _SHARE_MAX:
                raise self.error("riders", f"come to less than -100 % or more than 1000 % in month {month}")
            if abs(sum(each.price_micros for each in riders if month in each.months)) > _PRICE_MAX:
                raise self.error("riders", f"come to more than {_PRICE_MAX // MICROS} dollars a unit in month {month}")
        return RateSchedule(
            code=self.text("code"),
            title=self.text("title"),
            service=service,
            unit=self.text("unit"),
            effective_from=self.document.take(self.table, self.place("effective_from"), date),
            citation=self.text("citation"),
            fixed_charge_micros=self.number("fixed_charge", self.table.get("fixed_charge"), 6, (0, _FIXED_MAX)),
            tiers=self.tiers_by_month(),
            riders=riders,
        )

    def place(self, key: str) -> Place:
        return Place(_TABLE, self.header, key)

    def error(self, key: str, complaint: str) -> DataError:
        return self.document.error(self.place(key), complaint)

    def text(self, key: str) -> str:
        return self.document.take(self.table, self.place(key), str)

    def number(self, key: str, value: object, decimals: int, band: tuple[int, int]) -> int:
        """Read a decimal number exactly, times 10**decimals; it may be written as text."""
        lowest, highest = (Decimal(each) / 10**decimals for each in band)
        expected = f"expected a number with at most {decimals} decimals from {lowest} through {highest}"
        if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
            raise self.error(key, f"{described(value)}; {expected}")
        try:
            found = parse_scaled(value if isinstance(value, str) else f"{Decimal(value):f}", decimals, "it")
        except ValueError:
            raise self.error(key, f"{described(value)}; {expected}") from None
        if not band[0] <= found <= band[1]:
            raise self.error(key, f"{described(value)}; {expected}")
        return found

    def tables(self, key: str, of: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Return a list of inline tables; none where the key is absent."""
        found = of.get(key, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise self.error(key, f"{described(found)}; expected a list of inline tables {{ ... }}")
        return found

    def known(self, key: str, table: Mapping[str, Any], names: tuple[str, ...]) -> None:
        if unknown := sorted(set(table) - set(names)):
            raise self.error(key, f"{unknown[0]} is unknown; expected {', '.join(names)}")

    def months(self, key: str, table: Mapping[str, Any]) -> tuple[int, ...]:
        found = table.get("months")
        if (
            not isinstance(found, list) or not found or len(set(found)) != len(found)
            or not all(type(each) is int and each in _MONTHS for each in found)
        ):  # fmt: skip
            raise self.error(key, f"months {described(found)}; expected different months, 1 through 12")
        return tuple(found)

    def tiers_by_month(self) -> tuple[tuple[Tier, ...], ...]:
        """Return the tiers of each month: those of its season, or those of every month."""
        if ("tiers" in self.table) == ("seasons" in self.table):
            raise self.error("tiers", "expected either tiers, for every month, or seasons with tiers of their own")
        if "tiers" in self.table:
            return (self.tiers("tiers", self.table),) * 12
        by_month: dict[int, tuple[Tier, ...]] = {}
        for season in self.tables("seasons", self.table):
            self.known("seasons", season, ("name", "months", "tiers"))
            tiers = self.tiers("seasons", season)
            for month in self.months("seasons", season):
                if month in by_month:
                    raise self.error("seasons", f"month {month} is in two seasons; expected it in one")
                by_month[month] = tiers
        if missing := [str(month) for month in _MONTHS if month not in by_month]:
            raise self.error("seasons", f"no season has month {', '.join(missing)}; expected each month in one")
        return tuple(by_month[month] for month in _MONTHS)

    def tiers(self, key: str, of: Mapping[str, Any]) -> tuple[Tier, ...]:
        found = []
        tables = self.tables("tiers", of)
        below = 0
        for number, table in enumerate(tables, 1):
            self.known(key, table, ("through", "price"))
            through = None
            if number < len(tables):
                through = self.number(f"{key}", table.get("through"), 3, (below + 1, USE_MAX_THOUSANDTHS))
                below = through
            elif "through" in table:
                raise self.error(key, "the last tier has a through; expected none: it takes all further use")
            found.append(Tier(through, self.number(key, table.get("price"), 6, (0, _PRICE_MAX))))
        if not found:
            raise self.error(key, "no tier; expected at least { price = ... }")
        return tuple(found)

    def rider(self, table: Mapping[str, Any], number: int) -> Rider:
        self.known("riders", table, ("name", "price", "percent", "of", "months"))
        name = table.get("name")
        if not isinstance(name, str) or not name:
            raise self.error("riders", f"name of rider {number} {described(name)}; expected text in quotes")
        if ("price" in table) == ("percent" in table):
            raise self.error("riders", f"{name}: expected either a price per unit or a percent")
        months = self.months("riders", table) if "months" in table else _MONTHS
        if "price" in table:
            self.known("riders", table, ("name", "price", "months"))
            price = self.number("riders", table["price"], 6, (-_PRICE_MAX, _PRICE_MAX))
            return Rider(name, price, 0, "", months)
        of = table.get("of")
        if of not in RIDER_BASES:
            raise self.error("riders", f"{name}: of {described(of)}; expected one of {', '.join(RIDER_BASES)}")
        share = self.number("riders", table["percent"], 4, (-PPM, _SHARE_MAX))
        return Rider(name, 0, share, str(of), months)
