"""What became of a dataset's rows, and how far they are."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from calc.bulk.publish.by_column import ByColumn
from calc.bulk.publish.parts import PartFile
from calc.bulk.reconcile import totals as control
from calc.bulk.reconcile.findings import Finding
from calc.bulk.reconcile.rests_on import RestsOn
from calc.bulk.run.part_checkpoint import DerivedRecord, PartRecord


class Progress(NamedTuple):
    """How far a dataset is: parts and rows done, rows quarantined among them, seconds since it began.

    `expected_rows` is about how many rows there are, 0 where that is not known.
    """

    dataset: str
    parts: int
    rows: int
    quarantined: int
    seconds: float
    expected_rows: int = 0


@dataclass(slots=True)
class Outcome:
    """What became of a dataset's rows."""

    dataset: str
    chunks: int = 0
    rows_in: int = 0
    rows_out: int = 0
    quarantined: int = 0
    seconds: float = 0.0
    reasons: Counter[str] = field(default_factory=Counter)
    by_column: ByColumn = field(default_factory=ByColumn)
    edge_blanks: Counter[str] = field(default_factory=Counter)
    """Rows by column, of Parquet, whose text begins or ends with white space."""
    dropped: int = 0
    """Rows that a map left out: no rows in."""
    totals: control.Totals = field(default_factory=dict)
    written: control.Totals = field(default_factory=dict)
    """The totals again, as the written files have them."""
    parts: dict[int, PartFile] = field(default_factory=dict)
    quarantine_parts: dict[int, PartFile] = field(default_factory=dict)
    held_parts: dict[int, PartFile] = field(default_factory=dict)
    """Deposits: what accounts rest on."""
    without_account: int = 0
    """Deposits: quarantined rows that name no account, whose rows could not be held back for them."""
    withheld: int = 0
    """Customers: those that rest on a refused row, and are in no result."""
    without_owner: int = 0
    """Rows that belong to another dataset's: quarantined ones that name no owner, which could not be held back."""
    rests_on: RestsOn = field(default_factory=RestsOn)
    findings: dict[str, Finding] = field(default_factory=dict)
    """What was found beside the rows, by the bound that it is held to; see `calc.bulk.run.bounds`."""
    gives: dict[str, "Outcome"] = field(default_factory=dict)
    """Further results that came of the rows, by the name of their dataset."""

    def add(self, number: int, record: PartRecord) -> None:
        """Take in a part: its rows, reasons and totals, and its files."""
        self.chunks += 1
        self.rows_in += record.rows_in
        self.reasons.update(record.reasons)
        self.by_column.add(number, record.by_column)
        self.edge_blanks.update(record.edge_blanks)
        self.dropped += record.dropped
        control.add(self.totals, record.totals)
        if record.rests_on:
            self.rests_on.add(record.rests_on)
        if record.results:
            self.parts[number] = record.results
            self.rows_out += record.results.rows
        if record.quarantine:
            self.quarantine_parts[number] = record.quarantine
            self.quarantined += record.quarantine.rows
        if record.holdings:
            self.held_parts[number] = record.holdings
        for name, given in record.gives.items():
            self.gives[name].add_derived(number, given)

    def add_derived(self, number: int, record: DerivedRecord) -> None:
        """Take in a part of results that came of another dataset's rows: all of them are good."""
        self.chunks += 1
        self.rows_in += record.file.rows
        self.rows_out += record.file.rows
        self.parts[number] = record.file
        control.add(self.totals, record.totals)

    @property
    def every(self) -> dict[str, "Outcome"]:
        """This outcome and those of the further results, by the names of their datasets."""
        return {self.dataset: self, **self.gives}


def empty_note(dataset: str) -> str:
    """The note on a dataset whose files were read and hold no row."""
    return f"{dataset}: the files given hold no row; look whether the extract was cut off"
