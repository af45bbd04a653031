"""What the gate lets pass and what it refuses, value by value, as text and typed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
import pytest

from calc.columns.contract import DEPOSITS, PARTICIPANTS, TRANSACTIONS
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.errors import InputError, Reason
from calc.units import NO_DAY, to_day
from tests.kernels.test_fixed_credit import BASE
from tests.portfolio import PARTICIPANT_SCHEMA

GOOD = {
    "deposit_id": "D1",
    "account_id": "A1",
    "service": "gas",
    "principal_cents": "20000",
    "received_date": "2022-03-01",
    "paid_date": None,
    "remitted_date": None,
    "service_ended_date": None,
    "order_payable_date": None,
}


def deposit(
    column: str,
    values: list[Any],
    dtype: pl.DataType | type[pl.DataType] | None = None,
    *,
    instead_of: str | None = None,
) -> Gated:
    """One row a value: the good row with that column's value."""
    rest = {name: [value] * len(values) for name, value in GOOD.items() if name != (instead_of or column)}
    return gate(DEPOSITS, pl.DataFrame({**rest, column: pl.Series(values, dtype=dtype)}))


def codes(gated: Gated) -> list[Reason]:
    return [Reason(int(mask)) for mask in gated.reasons]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("20000", 0),
        ("0", 0),
        ("-0", 0),
        ("007", 0),
        ("1000000000000", 0),
        ("1000000000001", Reason.out_of_range),
        ("99999999999999999999999", Reason.out_of_range),
        ("-1", Reason.negative_amount),
        ("-99999999999999999999999", Reason.negative_amount),
        ("1,000", Reason.not_a_number),
        ("(200)", Reason.not_a_number),
        ("$200", Reason.not_a_number),
        ("2e4", Reason.not_a_number),
        ("NaN", Reason.not_a_number),
        ("inf", Reason.not_a_number),
        ("200.00", Reason.not_a_number),
        ("+5", Reason.not_a_number),
        (" 5", Reason.not_a_number),
        ("5\n", Reason.not_a_number),
        ("٣", Reason.not_a_number),
        ("0x10", Reason.not_a_number),
        ("", Reason.missing_value),
        ("  ", Reason.missing_value),
        (None, Reason.missing_value),
    ],
)
def test_text_of_cents(text: str | None, reason: int) -> None:
    assert codes(deposit("principal_cents", [text])) == [reason]


@pytest.mark.parametrize(
    ("text", "cents", "reason"),
    [
        ("200.00", 20_000, 0),
        ("200.5", 20_050, 0),
        ("200", 20_000, 0),
        ("0.01", 1, 0),
        ("-0.01", 0, Reason.negative_amount),
        ("5.005", 0, Reason.too_many_decimals),
        ("5.000", 500, 0),
        ("200.0000", 20_000, 0),
        ("200.50000000", 20_050, 0),
        ("-200.000", 0, Reason.negative_amount),
        ("1,200.000", 0, Reason.not_a_number),
        ("-5.005", 0, Reason.too_many_decimals | Reason.negative_amount),
        ("-0.001", 0, Reason.too_many_decimals | Reason.negative_amount),
        ("-0.000", 0, 0),
        ("10000000000.000", 10**12, 0),
        ("10000000000.0100", 0, Reason.out_of_range),
        ("10000000000.001", 0, Reason.too_many_decimals | Reason.out_of_range),
        ("10000000000.00", 10**12, 0),
        ("10000000000.01", 0, Reason.out_of_range),
        ("1,234.00", 0, Reason.not_a_number),
        ("200.", 0, Reason.not_a_number),
        (".50", 0, Reason.not_a_number),
        ("1.2.3", 0, Reason.not_a_number),
    ],
)
def test_text_of_dollars(text: str, cents: int, reason: int) -> None:
    gated = deposit("principal", [text], instead_of="principal_cents")
    assert codes(gated) == [reason]
    assert gated.values["principal_cents"].tolist() == [cents]


def test_typed_cents() -> None:
    assert codes(deposit("principal_cents", [5, -5, 10**12 + 1, None], pl.Int64)) == [
        0, Reason.negative_amount, Reason.out_of_range, Reason.missing_value,
    ]  # fmt: skip
    assert codes(deposit("principal_cents", [2**64 - 1, 7], pl.UInt64)) == [Reason.out_of_range, 0]
    floats = deposit("principal_cents", [5.0, 5.5, float("nan"), float("inf"), -5.0, None], pl.Float64)
    assert codes(floats) == [
        0, Reason.not_a_number, Reason.not_a_number, Reason.not_a_number, Reason.negative_amount, Reason.missing_value,
    ]  # fmt: skip
    assert floats.values["principal_cents"][0] == 5


