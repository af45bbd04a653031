"""The service, for which every topic asks."""

from typing import Final

from calc.columns.contract import DEPOSITS
from calc.topics.topic import QuoteField

SERVICE: Final = QuoteField(
    DEPOSITS.column("service"), "Service", "Whose rules apply", choices=("Electric", "Gas")
)  # fmt: skip
