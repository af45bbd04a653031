"""Reads a map of extracts, `--map FILE.toml`: TOML -> what it says of each dataset, or what is wrong with it.

A table a dataset:

    [deposits]
    delimiter = ";"
    encoding = "cp1252"
    skip_rows = 2                        # lines above the header
    date_format = "MM/DD/YYYY"           # of every date; [deposits.date_formats] for one of them
    two_digit_years_from = 1950          # of YY in them: the first of the hundred years that two digits mean
    time_zone = "America/Denver"         # where timestamps that have a zone are midnight, if not in their own
    money_style = "1,234.56"             # $1,234.56, (200.00) and 200.00-; or "1.234,56" and others of STYLES
    trailing_zeros = true                # 180000.0 is 180000 where whole numbers belong: cents, days, counts
    trim = true                          # no blanks at the edges of texts, which CSV has none of in any case
    [deposits.drop_rows_where]
    "Dep No" = ["TOTAL", "Page *"]       # by the extract's column: the text of rows that are none, or how it begins
    [deposits.names]
    "Dep No" = "deposit_id"              # the extract's column = the contract's; "" leaves it out
    [deposits.constants]
    kind = "deposit"                     # for a column that the extract lacks
    [deposits.words]
    service = { E = "electric", G = "gas" }
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from calc.bulk.inputs.map_table import MapTable
from calc.bulk.inputs.mapping import DatasetMap
from calc.columns.contract import DATASETS, TRANSACTIONS
from calc.errors import InputError
from calc.rules.document import Document, Place

MAPPED: Final = {**DATASETS, TRANSACTIONS.name: TRANSACTIONS}
"""Datasets that a map may describe."""


@dataclass(frozen=True, slots=True)
class ExtractMap:
    """A map by dataset, its path and the SHA-256 of its text."""

    path: str
    sha256: str
    datasets: Mapping[str, DatasetMap]


def load_map(path: Path) -> ExtractMap:
    """Read a map; InputError names file, line and key, and what was expected."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as a map: {error}") from error
    return parse_map(str(path), text)


def parse_map(path: str, text: str) -> ExtractMap:
    """A map's text -> what it says; `path` is what messages call it."""
    document = Document.parse(path, text)
    document.refuse_others(document.content, Place(), MAPPED)
    datasets = {
        name: MapTable(document, dataset).read() for name, dataset in MAPPED.items() if name in document.content
    }
    return ExtractMap(path, hashlib.sha256(text.encode()).hexdigest(), datasets)
