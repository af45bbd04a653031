"""Declare columns that several datasets share."""

from typing import Final

from calc.columns.dataset import Result
from calc.columns.declared_columns import word
from calc.columns.result_type import one_of
from calc.kernels.jurisdictions import CLASSES
from calc.rules.schema import SERVICES

SERVICE: Final = word("service", "The utility service, whose rule applies.", SERVICES)

SERVICE_RESULT: Final = Result("service", one_of(SERVICES), "The utility service, as given.")

CLASS: Final = word(
    "class", "Class of the customer, where a jurisdiction's rules differ by class.", CLASSES, default=0
)  # fmt: skip

ACCOUNT_ID: Final = "The utility's own number of the account."
