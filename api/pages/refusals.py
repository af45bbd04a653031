"""Explain why the rules refuse a form, in a sentence at the field that can be changed."""

from collections.abc import Iterator

from api.answering.topics import Answer, ResolvedOptions
from api.pages.calculators import Calculator
from calc.columns.limit_estimates import months_needed, takes_months
from calc.columns.participant_years import EVENTS, what_events_take
from calc.errors import REASON_TEXTS, Reason
from calc.report.explaining.fixed_credit import class_of
from calc.units import format_percent, to_date

_BEFORE = "lies before the day on which it was received"
_OTHERWISE = {Reason.missing_value: "is missing: an amount and its days go together"}
_DATES = {
    "service_ended_date": "Service ended on",
    "order_payable_date": "Payable by order on",
    "paid_date": "Paid to the customer on",
    "remitted_date": "Remitted on",
    "through_date": "Through",
}


def refusals(calculator: Calculator, answer: Answer, options: ResolvedOptions) -> Iterator[tuple[str, str]]:
    """Explain each reason of a refused row.

    Args:
        calculator: The calculator that was asked.
        answer: An answer without a result.
        options: The tariff, switches and rates of the form.

    Yields:
        Field id and sentence, one pair per reason.
    """
    fields = {field.name: field for field in calculator.fields()}
    for reason, columns in answer.outcome.refusals:
        own = next((name for name in columns if name in fields), next(iter(fields)))
        name, text = _refusal(reason, columns, answer, options) or (
            own, f"{fields[own].label} {_OTHERWISE.get(reason) or f'is refused: {REASON_TEXTS[reason]}'}"
        )  # fmt: skip
        yield fields[name].id, text


def _refusal(
    reason: Reason, columns: tuple[str, ...], answer: Answer, options: ResolvedOptions
) -> tuple[str, str] | None:  # fmt: skip
    row = answer.outcome.row
    match reason:
        case _ if columns == (EVENTS,):
            return EVENTS, f"Events are refused: {REASON_TEXTS[reason]}; allowed: {what_events_take(reason)}"
        case Reason.date_order:
            early = next(name for name in columns if name != "received_date")
            return early, f"{_DATES[early]} {_BEFORE}"
        case Reason.no_rate_in_force if answer.rates:
            first, last = to_date(answer.rates.first_day), to_date(answer.rates.end_day - 1)
            whose = "The rates in force run" if options.rates is None else "The given rates run"
            return "through_date", f"{whose} from {first} through {last}: some of these days have no rate"
        case Reason.missing_value if len(columns) > 1 or columns == ("monthly_bill_cents",):
            return _too_little(answer)
        case Reason.share_outside_band | Reason.no_rule_band | Reason.out_of_range if "primary_heating" in row:
            return _band(reason, answer)
    return None


def _too_little(answer: Answer) -> tuple[str, str]:
    """Return the field and the sentence for input that a deposit limit lacks."""
    rule = answer.law.own.deposit_limit
    if takes_months(rule):
        months = months_needed(answer.outcome.row["bills_in_advance"], rule)
        return "monthly_bill_cents", f"Monthly bills are missing: this estimate takes at least {months} of them"
    return "billed_cents", "Billed and Days billed are missing: give both, of the account, the premises or the class"


def _band(reason: Reason, answer: Answer) -> tuple[str, str]:
    """Return the field and the sentence for a fixed credit's share, account class or copayments outside the rule."""
    row, own = answer.outcome.row, answer.law
    months = row["arrearage_months"] or own.terms.arrearage_months
    if reason is Reason.out_of_range and row["arrearage_elapsed_months"] >= months:
        return "arrearage_elapsed_months", "All months of arrearage credits have elapsed, and an arrearage is left"
    if reason is Reason.out_of_range:
        most = own.parameters("copayment_max_ppm")[0]
        return "arrearage_copay_cents", (
            f"Arrearage copayments are more than {format_percent(int(most.value))} % of the income, the most that "
            f"{most.citation.rule} allows"
        )
    account = class_of(row["service"], row["primary_heating"], row["regulated_gas"])
    if account is None:
        return "primary_heating", (
            "The rule sets no share of income for gas service with another primary heat: choose what LEAP found"
        )
    lowest, highest = own.parameters(f"{account}_lowest_ppm", f"{account}_highest_ppm")
    return "share_ppm", (
        f"Share of income lies outside {format_percent(int(lowest.value))} to {format_percent(int(highest.value))} %, "
        f"the band of {highest.citation.rule}"
    )
