"""Monthly amounts of rows, however a frame has them."""

import polars as pl
import pytest

from calc.columns.contract import ACCOUNTS, check_columns
from calc.columns.gate import gate
from calc.errors import InputError, Reason

YEAR = [f"monthly_bill_{month:02}_cents" for month in range(1, 13)]
REQUIRED = {
    "account_id": ["A"], "service": ["gas"], "billed_cents": [1], "billed_days": [1], "late_payments_12m": [None],
}  # fmt: skip


def bills_of(rows: int = 1, **columns: pl.Series) -> tuple[list[list[int]], list[int]]:
    """Bills and reasons of rows that are good otherwise."""
    frame = pl.concat([pl.DataFrame(REQUIRED)] * rows).with_columns(**columns)
    found = gate(ACCOUNTS, frame)
    return found.lists["monthly_bill_cents"].tolist(), found.reasons.tolist()


@pytest.mark.parametrize(
    "columns",
    [
        {"monthly_bill_cents": pl.Series([[1200, 985, 300]])},
        {"monthly_bill_cents": pl.Series([[1200, 985, 300]], dtype=pl.Array(pl.Int32, 3))},
        {"monthly_bill_cents": pl.Series(["1200 985;300"])},
        {"monthly_bill": pl.Series([" 12.00; 9.85 3 "])},
        {"monthly_bill": pl.Series([["12.00", "9.85", "3"]])},
        {YEAR[0]: pl.Series([1200]), YEAR[1]: pl.Series([985]), YEAR[2]: pl.Series([300])},
        {YEAR[9]: pl.Series(["1200"]), "monthly_bill_11": pl.Series(["9.85"]), YEAR[11]: pl.Series(["300"])},
    ],
)
def test_every_form_says_the_same(columns: dict[str, pl.Series]) -> None:
    assert bills_of(1, **columns) == ([[1200, 985, 300]], [0])


def test_no_bills() -> None:
    assert bills_of() == ([[]], [0])
    assert bills_of(4, monthly_bill_cents=pl.Series([None, [], [7], [8, 9]])) == ([[], [], [7], [8, 9]], [0] * 4)
    assert bills_of(2, monthly_bill_cents=pl.Series(["", None])) == ([[], []], [0, 0])
    assert bills_of(monthly_bill_cents=pl.Series([None])) == ([[]], [0])


def test_months_before_the_first_and_after_the_last_bill_are_no_history_and_a_gap_leaves_none() -> None:
    given = pl.Series([[None, None, 5, 6], [5, 6, None], [5, None, 6], [None], [7]])
    assert bills_of(5, monthly_bill_cents=given) == ([[5, 6], [5, 6], [], [], [7]], [0] * 5)
    columns = {YEAR[3]: [5, 5, None], YEAR[4]: [None, 6, None], YEAR[5]: [6, None, None]}
    months = {name: pl.Series(values, dtype=pl.Int64) for name, values in columns.items()}
    assert bills_of(3, **months) == ([[], [5, 6], []], [0] * 3)


def test_bad_amounts_refuse_their_row_alone() -> None:
    given = pl.Series(["1 2 3", "1 -2 3", "1,0 2 3", "1.00 2 3", "1 1000000000001 3", " ".join(["1"] * 121)])
    expected = [
        0, Reason.negative_amount, Reason.not_a_number, Reason.not_a_number, Reason.out_of_range, Reason.out_of_range,
    ]  # fmt: skip
    assert bills_of(6, monthly_bill_cents=given)[1] == expected
    in_dollars = pl.Series(["1 2.005", "(1.00)"])
    assert bills_of(2, monthly_bill=in_dollars)[1] == [Reason.too_many_decimals, Reason.not_a_number]
    assert bills_of(1, **{YEAR[0]: pl.Series([-1])})[1] == [Reason.negative_amount]


def test_the_refused_column_is_named() -> None:
    found = gate(ACCOUNTS, pl.DataFrame(REQUIRED).with_columns(**{YEAR[2]: pl.lit(-1), "monthly_bill_04": pl.lit("x")}))
    assert [(each.reason, each.columns) for each in found.refusals] == [
        (Reason.negative_amount, (YEAR[2],)),
        (Reason.not_a_number, (YEAR[3],)),
    ]


def test_one_form_at_a_time() -> None:
    names = [*REQUIRED, "monthly_bill_cents"]
    with pytest.raises(InputError, match="both monthly_bill_cents and monthly_bill_03: keep the list or the columns"):
        check_columns(ACCOUNTS, [*names, "monthly_bill_03"])
    with pytest.raises(InputError, match="both monthly_bill_cents and monthly_bill: keep one"):
        check_columns(ACCOUNTS, [*names, "monthly_bill"])
    with pytest.raises(InputError, match="both monthly_bill_03_cents and monthly_bill_03: keep one"):
        check_columns(ACCOUNTS, [*REQUIRED, "monthly_bill_03", "monthly_bill_03_cents"])


def test_no_float_is_exact() -> None:
    with pytest.raises(InputError, match="monthly_bill is of type Float64"):
        bills_of(monthly_bill=pl.Series([[1.5]]))
    with pytest.raises(InputError, match="monthly_bill_cents is of type Boolean"):
        bills_of(monthly_bill_cents=pl.Series([True]))
