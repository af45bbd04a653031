"""Declare columns that several datasets share."""

from typing import Final

from calc.columns.dataset import Result
from calc.columns.declared_columns import word
from calc.columns.result_type import one_of

SERVICES: Final = ("electric", "gas")

SERVICE: Final = word("service", "The utility service, whose rule applies.", SERVICES)

SERVICE_RESULT: Final = Result("service", one_of(SERVICES), "The utility service, as given.")

ACCOUNT_ID: Final = "The utility's own number of the account."
