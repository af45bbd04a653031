"""Read a program's TOML file: what no result holds, by fuel: costs, offsets, classes of customers and their fees.

Amounts are dollars, as text or as TOML numbers; lists of months have twelve entries, November first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from calc.errors import InputError
from calc.rules.document import Document, Place, described
from calc.rules.schema import SERVICES
from calc.units import CENTS_MAX, parse_dollars

MONTHS: Final = 12
RESIDENTIAL: Final = "residential"
_TOP: Final = ("utility", *SERVICES)
_FUEL: Final = (
    "usage_credits", "arrearage_credits", "administrative", "offsets", "other_programs", "recovery", "projected_cost",
    "usage", "report", "classes",
)  # fmt: skip
REPORT_ITEMS: Final = (
    "II", "III", "VIII", "IX", "X", "XI", "XII", "XIII", "XV", "XVI", "XVII", "XVIII", "XIX_opted_out",
    "XIX_rejected_by_cap", "XIX_arrearage_time", "XIX_returned", "XX", "XXI",
)  # fmt: skip
"""Items of the annual report, rule 3412(l), that no result holds, as keys of a fuel's table [report]."""
_CLASS: Final = ("name", "revenue_requirement", "customers", "fee")
_CUSTOMERS_MAX: Final = 10**9


@dataclass(frozen=True, slots=True)
class CustomerClass:
    """Hold a class of customers.

    Attributes:
        name: The class; the one named "residential" has the ceiling.
        revenue_requirement_cents: Its share of the revenue requirement is its share of the cost.
        customers: Customers of each month, November first.
        fee_cents: Monthly fee of each month.
    """

    name: str
    revenue_requirement_cents: int
    customers: tuple[int, ...]
    fee_cents: tuple[int, ...]

    @property
    def customer_months(self) -> int:
        """Return the customers of all months."""
        return sum(self.customers)

    @property
    def fees_cents(self) -> int:
        """Return what the fees brought: customers x fee, month by month."""
        return sum(number * fee for number, fee in zip(self.customers, self.fee_cents, strict=True))


@dataclass(frozen=True, slots=True)
class Fuel:
    """Hold what was typed in for one fuel; None where a figure was not.

    Attributes:
        usage_credits_cents: Credits for usage, where no results have them.
        arrearage_credits_cents: Credits for arrearage, where no results have them.
        administrative_cents: Administrative cost as spent.
        offsets: Names and amounts of the utility's other program expenses; savings are negative.
        other_programs_cents: What programs under (h) charge a residential customer a month.
        recovery_cents: What the fees brought; None: customers x fee.
        projected_cost_cents: Cost of the next twelve months; None: this year's.
        usage: Path of a file of yearly use by household, from the program's file on.
        classes: Classes of customers in their order.
        report: Items of the annual report that are typed in, by key: a whole number or text.
    """

    usage_credits_cents: int | None
    arrearage_credits_cents: int | None
    administrative_cents: int
    offsets: tuple[tuple[str, int], ...]
    other_programs_cents: int
    recovery_cents: int | None
    projected_cost_cents: int | None
    usage: Path | None
    classes: tuple[CustomerClass, ...]
    report: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProgramFile:
    """Hold a program's file: the utility's name, and what was typed in for each of its fuels."""

    utility: str
    fuels: Mapping[str, Fuel]
    content: bytes


