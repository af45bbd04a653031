"""A synthetic portfolio of any size: deposits, their accounts, participants and events of both, and 0.1 % bad rows.

Comes in: how many deposits, and a seed. Goes out: five Parquet or CSV files with the contract's columns, which follow
from the two alone: the same bytes each time. Nobody's data are in them. Memory is bounded by chunks of 524,288 rows.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import numpy as np
import polars as pl

from calc.columns.contract import INPUTS, Holds
from calc.errors import OutputError, UsageError
from calc.kernels.arrays import Int64
from calc.sample import accounts, deposits, events, participants, transactions
from calc.sample.draw import Draw, ids
from calc.sample.faults import Fault, Faults, bad_rows, plan, spoil
from calc.sample.files import FORMATS, GROUP_ROWS, SampleFile, as_text, holds_of
from calc.sample.layout import Layout

ROWS_MAX: Final = 10**9
COLUMNS: Final = {name: holds_of(dataset) for name, dataset in INPUTS.items()}
"""What each column of each dataset holds."""
_ELSEWHERE: Final = {"class", "stop_date", "interest_payment"}
"""What a night under Colorado's rules does not look at."""
_Booked = Callable[[Draw, pl.DataFrame, Int64], pl.DataFrame]
_DEPENDENTS: Final[dict[str, dict[str, _Booked]]] = {
    "deposits": {"transactions": transactions.chunk},
    "participants": {"events": events.chunk},
}
"""What makes the rows that belong to a dataset's, from its good rows and the places of the bad ones."""
_CUSTOMER: Final = "customer_id"


class Written(NamedTuple):
    """A file of the sample: its rows, and how many of them are bad for each reason."""

    dataset: str
    path: Path
    rows: int
    bad_rows: dict[str, int]


class Chunk(NamedTuple):
    """Some rows of a dataset, as they are written, and the faults among them."""

    dataset: str
    frame: pl.DataFrame
    faults: list[Fault]


class _Rows(Protocol):
    """A module that makes a dataset's rows."""

    @property
    def FAULTS(self) -> Faults:  # noqa: N802 - a constant of the module
        """What makes its rows bad."""

    @property
    def TEXT_FAULTS(self) -> Faults:  # noqa: N802 - as above
        """What makes them bad in CSV."""

    def chunk(self, draw: Draw, layout: Layout, first: int) -> pl.DataFrame:
        """Good rows from `first` on."""


def write_sample(
    rows: int,
    seed: int,
    folder: Path,
    file_format: str = "parquet",
    progress: Callable[[str], None] = lambda _: None,
    *,
    customers: bool = False,
) -> list[Written]:
    """Write `rows` deposits and what belongs to them into `folder`; files there of the same names are replaced.

    With `customers`, deposits and accounts have a customer_id; rows that rest on a bad one are refused with it then.

    All files come to their names once all are written. UsageError for a number out of bounds or an unknown format,
    OutputError where the folder cannot be written.
    """
    if not 0 < rows <= ROWS_MAX or seed < 0:
        raise UsageError(f"a sample has 1 to {ROWS_MAX} rows and a seed of 0 or more")
    if file_format not in FORMATS:
        raise UsageError(f"a sample is written as {' or '.join(FORMATS)}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            return _write(Layout(rows, seed, customers), folder, file_format, progress, stack)
    except OSError as error:
        raise OutputError(
            f"{folder}: the sample cannot be written there: {error.strerror or error}; make room or name another folder"
        ) from error


def _write(
    layout: Layout, folder: Path, file_format: str, progress: Callable[[str], None], stack: ExitStack
) -> list[Written]:
    files = {
        name: stack.enter_context(SampleFile(folder / f"{name}.{file_format}", columns))
        for name, columns in columns_of(layout).items()
    }
    bad: dict[str, Counter[str]] = {name: Counter() for name in COLUMNS}
    for name, frame, faults in chunks(layout, text=file_format == "csv"):
        files[name].write(frame)
        bad[name] += bad_rows(faults)
        progress(f"{name}: {files[name].rows} rows")
    for file in files.values():
        file.close()
    for file in files.values():
        file.publish()
    return [Written(name, file.path, file.rows, dict(bad[name])) for name, file in files.items()]


def columns_of(layout: Layout) -> dict[str, dict[str, Holds]]:
    """What each column of each file of a portfolio holds."""
    left_out = _ELSEWHERE if layout.customers else {*_ELSEWHERE, _CUSTOMER}
    return {
        name: {column: holds for column, holds in columns.items() if column not in left_out}
        for name, columns in COLUMNS.items()
    }


def chunks(layout: Layout, *, text: bool) -> Iterator[Chunk]:
    """All rows of the portfolio, typed or as text, with the bad ones; a chunk, then the events of its rows."""
    sources: tuple[tuple[str, _Rows, int], ...] = (
        ("deposits", deposits, layout.deposits),
        ("accounts", accounts, layout.accounts),
        ("participants", participants, layout.participants),
    )
    for name, module, rows in sources:
        for number, first in enumerate(range(0, rows, GROUP_ROWS)):
            draw = Draw.begin(layout.seed, name, number, min(GROUP_ROWS, rows - first))
            planned = plan(draw, module.FAULTS, module.TEXT_FAULTS, every_reason=number == 0)
            good = module.chunk(draw, layout, first)
            if layout.customers and module is not participants:
                numbers = np.arange(first, first + draw.rows)
                pairs = layout.of_deposits(numbers) if module is deposits else layout.of_accounts(numbers)
                good = good.with_columns(_customers(layout.customers_of(pairs.account)))
            frame = spoil(good, planned.typed)
            if text:
                in_text = spoil(as_text(frame, columns_of(layout)[name]), planned.text)
                yield Chunk(name, in_text, [*planned.typed, *planned.text])
            else:
                yield Chunk(name, frame, planned.typed)
            for of_events, dependents in _DEPENDENTS.get(name, {}).items():
                draw = Draw.begin(layout.seed, of_events, number, draw.rows)
                booked = dependents(draw, good, planned.touched())
                if text:
                    booked = as_text(booked, COLUMNS[of_events])
                yield Chunk(of_events, booked, [])


def _customers(numbers: Int64) -> pl.Series:
    return pl.select(pl.when(pl.Series(numbers >= 0)).then(ids("C", numbers))).to_series().alias(_CUSTOMER)
