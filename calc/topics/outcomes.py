"""Calculate rows of a topic whose calculator needs nothing but the rows' columns."""

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
    """Make a topic's `outcomes`.

    Args:
        dataset: The rows' columns; a value that is missing is its column's default.
        compute: Calculates the result columns of gated rows under a question; may refuse further rows.

    Returns:
        A function of rows and a question, which returns an outcome for each row, in their order.
    """
    reader = Rows(dataset)

    def outcomes(rows: Sequence[Row], question: Question) -> list[Outcome]:
        complete = [filled(dataset, row) for row in rows]
        return quote.outcomes(reader, complete, lambda gated: compute(gated, question))

    return outcomes
