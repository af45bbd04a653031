"""`puccalc quote deposit-limit`: what may be held, what bars a deposit or makes it due back, rule (c)-(e), (j), (l)."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from calc.cli.answer import accepted, load_law, other_readings, print_answer, today
from calc.cli.options import Json, count, parse_switches
from calc.cli.quote_options import (
    ESTIMATES,
    Bills,
    Explain,
    Sensitivities,
    Service,
    Switches,
    TariffName,
    a_date,
    bills,
    dollars,
    one_of,
    option,
)
from calc.columns import deposit_limit as limit_columns
from calc.errors import UsageError
from calc.report.explaining import quote
from calc.topics import deposit_limit as topic

if TYPE_CHECKING:
    from calc.report.explaining.quote import Outcome


def deposit_limit(
    billed: Annotated[int | None, dollars("--billed", "What was billed, e.g. 1460.00.")] = None,
    billed_days: Annotated[
        int | None, option("--billed-days", count(1, 36_600), "DAYS", "The days that --billed covers, e.g. 365.")
    ] = None,
    in_advance: Annotated[bool, typer.Option("--in-advance", help="Bills are payable in advance of service.")] = False,
    held: Annotated[int | None, dollars("--held", "All that is held of the customer for this service.")] = None,
    late_payments: Annotated[
        int | None, option("--late-payments", count(0, 10_000), "COUNT", "Late payments in the last 12 months.")
    ] = None,
    monthly_bills: Annotated[
        Bills | None, option("--monthly-bills", bills, "DOLLARS,DOLLARS,...", "Monthly bills, oldest first.")
    ] = None,
    estimate: Annotated[str | None, one_of("--estimate", ESTIMATES, "How the bill is estimated.")] = None,
    applied: Annotated[date | None, a_date("--applied", "Day of the application for service.")] = None,
    clean_past_service: Annotated[
        bool | None,
        typer.Option(
            "--clean-past-service/--no-clean-past-service", help="Past service with records and no delinquency."
        ),
    ] = None,
    good_payment_ended: Annotated[
        date | None, a_date("--good-payment-ended", "Last day of 12 consecutive months of good payment.")
    ] = None,
    assistance_last: Annotated[
        date | None, a_date("--assistance-last", "Last day of help by LEAP, an income-qualified program or EOC.")
    ] = None,
    assistance_now: Annotated[
        bool | None, typer.Option("--assistance-now/--no-assistance-now", help="Such help goes on, with no day named.")
    ] = None,
    return_qualified: Annotated[
        date | None,
        a_date("--return-qualified", "Day on which the records first showed 12 months with few late payments."),
    ] = None,
    service: Service = "electric",
    tariff: TariffName = "default",
    switches: Switches = None,
    explain: Explain = False,
    sensitivities: Sensitivities = False,
    json: Json = False,
) -> None:
    """How much may be held as a deposit, and what bars one, rule (c)-(e), (j), (l)."""
    if (good_payment_ended or assistance_last) and applied is None:
        raise UsageError("--good-payment-ended and --assistance-last are counted from --applied: give it as well")
    given = parse_switches(switches)
    if estimate is not None and given.setdefault("estimate", estimate) != estimate:
        raise UsageError("--estimate and --set estimate=... differ: keep one of them")
    on = applied or today()
    law = load_law(on, service, tariff, given)
    rule = law.own.deposit_limit
    if limit_columns.takes_months(rule):
        if monthly_bills is None or billed is not None or billed_days is not None:
            raise UsageError(f"the estimate {rule.estimate} takes --monthly-bills, and no --billed or --billed-days")
        months = limit_columns.months_needed(in_advance, rule)
        if len(monthly_bills) < months:
            raise UsageError(f"--monthly-bills: the estimate {rule.estimate} takes at least {months} of them")
    elif billed is None or billed_days is None or monthly_bills is not None:
        raise UsageError(
            "the estimate average_daily takes --billed and --billed-days, and no --monthly-bills: give both, "
            "or --monthly-bills with --estimate monthly_average or peak_consecutive"
        )
    row = {
        "service": service,
        "billed_cents": billed,
        "billed_days": billed_days,
        "bills_in_advance": in_advance,
        "late_payments_12m": late_payments,
        "held_cents": held,
        "monthly_bill_cents": monthly_bills,
        "clean_past_service": clean_past_service,
        "good_payment_ended_date": good_payment_ended,
        "assistance_last_date": assistance_last,
        "assistance_now": assistance_now,
        "return_qualified_date": return_qualified,
    }
    answer = quote.deposit_limit([row], law=law, on=on)[0]
    result = accepted(answer, {})
    steps = quote.deposit_limit_steps(answer, law)
    shown = {**result, "as_of_date": on, "as_of_source": "today" if applied is None else "applied"}

    def ask(switches: Mapping[str, str]) -> "Outcome | None":
        other = load_law(on, service, tariff, switches)
        if limit_columns.takes_months(other.own.deposit_limit) != limit_columns.takes_months(rule):
            return None  # the bills given are not what this estimate takes
        return quote.deposit_limit([row], law=other, on=on)[0]

    others = other_readings(topic.TOPIC, law, result, ask) if sensitivities else None
    print_answer("Deposit limit", shown, law, steps, others=others, explain=explain, json=json)