def test_a_null_does_not_turn_cents_into_floats() -> None:
    """10**12 - 1 beside a null: an int64 column with a null becomes float64 in a careless conversion."""
    gated = deposit("principal_cents", [10**12 - 1, None, 3], pl.Int64)
    assert gated.values["principal_cents"].dtype == np.int64
    assert gated.values["principal_cents"].tolist() == [10**12 - 1, 0, 3]


def test_what_is_refused_stays_as_it_was_read() -> None:
    """Harmless values go to the arrays alone: the quarantine is written from the frame's own memory."""
    given = {
        "principal_cents": pl.Series([5, -5, 10**12 + 1], dtype=pl.Int64),
        "received_date": pl.Series([date(1901, 1, 1), date(2020, 1, 1), date(2999, 1, 1)]),
    }
    for column, series in given.items():
        before = series.to_list()
        frame = pl.DataFrame({**{name: [value] * 3 for name, value in GOOD.items()}, column: series})
        assert np.count_nonzero(gate(DEPOSITS, frame).reasons) == 2
        assert frame[column].to_list() == before


@pytest.mark.parametrize("dtype", [pl.Int64, pl.Decimal(20, 2), pl.Float64, pl.String])
def test_a_null_is_no_finding_where_it_is_allowed(dtype: Any) -> None:  # noqa: ANN401 - a Polars type
    gated = deposit("posted_cents", pl.Series([None, 7], dtype=pl.Int64).cast(dtype).to_list(), dtype)
    assert (codes(gated), gated.values["posted_cents"].tolist()) == ([0, 0], [0, 7])
    assert codes(deposit("posted_cents", [None, None], pl.Null)) == [0, 0]


def test_typed_dollars() -> None:
    exact = deposit(
        "principal", [Decimal("200.00"), Decimal("-1.00"), Decimal("10000000000.01")], pl.Decimal(20, 2),
        instead_of="principal_cents",
    )  # fmt: skip
    assert codes(exact) == [0, Reason.negative_amount, Reason.out_of_range]
    assert exact.values["principal_cents"][0] == 20_000
    fine = deposit("principal", [Decimal("5.0050"), Decimal("5.5000")], pl.Decimal(20, 4), instead_of="principal_cents")
    assert codes(fine) == [Reason.too_many_decimals, 0]
    assert fine.values["principal_cents"][1] == 550
    whole = deposit("principal", [200, 10**18], pl.Int64, instead_of="principal_cents")
    assert codes(whole) == [0, Reason.out_of_range]
    assert whole.values["principal_cents"][0] == 20_000
    unsigned = deposit("principal", [200, 2**64 - 1], pl.UInt64, instead_of="principal_cents")
    assert codes(unsigned) == [0, Reason.out_of_range]


def test_dollars_as_binary_floats_are_refused() -> None:
    with pytest.raises(InputError, match=r"principal.*Float64.*no float is exact"):
        deposit("principal", [200.1], pl.Float64, instead_of="principal_cents")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2024-02-29", 0),
        ("1955-01-01", 0),
        ("2100-12-31", 0),
        ("2023-02-29", Reason.bad_date),
        ("2024-02-30", Reason.bad_date),
        ("2024-13-01", Reason.bad_date),
        ("03/01/2024", Reason.bad_date),
        ("2024-3-1", Reason.bad_date),
        ("20240301", Reason.bad_date),
        ("2024-03-01T00:00:00", Reason.bad_date),
        ("1954-12-31", Reason.out_of_range),
        ("2101-01-01", Reason.out_of_range),
        ("", Reason.missing_value),
    ],
)
def test_text_of_dates(text: str, reason: int) -> None:
    gated = deposit("received_date", [text])
    assert codes(gated) == [reason]
    expected = to_day(date.fromisoformat(text)) if not reason else NO_DAY
    assert gated.values["received_date"].tolist() == [expected]


