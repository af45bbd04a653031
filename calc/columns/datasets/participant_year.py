"""Declare the datasets of a participant's year: its dated events, and what each of its twelve bills carries."""

from typing import Final

from calc.columns.dataset import NONE, Column, Dataset, Holds, Owner, Result
from calc.columns.datasets.participants import LEAP_RESULTS, PARTICIPANT_ID, PARTICIPANTS, SHARE_RESULT
from calc.columns.datasets.shared_columns import SERVICE, SERVICE_RESULT
from calc.columns.declared_columns import day, money, records, text, word
from calc.columns.result_type import BOOLEAN, DATE, INT32, INT64, TEXT, list_of, record_of
from calc.errors import Reason
from calc.kernels.participant_events import HEATS, KINDS, SAYS_NO, SAYS_YES, WORDS

NEEDS_AMOUNT: Final = ("move", "income", "rate_change", "leap_grant")
NEEDS_WORD: Final = ("heating", "regulated_gas", "budget_billing")
ADD_UP: Final = ("leap_grant", "partial_payment", "payment")
"""Kinds of which several on one day add up; two of any other kind are refused."""
WORDS_OF: Final = {
    "move": HEATS,
    "heating": HEATS,
    "regulated_gas": (*SAYS_YES, *SAYS_NO),
    "budget_billing": (*SAYS_YES, *SAYS_NO),
}
"""Words by kind; another kind takes none."""

PARTICIPANT_EVENTS: Final = Dataset(
    "events",
    (),
    (
        text("participant_id", PARTICIPANT_ID),
        SERVICE,
        day("date", "Day of the event; it acts from the first bill dated after it."),
        word("kind", "What happened.", KINDS),
        money(
            "amount_cents",
            "In cents: annual bill after move or rate_change, new income, leap_grant, payment; else it says nothing.",
            optional=True,
            default=NONE,
        ),
        Column(
            "word",
            Holds.WORD,
            "Heat after heating, or a move that changes it; true, on, false, off: regulated_gas, budget_billing.",
            optional=True,
            nullable=True,
            words=WORDS,
        ),
    ),
    meaning="Events of participants' years, rules 3412 and 4412. Grants and payments of one day add up; two events of "
    "another kind on one day are refused. An amount or word of a kind that takes none says nothing.",
    owner=Owner(
        "participants", ("participant_id", "service"), Reason.depends_on_quarantined, Reason.unknown_participant
    ),
    row_bytes=20,
)
"""Events of participants: no key, and no results but the participants' months."""

PARTICIPANT_MONTHS: Final = Dataset(
    "participant_months",
    ("participant_id", "service", "month"),
    (),
    (
        Result("participant_id", TEXT, PARTICIPANT_ID),
        SERVICE_RESULT,
        Result("month", INT32, "Month of the participant's year, 1 through 12.", label="Month"),
        Result("bill_date", DATE, "Day of the month's bill.", label="Bill of"),
        Result(
            "in_program",
            BOOLEAN,
            "Whether the bill is one of a participant; after an exit it carries nothing.",
            label="In the program",
        ),
        Result("basis_bill_cents", INT64, "Full annual bill on which the credits rest, in cents.", label="Annual bill"),
        SHARE_RESULT,
        Result("expected_bill_cents", INT64, "The month's part of the annual bill, in cents.", label="Bill"),
        Result(
            "fixed_credit_cents", INT64, "The month's fixed credit, grants included, in cents.", label="Fixed credit"
        ),
        Result(
            "leap_to_unaffordable_cents",
            INT64,
            "Part of the fixed credit that LEAP grants cover, in cents.",
            label="LEAP grant to the unaffordable part",
        ),
        Result("program_credit_cents", INT64, "Fixed credit less what grants cover, in cents.", label="Program credit"),
        *LEAP_RESULTS,
        Result("arrearage_credit_cents", INT64, "Arrearage credit, in cents.", label="Arrearage credit"),
        Result("copayment_cents", INT64, "Customer's copayment toward the arrearage, in cents.", label="Copayment"),
        Result(
            "planned_payment_cents",
            INT64,
            "Bill less fixed credit, or the budget plan's payment, plus copayment, in cents.",
            label="To be paid",
        ),
        Result(
            "arrearage_outstanding_cents", INT64, "Arrearage left after the bill, in cents.", label="Arrearage left"
        ),
        Result(
            "causes",
            list_of(TEXT),
            "Kinds of events that took effect with the bill; not_due is a change of rates below a quarter.",
            label="Changed by",
        ),
        Result("due_on_exit_cents", INT64, "Arrearage that falls due on an exit, in cents.", label="Falls due on exit"),
        Result(
            "credit_to_recover_cents",
            INT64,
            "Program credits of earlier months that a grant covers, in cents; only under grant_timing annual.",
            label="Credits to recover",
        ),
    ),
    "Twelve rows per participant and service with a first_bill_date: what each bill of the year carries; no input of "
    "its own.",
    total_by="month",
    totals=(
        "expected_bill_cents",
        "fixed_credit_cents",
        "leap_to_unaffordable_cents",
        "program_credit_cents",
        "leap_to_arrearage_cents",
        "leap_to_account_cents",
        "arrearage_credit_cents",
        "copayment_cents",
        "planned_payment_cents",
        "due_on_exit_cents",
        "credit_to_recover_cents",
        "in_program",
    ),
    with_column="first_bill_date",
    rows_per_row=12,
    row_bytes=2,  # a month has 8; in the sample, one participant in four has months
)

