"""Compare over lines of CSV instead of columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from benchmarks.comparison import Comparison
from benchmarks.portfolio import amounts, draw, flags, received
from calc.kernels import csv_structure as kernels
from calc.kernels.arrays import Array

FIELDS: Final = 6
SCRATCH_RECORDS: Final = 512
LONGEST: Final = 1 << 20


@dataclass(frozen=True)
class Text(Comparison):
    """Add to a comparison the `text` that the kernel reads and a `folder` for baselines that read files."""

    text: bytes = field(default=b"", repr=False)
    folder: Path = Path()

    def head(self, rows: int) -> Comparison:
        """Return a text of fewer lines, already read by the kernel."""
        if rows >= self.rows:
            return self
        part = lines(rows, self.folder)
        part.run()
        return part

    def expected(self) -> Mapping[str, Array]:
        """Return the fields by column, as the kernel's string views give them."""
        views, valid, data = self.results["views"], self.results["valid"], self.columns["data"]
        columns = {}
        for place in range(FIELDS):
            buffers = [pa.py_buffer(each) for each in (valid[place], views[place], data)]
            field_texts = pa.Array.from_buffers(pa.string_view(), self.rows, buffers)
            columns[f"column_{place}"] = pl.Series(pl.from_arrow(field_texts)).to_numpy()
        return columns


def lines(rows: int, folder: Path) -> Text:
    """Make deposits as CSV: two ids, service, amount, two dates, the last often empty; 1 % of the ids quoted."""
    random = draw(rows)
    cents = amounts(random, rows, 60_000)
    day = pl.Series(received(random, rows)).cast(pl.Date)
    number = pl.col("row").cast(pl.String).str.zfill(8)
    frame = pl.select(
        row=pl.int_range(rows),
        quoted=pl.Series(flags(random, rows, 0.01)),
        electric=pl.Series(flags(random, rows, 0.5)),
        dollars=pl.Series(cents // 100),
        cents=pl.Series(cents % 100),
        received=day.cast(pl.String),
        paid=pl.Series(flags(random, rows, 0.3)),
    )
    line = pl.format(
        "D{},{},{},{}.{},{},{}\n",
        number,
        pl.when("quoted").then(pl.format('"A, {}"', number)).otherwise(pl.format("A{}", number)),
        pl.when("electric").then(pl.lit("electric")).otherwise(pl.lit("gas")),
        "dollars",
        pl.col("cents").cast(pl.String).str.zfill(2),
        "received",
        pl.when("paid").then("received").otherwise(pl.lit("")),
    )
    text = frame.select(line.str.join("")).item().encode()
    data = np.zeros(len(text) // 8 * 8 + 16, dtype=np.uint8)
    data[: len(text)] = np.frombuffer(text, dtype=np.uint8)
    begins, ends = (np.zeros((SCRATCH_RECORDS, FIELDS), dtype=np.int64) for _ in range(2))
    return Text(
        kernels.csv_records,
        rows,
        columns={"data": data},
        parameters={
            "words": data.view(np.uint64), "start": 0, "stop": len(text), "line": 1, "at_end": True, "ascii_only": True,
            "longest": LONGEST, "delimiter": ord(","), "targets": np.arange(FIELDS, dtype=np.int32), "begins": begins,
            "ends": ends,
        },
        results={
            "states": np.zeros(rows, dtype=np.int8),
            "record_start": np.zeros(rows, dtype=np.int64),
            "record_end": np.zeros(rows, dtype=np.int64),
            "record_line": np.zeros(rows, dtype=np.int64),
            "views": np.zeros((FIELDS, rows * kernels.VIEW_WORDS), dtype=np.uint64),
            "valid": np.zeros((FIELDS, (rows + 7) // 8), dtype=np.uint8),
            "padded": np.zeros(FIELDS, dtype=np.bool_),
            "progress": np.zeros(3, dtype=np.int64),
        },
        whole=True,
        text=text,
        folder=folder,
    )  # fmt: skip
