"""Answer rows of a topic whose calculator takes each row's columns alone."""

from collections.abc import Callable, Sequence

from calc.columns.dataset import Dataset
from calc.columns.evaluation import Outputs
from calc.columns.gated import Gated
from calc.columns.rows import Rows
from calc.report.explaining import quote
from calc.report.explaining.quote import Outcome, Row
from calc.report.explaining.row import filled
from calc.topics.topic import Question


def outcomes_of(
    dataset: Dataset, compute: Callable[[Gated, Question], Outputs]
) -> Callable[[Sequence[Row], Question], list[Outcome]]:
    """Return what a topic's `outcomes` is.

    Args:
        dataset: The rows' columns; what a row leaves out is its column's default.
        compute: Calculates the result columns of gated rows under a question; may refuse further rows.

    Returns:
        A function of rows and a question, which returns an outcome for each row, in their order.
    """
    reader = Rows(dataset)

    def outcomes(rows: Sequence[Row], asked: Question) -> list[Outcome]:
        complete = [filled(dataset, row) for row in rows]
        return quote.outcomes(reader, complete, lambda gated: compute(gated, asked))

    return outcomes
