"""The seam to the outside: where monthly series come from. Nothing behind it may reach the tables without review."""

from typing import Protocol

from calc.rates.series import MonthlySeries


class MonthlySource(Protocol):
    """A place that has the monthly averages of the one-year Treasury constant maturity."""

    def monthly_series(self) -> MonthlySeries:
        """Every month it has, with provenance; RatesMissingError where it cannot be reached or has no such series."""
        ...
