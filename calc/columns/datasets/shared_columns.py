"""Declare columns that several datasets share."""

from typing import Final

import polars as pl

from calc.columns.dataset import (
    Result,
    word,
)

SERVICES: Final = ("electric", "gas")

SERVICE: Final = word("service", "The utility service, whose rule applies.", SERVICES)

SERVICE_RESULT: Final = Result("service", pl.Enum(SERVICES), "The utility service, as given.")

ACCOUNT_ID: Final = "The utility's own number of the account."
