"""Calculate rows of Python values, as the command line and the service both do.

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
from calc.report.explaining.step import Law, Passage

Row = Mapping[str, Any]
Result = dict[str, Any]


class Outcome(NamedTuple):
    """Hold what became of a row.

    Attributes:
        row: The row with its defaults.
        result: Result columns by name; None if the row is refused.
        reasons: Bitmask of the reasons for which it is refused; 0 if it is not.
        refusals: Each reason with the columns that it is about, the column at fault first.
    """

    row: Result
    result: Result | None
    reasons: int = 0
    refusals: tuple[tuple[Reason, tuple[str, ...]], ...] = ()


def plain(result: Row) -> Result:
    """Return a result as JSON has it: dates as ISO text, those of records too."""
    return {name: _plain(value) for name, value in result.items()}


def _plain(value: Any) -> Any:  # noqa: ANN401 - what a result holds
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def outcomes(dataset: Rows, rows: Sequence[Result], compute: Callable[[Gated], Outputs]) -> list[Outcome]:
    """Calculate rows of a dataset.

    Args:
        dataset: Reads rows of the dataset.
        rows: Rows with their defaults.
        compute: Calculates gated rows; may refuse further rows.

    Returns:
        An outcome for each row, in their order.
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


def with_grounds(outcome: Outcome, law: Law, passage: Callable[[str, Law], Passage], *names: str) -> Outcome:
    """Give each ground of some results its citation and words.

    Args:
        outcome: an outcome whose results of these names are words.
        law: the rules of the service.
        passage: the paragraph that a ground rests on.
        names: names of the results.
    """
    if outcome.result is None:
        return outcome
    cited = {
        name: [
            {"ground": ground, "citation": found.rule, "quote": found.quote}
            for ground in outcome.result[name]
            for found in [passage(ground, law)]
        ]
        for name in names
    }
    return Outcome(outcome.row, {**outcome.result, **cited})
