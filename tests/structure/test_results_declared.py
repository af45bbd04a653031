"""Every result column that the contract declares is produced by the dataset's calculator."""

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from calc.columns import (
    annual_bill,
    collection,
    contract,
    deposit_limit,
    fixed_credit,
    interest,
    participant_years,
    plans,
    unclaimed,
)
from calc.columns.contract import Dataset, Holds
from calc.columns.evaluation import Evaluation
from calc.rates.computing.table import RateTable
from calc.rules.guidelines import load_guidelines
from calc.rules.resolve import load_rules

AS_OF = date(2026, 10, 31)
RATES = RateTable.flat(49_300)
CALCULATORS: dict[str, Callable[..., Evaluation]] = {
    "deposits": lambda frame, rules: unclaimed.evaluate(frame, rules=rules, rates=RATES, as_of=AS_OF),
    "accounts": lambda frame, rules: deposit_limit.evaluate(frame, rules=rules, as_of=AS_OF),
    "participants": lambda frame, rules: fixed_credit.evaluate(frame, rules=rules, as_of=AS_OF),
    "interest": lambda frame, rules: interest.evaluate(frame, rules=rules, rates=RATES),
    "installment_plans": lambda frame, rules: plans.evaluate_installments(
        frame.with_columns(months=pl.lit("12")), rules=rules
    ),
    "discontinuances": lambda frame, rules: collection.evaluate_discontinuances(frame, rules=rules),
    "restorations": lambda frame, rules: collection.evaluate_restorations(frame, rules=rules),
    "contributions": lambda frame, rules: collection.evaluate_contributions(frame, rules=rules),
    "participant_years": lambda frame, rules: participant_years.evaluate(
        frame, rules=rules, as_of=AS_OF, guidelines=load_guidelines()
    ),
    "annual_bills": lambda frame, _: annual_bill.evaluate(
        frame.with_columns(rate_schedule=pl.lit("R"), monthly_use_thousandths=pl.lit("1 " * 12)),
        rules=load_rules(AS_OF, tariff="example"),
        as_of=AS_OF,
    ),
    "budget_plans": lambda frame, rules: plans.evaluate_budgets(frame, rules=rules),
}
VALUES: dict[Holds, str] = {
    Holds.TEXT: "T-1", Holds.MONEY: "10000", Holds.COUNT: "12", Holds.DATE: "2024-01-01",
    Holds.MOMENT: "2024-01-02T10:00", Holds.FLAG: "true", Holds.BILLS: "1",
}  # fmt: skip
DATASETS = {**contract.DATASETS, **contract.OF_QUOTES}


def one_row(dataset: Dataset) -> pl.DataFrame:
    """A good row of the required columns, as text."""
    required = [column for column in dataset.columns if not column.optional]
    return pl.DataFrame({each.name: [each.words[0] if each.words else VALUES[each.holds]] for each in required})


def evaluate(name: str) -> Evaluation:
    return CALCULATORS[name](one_row(DATASETS[name]), load_rules(AS_OF))


@pytest.mark.parametrize("name", DATASETS)
def test_every_declared_column_is_produced(name: str) -> None:
    results, reasons, *_ = evaluate(name)
    assert reasons.tolist() == [0]
    assert dict(results.schema) == {column: _instance(dtype) for column, dtype in DATASETS[name].results.items()}


@pytest.mark.parametrize("name", DATASETS)
def test_a_column_that_nobody_computes_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DATASETS[name].results, "forgotten_cents", pl.Int64)
    with pytest.raises(pl.exceptions.ColumnNotFoundError, match="forgotten_cents"):
        evaluate(name)


def _instance(dtype: Any) -> Any:  # noqa: ANN401 - a Polars type, given as a class or an instance
    return dtype() if isinstance(dtype, type) else dtype