_OF_A_ROW: Final = ("participant_id", "service")
_AT_THE_START: Final = (
    "eligible", "eligible_basis", "guideline_year", "tests_dropped", "share_ppm", "affordable_annual_cents",
    "fixed_credit_annual_cents", "recalculation_due",
)  # fmt: skip
SUMMED: Final = {
    "year_expected_bill_cents": "expected_bill_cents",
    "year_fixed_credit_cents": "fixed_credit_cents",
    "year_program_credit_cents": "program_credit_cents",
    "year_leap_to_unaffordable_cents": "leap_to_unaffordable_cents",
    "year_leap_to_arrearage_cents": "leap_to_arrearage_cents",
    "year_leap_to_account_cents": "leap_to_account_cents",
    "year_credit_to_recover_cents": "credit_to_recover_cents",
    "year_arrearage_credit_cents": "arrearage_credit_cents",
    "year_copayment_cents": "copayment_cents",
    "year_due_on_exit_cents": "due_on_exit_cents",
    "year_planned_payment_cents": "planned_payment_cents",
}
"""Results of a year that are sums over its months, each with the months' column."""
EVENTS_OF_A_ROW: Final = records(
    "events",
    "Dated events of the year.",
    tuple(each for each in PARTICIPANT_EVENTS.columns if each.name not in _OF_A_ROW),
)
_MONTH: Final = record_of(
    *((each.name, each.type) for each in PARTICIPANT_MONTHS.declared_results if each.name not in _OF_A_ROW)
)


def _label(name: str) -> str:
    """Return the label of a sum over the months."""
    (own,) = (each for each in PARTICIPANT_MONTHS.declared_results if each.name == SUMMED[name])
    return f"{own.label or own.name}, in the year"


PARTICIPANT_YEARS: Final = Dataset(
    "participant_years",
    (),
    tuple(
        day("first_bill_date", "Day of the first bill of the participant's year.")
        if each.name == "first_bill_date"
        else each
        for each in PARTICIPANTS.columns
    ),
    (
        Result("participant_id", TEXT, PARTICIPANT_ID),
        SERVICE_RESULT,
        *(each for each in PARTICIPANTS.declared_results if each.name in _AT_THE_START),
        *(
            Result(name, INT64, f"Sum over the twelve bills of {column}, in cents.", label=_label(name))
            for name, column in SUMMED.items()
        ),
        Result("arrearage_outstanding_cents", INT64, "Arrearage left after bill 12, in cents.", label="Arrearage left"),
        Result("months", list_of(_MONTH), "What each of the twelve bills carries, as in participant_months."),
    ),
    "One row per participant and service with its events; for quotes and batches.",
)
