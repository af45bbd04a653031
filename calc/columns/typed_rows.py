"""Rows of a dataset with the names and types of the contract, however they came: text, words, dates, numbers, flags."""

import numpy as np

from calc.columns.dataset import Dataset, Holds
from calc.columns.evaluation import dates, words
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.columns.lazy_polars import pl
from calc.columns.plain import plain


def typed(dataset: Dataset, frame: "pl.DataFrame") -> "pl.DataFrame":
    """Good rows of a dataset as read, with the contract's columns and types."""
    gated = gate(dataset, frame)
    return rows_of(dataset, frame, gated).filter(pl.Series(gated.reasons == 0))


def rows_of(dataset: Dataset, frame: "pl.DataFrame", gated: Gated) -> "pl.DataFrame":
    """Rows as the gate, or what came after it, left them: text, words, dates, whole numbers and flags."""
    series = []
    for column in dataset.columns:
        if column.holds is Holds.TEXT:
            text = plain(frame[column.name]) if column.name in frame.columns else pl.Series([None] * frame.height)
            series.append(text.cast(pl.String).alias(column.name))
            continue
        values = gated.values[column.name]
        if column.holds is Holds.WORD:
            known = words(np.maximum(values, 0), pl.Enum(column.words)).cast(pl.String)
            series.append(known.alias(column.name))
        else:
            series.append((dates(values) if column.holds is Holds.DATE else pl.Series(values)).alias(column.name))
    return pl.DataFrame(series)