def test_typed_dates() -> None:
    gated = deposit("paid_date", [date(2024, 2, 29), date(1900, 1, 1), None], pl.Date)
    assert codes(gated) == [0, Reason.out_of_range, 0]
    assert gated.values["paid_date"].tolist() == [to_day(date(2024, 2, 29)), NO_DAY, NO_DAY]
    times = deposit("paid_date", [datetime(2024, 2, 29), datetime(2024, 2, 29, 13)], pl.Datetime)  # noqa: DTZ001
    assert codes(times) == [0, Reason.bad_date]
    with pytest.raises(InputError, match=r"paid_date.*Int64"):
        deposit("paid_date", [20_000], pl.Int64)


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_a_timestamp_with_a_zone_is_the_date_on_which_it_is_midnight_there(unit: str) -> None:
    """Denver is 7 hours behind UTC in winter and 6 in summer; 17:00 there on 31 December is midnight in UTC."""
    instants = [
        datetime(2024, 1, 1, 7, tzinfo=UTC),
        datetime(2024, 7, 1, 6, tzinfo=UTC),
        datetime(2024, 1, 1, tzinfo=UTC),
        datetime(1960, 7, 1, 7, tzinfo=UTC),
        None,
    ]
    denver = pl.Series(instants).cast(pl.Datetime(unit, "UTC")).dt.convert_time_zone("America/Denver")  # type: ignore[arg-type]
    gated = deposit("paid_date", denver.to_list(), denver.dtype)
    assert codes(gated) == [0, 0, Reason.bad_date, 0, 0]
    days = [date(2024, 1, 1), date(2024, 7, 1), None, date(1960, 7, 1), None]
    assert gated.values["paid_date"].tolist() == [to_day(day) if day else NO_DAY for day in days]


@pytest.mark.parametrize("dtype", [pl.Categorical, pl.Binary])
def test_text_comes_from_dictionaries_and_from_bytes(dtype: Any) -> None:  # noqa: ANN401 - a Polars type
    def come(column: str, *texts: str | None, instead_of: str | None = None) -> Gated:
        return deposit(column, pl.Series(texts, dtype=pl.String).cast(dtype).to_list(), dtype, instead_of=instead_of)

    assert codes(come("deposit_id", "D1", " ", None)) == [0, Reason.missing_value, Reason.missing_value]
    assert codes(come("service", "gas", "water")) == [0, Reason.unknown_value]
    assert codes(come("efforts_made", "true", "FALSE", "maybe", None)) == [0, 0, Reason.unknown_value, 0]
    dollars = come("principal", "200.00", "1.005", instead_of="principal_cents")
    assert codes(dollars) == [0, Reason.too_many_decimals]
    assert dollars.values["principal_cents"][0] == 20_000
    dates = come("received_date", "2024-02-29", "2023-02-29", "")
    assert codes(dates) == [0, Reason.bad_date, Reason.missing_value]
    assert dates.values["received_date"][0] == to_day(date(2024, 2, 29))


def test_bytes_that_are_no_text_are_refused() -> None:
    assert codes(deposit("account_id", [b"A1", b"\xff", None], pl.Binary)) == [0, 128, 1]
    assert codes(deposit("kind", [b"deposit", b"\xff", None], pl.Binary)) == [0, 128, 0]
    assert codes(deposit("posted_cents", [b"1", b"\xff", None], pl.Binary)) == [0, 2, 0]


def test_decimals_without_a_fraction_are_whole_numbers() -> None:
    assert codes(deposit("deposit_id", [Decimal(10**30), None], pl.Decimal(38, 0))) == [0, Reason.missing_value]
    cents = deposit("principal_cents", [Decimal(20_000), Decimal(-1), Decimal(10**30)], pl.Decimal(38, 0))
    assert codes(cents) == [0, Reason.negative_amount, Reason.out_of_range]
    assert cents.values["principal_cents"][0] == 20_000
    with pytest.raises(InputError, match=r"deposit_id.*Decimal.*write it as text"):
        deposit("deposit_id", [Decimal("1.50")], pl.Decimal(38, 2))


def test_zeros_that_only_fill_the_scale_are_exact() -> None:
    filled = [Decimal("200.0000"), Decimal("200.5000"), Decimal("200.0050"), Decimal("-0.0100")]
    money = deposit("principal", filled, pl.Decimal(38, 4), instead_of="principal_cents")
    assert codes(money) == [0, 0, Reason.too_many_decimals, Reason.negative_amount]
    assert money.values["principal_cents"].tolist() == [20_000, 20_050, 0, 0]
    cents = deposit("principal_cents", filled, pl.Decimal(38, 4))
    assert codes(cents) == [0, Reason.not_a_number, Reason.not_a_number, Reason.not_a_number]


