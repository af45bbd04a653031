"""Steps of interest on a deposit, rule (o): the days, one line for each rate and year, their sum, the cents."""

from collections.abc import Mapping
from typing import Any

from calc.rates.computing.table import RateTable
from calc.report.explaining import clauses
from calc.report.explaining.accrual import accrual_lines, days_step, earning_days, rounded_sum
from calc.report.explaining.step import Law, Step


def steps(row: Mapping[str, Any], result: Mapping[str, Any], *, law: Law, rates: RateTable) -> tuple[Step, ...]:
    """Work out one row of the dataset `interest`.

    Args:
        row: The row.
        result: Its result.
        law: The rules of the service.
        rates: The rates.

    Returns:
        The steps.

    Raises:
        PuccalcError: The steps lead to another result.
    """
    if law.rules.clauses is not None:
        return clauses.interest_steps(row, result, law=law, rates=rates)
    received, through = row["received_date"], row["through_date"]
    span = earning_days(received, through, law.own.deposit_interest.day_ends)
    lines = accrual_lines("interest", row["principal_cents"], span, law, rates)
    return (
        days_step(received, through, span, "days", result["days"], law),
        *(line.step for line in lines),
        *rounded_sum("interest in all", "interest_cents", result["interest_cents"], lines, law),
    )
