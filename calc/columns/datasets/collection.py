"""Declare the datasets of discontinuing service and restoring it, and of contributions collected."""

from typing import Final

from calc.columns.dataset import Dataset, Result
from calc.columns.datasets.shared_columns import ACCOUNT_ID, SERVICE, SERVICE_RESULT
from calc.columns.declared_columns import count, day, flag, moment, money, text
from calc.columns.result_type import BOOLEAN, DATE, INT64, MOMENT, TEXT, list_of
from calc.kernels.discontinuance import NO_FORECAST

_ACCOUNT: Final = text("account_id", ACCOUNT_ID)
_ACCOUNT_RESULT: Final = Result("account_id", TEXT, ACCOUNT_ID)
_FORECAST: Final = "temperature forecast for the next 24 hours, in degrees Fahrenheit."

DISCONTINUANCES: Final = Dataset(
    "discontinuances",
    ("account_id", "service"),
    (
        _ACCOUNT,
        SERVICE,
        moment("discontinue_at", "When service would be discontinued, on a clock in Colorado."),
        money("past_due_cents", "What is past due for regulated charges of the service, in cents."),
        day("due_date", "Day on which it was due."),
        flag("residential", "Whether the customer is residential.", default=True),
        flag("participant", "Whether the customer takes part in the affordability program.", default=False),
        money(
            "preexisting_arrearage_cents", "Of it, a participant's arrearage from before the program, in cents.",
            optional=True,
        ),
        day("certificate_date", "Day of a medical certificate.", optional=True),
        day("other_certificate_date", "Day of another one, earlier or later.", optional=True),
        day("leap_applied_date", "Day of an application to LEAP that is pending.", optional=True),
        count("forecast_low_f", f"Lowest {_FORECAST}", -100, 150, optional=True, default=NO_FORECAST),
        count("forecast_high_f", f"Highest {_FORECAST}", -100, 150, optional=True, default=NO_FORECAST),
        flag("emergency", "Whether an emergency or safety event affects the local area.", default=False),
        day("office_closed_date", "The nearest day on which the local office is closed.", optional=True),
    ),
    (
        _ACCOUNT_RESULT,
        SERVICE_RESULT,
        Result(
            "may_discontinue", BOOLEAN, "Whether no rule that was looked at bars discontinuance at that time.",
            label="May be discontinued",
        ),
        Result("barred", list_of(TEXT), "Grounds that bar it, all that apply.", label="Barred by"),
        Result("warnings", list_of(TEXT), "What speaks against it without barring it.", label="Warnings"),
    ),
    "One row per account whose service is to be discontinued for nonpayment at a time.",
)  # fmt: skip

RESTORATIONS: Final = Dataset(
    "restorations",
    ("account_id", "service"),
    (
        _ACCOUNT,
        SERVICE,
        moment("requested_at", "When the customer asked for service, on a clock in Colorado."),
        moment(
            "acted_at", "When the customer paid, or did what else brings service back; by default when asked.",
            optional=True,
        ),
        flag("advanced_meter", "Whether the customer has an advanced meter.", default=False),
        moment(
            "closes_at", "When customer service closes on the day of the request; by default at the rule file's time.",
            optional=True, within="on the day of the request",
        ),
        flag("after_hours_paid", "Whether the tariff's after-hours charges are paid.", default=False),
        moment("restored_at", "When service was back; empty while it is not.", optional=True),
    ),
    (
        _ACCOUNT_RESULT,
        SERVICE_RESULT,
        Result("same_day", BOOLEAN, "Whether service is due back on the day of the request.", label="Same day"),
        Result("restore_by", MOMENT, "The moment by which service must be back.", label="Back by"),
        Result("restore_date", DATE, "Day on which service should have been back.", label="Back on"),
        Result("late_days", INT64, "Days, or parts of one, without service after that day.", label="Days late"),
        Result(
            "reconnection_credit_cents", INT64,
            "Credit that a proposed text, not in force, would give for them, in cents.",
            label="Credit for delay (proposed text)",
        ),
    ),
    "One row per account whose service was discontinued and is to be restored.",
)  # fmt: skip

CONTRIBUTIONS: Final = Dataset(
    "contributions",
    ("collected_date", "service"),
    (SERVICE, day("collected_date", "Day on which contributions to energy assistance were collected.")),
    (
        SERVICE_RESULT,
        Result("quarter_first_date", DATE, "First day of the quarter of the collection.", label="Quarter from"),
        Result("quarter_last_date", DATE, "Last day of that quarter.", label="Quarter through"),
        Result("transfer_before_date", DATE, "Day before which the money is transferred.", label="Transfer before"),
        Result("transfer_last_date", DATE, "Last day on which it may be transferred.", label="Transfer by"),
        Result("report_date", DATE, "Last day for the report on the calendar year's money.", label="Report by"),
    ),
    "One row per day of collection; money of a quarter is transferred together.",
)