def load_program(path: Path) -> ProgramFile:
    """Load a program's file.

    Args:
        path: The TOML file.

    Returns:
        What it says, amounts in cents.

    Raises:
        InputError: The file cannot be read.
        DataError: It is no TOML, or a key is unknown, missing or not what is expected; the message names file, line and
            key.
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is no text in UTF-8") from error
    document = Document.parse(str(path), text)
    document.refuse_others(document.content, Place(), _TOP)
    utility = document.take(document.content, Place(key="utility"), str)
    fuels = {name: _fuel(document, name, path.parent) for name in SERVICES if name in document.content}
    if not fuels:
        raise document.error(Place(SERVICES[0]), f"missing; expected a table [{'] or ['.join(SERVICES)}], or both")
    return ProgramFile(utility, fuels, content)


def _fuel(document: Document, name: str, folder: Path) -> Fuel:
    table = document.content[name]
    if not isinstance(table, dict):
        raise document.error(Place(name), f"{described(table)}; expected a table [{name}]")
    reader = _Reader(document, name, table)
    document.refuse_others(table, Place(name), _FUEL)
    classes = table.get("classes")
    if not isinstance(classes, list) or not classes:
        raise document.error(
            Place(name, key="classes"), f"{described(classes)}; expected at least one [[{name}.classes]]"
        )
    found = tuple(_class(document, f"{name}.classes", index, each) for index, each in enumerate(classes))
    names = [each.name for each in found]
    if names.count(RESIDENTIAL) != 1 or len(set(names)) < len(names):
        raise document.error(
            Place(f"{name}.classes"), f'names are {", ".join(names)}; expected each once, "{RESIDENTIAL}" among them'
        )
    if not sum(each.revenue_requirement_cents for each in found):
        raise document.error(
            Place(f"{name}.classes", key="revenue_requirement"), "all are zero; expected shares of cost"
        )
    usage = document.take(table, Place(name, key="usage"), str) if "usage" in table else None
    return Fuel(
        usage_credits_cents=reader.money("usage_credits"),
        arrearage_credits_cents=reader.money("arrearage_credits"),
        administrative_cents=reader.required("administrative"),
        offsets=reader.offsets(),
        other_programs_cents=reader.money("other_programs") or 0,
        recovery_cents=reader.money("recovery"),
        projected_cost_cents=reader.money("projected_cost"),
        usage=folder / usage if usage else None,
        classes=found,
        report=_items(document, f"{name}.report", table.get("report", {})),
    )


def _items(document: Document, name: str, table: object) -> dict[str, int | str]:
    if not isinstance(table, dict):
        raise document.error(Place(name), f"{described(table)}; expected a table [{name}]")
    document.refuse_others(table, Place(name), REPORT_ITEMS)
    for key, value in table.items():
        if type(value) not in {int, str} or value == "" or (isinstance(value, int) and value < 0):
            raise document.error(Place(name, key=key), f"{described(value)}; expected a whole number or text")
    return dict(table)


def _class(document: Document, table_name: str, index: int, table: dict[str, Any]) -> CustomerClass:
    document.refuse_others(table, Place(table_name, index), _CLASS)
    reader = _Reader(document, table_name, table, index)
    customers = reader.whole_numbers("customers")
    if not sum(customers):
        raise document.error(reader.place("customers"), "there are none in any month; expected a class with customers")
    return CustomerClass(
        name=document.take(table, reader.place("name"), str),
        revenue_requirement_cents=reader.required("revenue_requirement"),
        customers=customers,
        fee_cents=reader.fees(),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads amounts and numbers of one table."""

    document: Document
    name: str
    table: Mapping[str, Any]
    index: int = 0

    def place(self, key: str) -> Place:
        return Place(self.name, self.index, key)

    def money(self, key: str) -> int | None:
        return self._cents(key, self.table[key]) if key in self.table else None

    def required(self, key: str) -> int:
        if key not in self.table:
            raise self.document.error(self.place(key), "missing; expected an amount in dollars")
        return self._cents(key, self.table[key])

    def offsets(self) -> tuple[tuple[str, int], ...]:
        table = self.table.get("offsets", {})
        if not isinstance(table, dict):
            raise self.document.error(
                self.place("offsets"), f"{described(table)}; expected names and amounts in dollars"
            )
        return tuple((name, self._cents("offsets", each, negative=True)) for name, each in table.items())

    def whole_numbers(self, key: str) -> tuple[int, ...]:
        values = self._twelve(key, self.table.get(key))
        if not all(type(each) is int and 0 <= each <= _CUSTOMERS_MAX for each in values):
            raise self.document.error(
                self.place(key), f"{described(list(values))}; expected whole numbers, none below zero"
            )
        return values

    def fees(self) -> tuple[int, ...]:
        given = self.table.get("fee", 0)
        values = self._twelve("fee", given) if isinstance(given, list) else (given,) * MONTHS
        return tuple(self._cents("fee", each) for each in values)

    def _twelve(self, key: str, value: object) -> tuple[Any, ...]:
        values = tuple(value) if isinstance(value, list) else (value,) * MONTHS
        if len(values) != MONTHS:
            raise self.document.error(
                self.place(key), f"has {len(values)} entries; expected 12, November first, or one"
            )
        return values

    def _cents(self, key: str, value: object, *, negative: bool = False) -> int:
        if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
            raise self.document.error(self.place(key), f'{described(value)}; expected dollars such as "1234.50"')
        try:
            cents = parse_dollars(str(value))
        except ValueError as error:
            raise self.document.error(self.place(key), f"{error}; expected dollars such as 1234.50") from error
        if (cents < 0 and not negative) or abs(cents) > CENTS_MAX:
            raise self.document.error(self.place(key), "is below zero; expected an amount of zero or more")
        return cents
