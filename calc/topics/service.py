"""Declare the field `service`, which every topic has."""

from typing import Final

from calc.columns.contract import DEPOSITS
from calc.topics.topic import QuoteField

SERVICE: Final = QuoteField(
    DEPOSITS.column("service"), "Service", "Whose rules apply", choices=("Electric", "Gas")
)  # fmt: skip
