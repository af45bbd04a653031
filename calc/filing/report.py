"""Hold a report as sections of cells in the order of the rule's items; a cell without a value was not given."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from calc.units import format_cents

Unit = Literal["cents", "count", "hundredths", "text"]
EVERY_FIGURE: Final = "every figure"
"""A section's chart that draws every row under every heading."""
NOT_SUPPLIED: Final = "not given"
SUPPRESSED: Final = "suppressed"


@dataclass(frozen=True, slots=True)
class Cell:
    """Hold a figure of a report.

    Attributes:
        value: Cents, a count, hundredths of the unit in the heading, or text; None where it was not given.
        unit: What the value is.
        households: Households that the figure is of; None where it is of none in particular.
        suppressed: Whether a public form leaves it out.
    """

    value: int | str | None
    unit: Unit = "count"
    households: int | None = None
    suppressed: bool = False

    @property
    def status(self) -> str:
        """Say whether the figure is "given", "not given" or "suppressed"."""
        if self.suppressed:
            return SUPPRESSED
        return NOT_SUPPLIED if self.value is None else "given"

    @property
    def text(self) -> str:
        """Return the figure as a page shows it."""
        if self.status != "given":
            return self.status
        if isinstance(self.value, str):
            return self.value
        if self.unit in {"cents", "hundredths"}:
            whole, _, part = format_cents(self.value or 0).partition(".")
            return f"{int(whole):,}.{part}" if whole != "-0" else f"-0.{part}"
        return f"{self.value:,}"

    @property
    def without_value(self) -> "Cell":
        """Return the cell as a public form has it."""
        return replace(self, value=None, households=None, suppressed=True)


@dataclass(frozen=True, slots=True)
class Section:
    """Hold one item of a report as a table.

    Attributes:
        part: What the section is of, such as a fuel; a sheet of the workbook and a chapter of the page.
        item: The rule's item, such as "(I)".
        title: What the item asks for.
        heads: Headings; the first is that of the rows' names.
        rows: Names and cells; the cells of a row stand below the other headings.
        total: Whether the last row is the total of those above it.
        total_goes_first: Whether a public form leaves out the total, and no other row, where it leaves out a row.
        note: What else to know.
        chart: Heading of the column, or name of the row, that is drawn; EVERY_FIGURE for those of the last column's
            unit, row by row; empty: none.
    """

    part: str
    item: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    total: bool = False
    note: str = ""
    chart: str = ""
    total_goes_first: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """Hold a report: its name in file names, title, year, rule, the last day for it, and its sections in order."""

    name: str
    title: str
    utility: str
    year: int
    rule: str
    period: str
    due: str
    sections: tuple[Section, ...]
    public: bool = False
    suppressed_below: int = 0


def one(part: str, item: str, title: str, cells: Sequence[tuple[str, Cell]], note: str = "") -> Section:
    """Make a section of single figures, one a row."""
    return Section(part, item, title, ("", "figure"), tuple((name, (cell,)) for name, cell in cells), note=note)
