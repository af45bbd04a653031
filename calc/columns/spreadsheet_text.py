"""Text of CSV output that no spreadsheet takes for a formula."""

from calc.columns.lazy_polars import pl

_FORMULA_LEAD = r"^[=+\-@\t\r]"
_NUMBER = r"^[+-]?\d+(\.\d+)?$"


def without_formulas(frame: "pl.DataFrame") -> "pl.DataFrame":
    """Put an apostrophe before each text that a spreadsheet would run, as spreadsheets do to show a cell as text.

    Args:
        frame: What is to be written as CSV; amounts that are text already must not be among its columns.

    Returns:
        The frame with its columns of text guarded; plain numbers and columns of other types are as they were.
    """
    text = pl.selectors.string()
    runs = text.str.contains(_FORMULA_LEAD) & ~text.str.contains(_NUMBER)
    return frame.with_columns(pl.when(runs).then(pl.lit("'") + text).otherwise(text).name.keep())
