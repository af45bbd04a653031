"""List households whose use in a year is high, for the Colorado Energy Office, rules 3412 and 4412 (i)(II)."""

import re
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Final

import polars as pl

from calc.columns.spreadsheet_text import without_formulas
from calc.errors import InputError
from calc.rules.schema import Program

UNITS: Final = {"electric": "kwh", "gas": "therms"}
_NUMBER: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)


def highest_use(service: str, rule: Program) -> int:
    """Return the use in a year above which a household is listed, in the fuel's unit."""
    return (rule.electric_high_use_kwh if service == "electric" else rule.gas_high_use_therms) or 0


def listed(path: Path, service: str, rule: Program) -> pl.DataFrame:
    """Return the households of a file whose use is above the rule's.

    Args:
        path: CSV file with participant_id, annual_kwh (electric) or annual_therms (gas), and whatever else is to be
            listed, such as name and service address.
        service: "electric" or "gas".
        rule: The rule's values.

    Returns:
        The rows of the file as they are, in its order.

    Raises:
        InputError: The file cannot be read, lacks a column, or a use is no plain number; the error names the row.
    """
    column = f"annual_{UNITS[service]}"
    try:
        frame = pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError(f"{path}: cannot be read as CSV: {str(error).splitlines()[0]}") from error
    missing = [name for name in ("participant_id", column) if name not in frame.columns]
    if missing:
        raise InputError(f"{path}: lacks the column {' and '.join(missing)}; it has {', '.join(frame.columns)}")
    most, above = highest_use(service, rule), []
    for row, text in enumerate(frame[column].to_list(), 1):
        if not _NUMBER.fullmatch(text or ""):
            raise InputError(f"{path}: {column} of data row {row} is no plain number of {UNITS[service]}")
        above.append(Decimal(text) > most)
    return frame.filter(pl.Series(above, dtype=pl.Boolean))


def as_csv(frame: pl.DataFrame) -> bytes:
    """Return a frame as a CSV file, whose texts no spreadsheet runs."""
    buffer = BytesIO()
    without_formulas(frame).write_csv(buffer)
    return buffer.getvalue()
