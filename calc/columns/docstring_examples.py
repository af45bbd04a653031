"""Examples in the docstrings of the calculators: a row as text, and its figures as worked by hand.

A test runs every one of them, so what a docstring shows is what the calculator answers.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

_WIDTH: Final = 100


class FrameExample(NamedTuple):
    """Hold an example.

    Attributes:
        why: How its figures come about, in words.
        row: The row, days as ISO text.
        as_of: The day, as ISO text.
        results: The figures shown, by result.
        tariff: A shipped tariff, where it is not the default.
    """

    why: str
    row: Mapping[str, Any]
    as_of: str
    results: Mapping[str, Any]
    tariff: str = ""


_DEPOSIT: Final = {
    "deposit_id": "D1", "account_id": "A1", "service": "electric", "principal_cents": 20_000,
    "received_date": "2022-03-01", "paid_date": None, "remitted_date": None, "service_ended_date": "2024-03-15",
    "order_payable_date": None,
}  # fmt: skip
_HOUSEHOLD: Final = {
    "participant_id": "P1", "account_id": "A1", "service": "electric", "primary_heating": "electric",
    "regulated_gas": False, "household_income_cents": 1_800_000, "household_size": 3, "county_fips": None,
    "leap_qualified": False, "full_annual_bill_cents": 180_000,
}  # fmt: skip

INTEREST: Final = FrameExample(
    "2024 pays 4.93 %: 200.00 held over all of it earn 9.86.",
    {"principal_cents": 20_000, "received_date": "2024-01-01", "through_date": "2025-01-01"},
    "2026-09-30",
    {"interest_cents": 986, "days": 366},
)
UNCLAIMED: Final = FrameExample(
    "29.32 at the yearly rates; 200.00 x 6 % x 75 / 365 more, 2.466, of which rounding the sum once leaves 2.46.",
    _DEPOSIT,
    "2026-09-30",
    {
        "status": "overdue",
        "base_interest_cents": 2_932,
        "surcharge_interest_cents": 246,
        "remittance_cents": 23_178,
    },
)
DEPOSIT_LIMIT: Final = FrameExample(
    "1,460.00 in 365 days is 4.00 a day: at most 360.00, of which 300.00 are held.",
    {
        "account_id": "A1",
        "service": "electric",
        "billed_cents": 146_000,
        "billed_days": 365,
        "held_cents": 30_000,
        "late_payments_12m": 1,
    },
    "2026-09-30",
    {"limit_cents": 36_000, "excess_cents": 0, "available_cents": 6_000, "return_due": True},
)
FIXED_CREDIT: Final = FrameExample(
    "6 % of 18,000.00 is 1,080.00: the credit is what a bill of 1,800.00 is above it.",
    _HOUSEHOLD,
    "2026-09-30",
    {"affordable_annual_cents": 108_000, "fixed_credit_annual_cents": 72_000, "monthly_credit_cents": [6_000] * 12},
)
PARTICIPANT_YEAR: Final = FrameExample(
    "A bill of 150.00 less a credit of 60.00 leaves 90.00, a twelfth of 6 % of 18,000.00.",
    {**_HOUSEHOLD, "first_bill_date": "2026-01-15"},
    "2026-12-31",
    {"month": 1, "expected_bill_cents": 15_000, "program_credit_cents": 6_000, "planned_payment_cents": 9_000},
)
INSTALLMENT_PLAN: Final = FrameExample(
    "A tenth of 480.01, rounded up, is 48.01; 432.00 in seven parts, the three odd cents on the first.",
    {"account_id": "A1", "service": "electric", "due_cents": 48_001, "months": 7},
    "2026-09-30",
    {"down_payment_cents": 4_801, "installment_cents": [6_172, 6_172, 6_172, 6_171, 6_171, 6_171, 6_171]},
)
BUDGET_BILLING: Final = FrameExample(
    "1,200.07 in twelve: 100.00 eleven times, and 100.07 to settle.",
    {"account_id": "A1", "service": "electric", "last_year_billed_cents": 110_007, "arrears_cents": 10_000},
    "2026-09-30",
    {"payment_cents": 10_000, "settlement_cents": 10_007},
)
DISCONTINUANCE: Final = FrameExample(
    "The afternoon before Veterans Day, 11 November 2026.",
    {
        "account_id": "A1",
        "service": "electric",
        "discontinue_at": "2026-11-10T13:00",
        "past_due_cents": 8_000,
        "due_date": "2026-09-01",
    },
    "2026-11-10",
    {"may_discontinue": False, "barred": ["holiday"]},
)
RESTORATION: Final = FrameExample(
    "Asked on a Friday after 12:59: 24 hours without the week-end end on Monday; back on Tuesday is one day late.",
    {
        "account_id": "A1",
        "service": "electric",
        "requested_at": "2026-03-06T15:00",
        "restored_at": "2026-03-10T09:00",
    },
    "2026-03-10",
    {"same_day": False, "late_days": 1, "reconnection_credit_cents": 5_000},
)
ANNUAL_BILL: Final = FrameExample(
    "12.00 a month, and 0.21 and 0.405 for each of 100 therms: 73.50; 1.50 less in three months of winter.",
    {
        "participant_id": "P1",
        "service": "gas",
        "rate_schedule": "RG",
        "monthly_use_thousandths": [100_000] * 12,
    },
    "2026-09-30",
    {"full_annual_bill_cents": 87_750},
    "example",
)
CONTRIBUTIONS: Final = FrameExample(
    "The last quarter's collections are due before 1 February.",
    {"service": "electric", "collected_date": "2026-12-31"},
    "2026-12-31",
    {"transfer_before_date": "2027-02-01"},
)


def example_lines(topic: str, example: FrameExample) -> list[str]:
    """Return the example of a topic's function as lines of a docstring, which doctest can run.

    Args:
        topic: Name of the topic.
        example: Its example.
    """
    from pprint import pformat  # noqa: PLC0415 - for docstrings alone

    function = topic.replace("-", "_")
    tariff = f', tariff="{example.tariff}"' if example.tariff else ""
    row = pformat(dict(example.row), width=_WIDTH, sort_dicts=False, compact=True).splitlines()
    shown = ", ".join(f'"{name}"' for name in example.results)
    dates = any(name.endswith("_date") for name in example.results)
    columns = f"pl.col({shown}).cast(pl.String)" if dates else shown
    return [
        "Example:",
        f"    {example.why}",
        "",
        "    >>> import polars as pl",
        "    >>> import puccalc",
        f"    >>> row = {row[0]}",
        *(f"    ...  {line}" for line in row[1:]),
        f'    >>> found = puccalc.{function}(pl.DataFrame([row]), as_of="{example.as_of}"{tariff})',
        f"    >>> found.results.select({columns}).row(0, named=True)",
        f"    {dict(example.results)}",
        "    >>> found.quarantine.height",
        "    0",
    ]