@pytest.mark.parametrize(
    ("column", "values", "reasons"),
    [
        ("service", ["gas", "Gas", "water", None, ""], [0, 128, 128, 1, 1]),
        ("kind", ["construction_advance", None, "", "loan"], [0, 0, 0, 128]),
        ("efforts_made", ["true", "FALSE", None, "yes", "1"], [0, 0, 0, 128, 128]),
        ("deposit_id", ["D", " ", None], [0, 1, 1]),
    ],
)
def test_words_flags_and_ids(column: str, values: list[str | None], reasons: list[int]) -> None:
    assert codes(deposit(column, values, pl.String)) == reasons


def test_defaults_of_what_is_absent_or_null() -> None:
    gated = deposit("kind", [None], pl.String)
    assert gated.values["kind"].tolist() == [0]
    assert gated.values["efforts_made"].tolist() == [True]
    assert gated.values["posted_cents"].tolist() == [0]
    assert deposit("efforts_made", [None, False], pl.Boolean).values["efforts_made"].tolist() == [True, False]


def test_all_reasons_of_a_row_are_kept() -> None:
    row = GOOD | {"service": "water", "principal_cents": "-1", "received_date": "2024-02-30"}
    gated = gate(DEPOSITS, pl.DataFrame([row]), np.array([int(Reason.duplicate_key)]))
    assert codes(gated) == [Reason.unknown_value | Reason.negative_amount | Reason.bad_date | Reason.duplicate_key]


def test_missing_and_doubled_columns_are_named() -> None:
    frame = pl.DataFrame([GOOD])
    with pytest.raises(InputError, match=r"lacks the required columns principal_cents, received_date"):
        gate(DEPOSITS, frame.drop("principal_cents", "received_date"))
    with pytest.raises(InputError, match=r"both principal_cents and principal"):
        gate(DEPOSITS, frame.with_columns(principal=pl.lit("1.00")))


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("household_size", 0, Reason.out_of_range),
        ("household_size", 31, Reason.out_of_range),
        ("household_size", -1, Reason.negative_amount),
        ("months_remaining", 13, Reason.out_of_range),
        ("arrearage_months", 0, Reason.out_of_range),
        ("arrearage_months", 25, Reason.out_of_range),
        ("share_ppm", -1, Reason.negative_amount),
        ("household_income_cents", None, Reason.missing_value),
        ("county_fips", None, 0),
    ],
)
def test_bounds_of_participants(column: str, value: int | None, reason: int) -> None:
    row = dict.fromkeys(PARTICIPANT_SCHEMA) | BASE | {column: value}
    frame = pl.DataFrame([row], schema=PARTICIPANT_SCHEMA, orient="row")
    assert codes(gate(PARTICIPANTS, frame)) == [reason]


@pytest.mark.parametrize(
    ("text", "cents", "reason"),
    [
        ("-1", -1, 0),
        ("-1000000000000", -(10**12), 0),
        ("-1000000000001", 0, Reason.out_of_range),
        ("1000000000001", 0, Reason.out_of_range),
        ("-99999999999999999999999", 0, Reason.out_of_range),
        ("- 1", 0, Reason.not_a_number),
        ("(1)", 0, Reason.not_a_number),
        (None, 0, Reason.missing_value),
    ],
)
def test_money_that_may_be_negative(text: str | None, cents: int, reason: int) -> None:
    """Amounts of transactions: refunds are below zero; a refused amount becomes nothing."""
    rest = {"deposit_id": ["D1", "D1"], "date": ["2024-01-01"] * 2, "kind": ["principal"] * 2}
    gated = gate(TRANSACTIONS, pl.DataFrame({**rest, "amount_cents": pl.Series([text, "5"], dtype=pl.String)}))
    assert codes(gated) == [reason, 0]
    assert gated.values["amount_cents"].tolist() == [cents, 5]


def test_typed_money_that_may_be_negative() -> None:
    rest = {"deposit_id": ["D1"] * 4, "date": ["2024-01-01"] * 4, "kind": ["owed"] * 4}
    cents = pl.Series("amount_cents", [-(10**12), -(10**12) - 1, -(2**63), None], dtype=pl.Int64)
    dollars = pl.Series("amount", ["-10000000000.00", "-10000000000.01", "-0.001", "-0.01"])
    for amounts, expected, reasons in (
        (cents, [-(10**12), 0, 0, 0], [0, Reason.out_of_range, Reason.out_of_range, Reason.missing_value]),
        (dollars, [-(10**12), 0, 0, -1], [0, Reason.out_of_range, Reason.too_many_decimals, 0]),
    ):
        gated = gate(TRANSACTIONS, pl.DataFrame({**rest, amounts.name: amounts}))
        assert codes(gated) == reasons
        assert gated.values["amount_cents"].tolist() == expected
