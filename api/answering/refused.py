"""Report a row that the rules refuse: one error for each column that a reason concerns, with what would be allowed.

Input: an answer without a result. Output: items of a problem. Bounds are those of the rules and the rate table; no
figure of the row appears in them.
"""

from typing import Final

from api.answering.topics import Answer
from api.http.problems import Item
from calc.columns.limit_estimates import months_needed
from calc.columns.participant_years import EVENTS, what_events_take
from calc.columns.refusals import AS_OF
from calc.errors import REASON_TEXTS, Reason
from calc.report.explaining.fixed_credit import class_of
from calc.topics import clauses
from calc.units import to_date

_FIELDS: Final = {AS_OF: "through_date"}
"""Request fields whose name differs from the column's."""


def items_of(answer: Answer, prefix: str) -> list[Item]:
    """Build the error items of a refused row.

    Args:
        answer: An answer without a result.
        prefix: JSON pointer to the row; "" for a quote.

    Returns:
        One item per reason, pointing to the field that it concerns.
    """
    return [
        Item(f"{prefix}/{_FIELDS.get(columns[0], columns[0])}", str(reason.name), _detail(reason, columns, answer))
        for reason, columns in answer.outcome.refusals
    ]


def _detail(reason: Reason, columns: tuple[str, ...], answer: Answer) -> str:
    """Return what is wrong and what is allowed."""
    text, allowed = REASON_TEXTS[reason], ""
    if columns == (EVENTS,):
        return f"{text}; allowed: {what_events_take(reason)}"
    match reason:
        case Reason.date_order:
            later = next(name for name in columns if name != "received_date")
            text, allowed = f"{later} lies before received_date", "the same day or a later one"
        case Reason.no_rate_in_force if answer.rates:
            first, last = to_date(answer.rates.first_day), to_date(answer.rates.end_day - 1)
            allowed = f"days from {first} through {last}"
        case Reason.missing_value if "billed_cents" in answer.outcome.row and answer.law.rules.clauses is not None:
            text = clauses.incomplete(answer.outcome.row, answer.law, str)
        case Reason.missing_value if "billed_cents" in answer.outcome.row:
            text, allowed = _too_little(columns, answer)
        case Reason.no_rule_band:
            allowed = "with service gas, primary_heating gas or electric"
        case Reason.share_outside_band:
            row = answer.outcome.row
            account = class_of(row["service"], row["primary_heating"], row["regulated_gas"])
            lowest, highest = answer.law.parameters(f"{account}_lowest_ppm", f"{account}_highest_ppm")
            allowed = f"{lowest.value} through {highest.value} ppm, the band of {highest.citation.rule}"
        case Reason.out_of_range if columns == ("arrearage_copay_cents",):
            most = answer.law.parameters("copayment_max_ppm")[0]
            allowed = f"at most {most.value} ppm of the household's income, by {most.citation.rule}"
    return f"{text}; allowed: {allowed}" if allowed else text


def _too_little(columns: tuple[str, ...], answer: Answer) -> tuple[str, str]:
    """Return what input a deposit limit lacks and what would suffice."""
    if columns == ("monthly_bill_cents",):
        needed = months_needed(answer.outcome.row["bills_in_advance"], answer.law.own.deposit_limit)
        return "monthly bills are missing", f"a list of at least {needed}"
    if len(columns) > 1:
        pair = " and ".join(columns)
        return f"{pair} are missing", "both of them, of the account, the premises or the class"
    return f"{columns[0]} is missing", "an amount with its days"
