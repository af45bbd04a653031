"""Turn a frame's columns into arrays and a bitmask of reasons per row: the row gate.

`calc.columns.parsers` parses each column; a row with a refused value has its reasons and never reaches a result.
"""

from typing import TYPE_CHECKING

import numpy as np

from calc.columns.bills import bills_of
from calc.columns.contract import Dataset, Holds, check_columns
from calc.columns.gated import Gated
from calc.columns.number_parser import amounts
from calc.columns.parsers import PARSERS
from calc.columns.plain import plain, undecodable
from calc.columns.refusals import Refusal
from calc.errors import Reason
from calc.kernels.arrays import Array, Bool, Int64

if TYPE_CHECKING:
    from calc.columns.lazy_polars import pl
    from calc.columns.lists import Lists


def gate(dataset: Dataset, frame: "pl.DataFrame", flagged: Int64 | None = None) -> Gated:
    """Check a frame's rows and convert them to arrays.

    All reasons that apply are recorded, as bits of an int64.

    Args:
        dataset: Contract of the frame.
        frame: Input rows; money in cents, or in decimal dollars under the name without _cents.
        flagged: Bitmask of reasons known before (a bad line, a repeated key), shape (rows,).

    Returns:
        Arrays in the contract's units (cents, ppm, epoch days, codes) and the reasons of each row.

    Raises:
        ColumnError: A column is missing, comes in two forms, or is of a type that cannot hold its values.
    """
    check_columns(dataset, frame.columns)
    reasons = np.zeros(frame.height, dtype=np.int64) if flagged is None else flagged.copy()
    values: dict[str, Array] = {}
    unusable: dict[str, Bool] = {}
    lists: dict[str, Lists] = {}
    found = Gated(values, reasons, unusable, [], lists)
    for column in dataset.columns:
        if column.holds is Holds.BILLS:
            lists[column.name], refused = bills_of(frame, column, amounts)
            for each in refused:
                found.spoil(column.name, each)
            continue
        name = column.name if column.name in frame.columns else column.decimal_name
        if name not in frame.columns:
            if column.holds is not Holds.TEXT:
                values[column.name] = np.full(frame.height, column.blank, dtype=column.dtype)
            continue
        parsed = PARSERS[column.holds](plain(frame[name]), column)
        missing = [] if column.nullable else [(Reason.missing_value, parsed.blank)]
        wrong = [(Reason.unknown_value, undecodable(frame[name]))] if column.holds is Holds.TEXT else []
        for reason, places in (*parsed.refused, *missing, *wrong):
            found.spoil(column.name, Refusal(reason, (column.name,), places))
        if column.holds is not Holds.TEXT:
            values[column.name] = parsed.values
    return found
