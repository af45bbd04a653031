"""Rows of a quote to the figures that are shown: what the command line and the service share.

Input: rows of Python values (the contract's names; what a row leaves out is its default) and a topic's calculator.
Output: for each row its result, or the reasons for which it is refused. A quote is one row, a batch many. What is a
topic's own stands in `calc.topics`; printing is left to the callers.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from calc.columns.evaluation import Outputs
from calc.columns.gated import Gated
from calc.columns.rows import Rows
from calc.errors import Reason

Row = Mapping[str, Any]
Result = dict[str, Any]


class Outcome(NamedTuple):
    """A row with its defaults, and its result; or, with no result, the bitmask of reasons for which it is refused.

    `refusals` are these reasons with the columns that each is about, what it lies in first.
    """

    row: Result
    result: Result | None
    reasons: int = 0
    refusals: tuple[tuple[Reason, tuple[str, ...]], ...] = ()


def plain(result: Row) -> Result:
    """A result as JSON has it: dates as ISO text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in result.items()}


def outcomes(dataset: Rows, rows: Sequence[Result], compute: Callable[[Gated], Outputs]) -> list[Outcome]:
    """Outcomes of a dataset's rows, in their order.

    Args:
        dataset: reads rows of the dataset.
        rows: rows with their defaults.
        compute: the calculator; it may refuse further rows.
    """
    gated = dataset.gate(rows)
    outputs = compute(gated)
    results = dataset.results(outputs, gated.reasons)
    found: dict[int, list[tuple[Reason, tuple[str, ...]]]] = {}
    for reason, columns, places in gated.refusals:
        for place in places.tolist():
            found.setdefault(place, []).append((reason, columns))
    answers = zip(rows, results, gated.reasons.tolist(), strict=True)
    return [Outcome(*each, tuple(sorted(found.get(place, ())))) for place, each in enumerate(answers)]
