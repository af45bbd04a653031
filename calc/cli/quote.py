"""`puccalc quote`: the commands, each the options of one row and the calculator that it asks.

What options are made of is `calc.cli.quote_options`; rules, rates, refusals and printing are `calc.cli.answer`'s.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from calc.cli.answer import accepted, load_law, load_rates, no_rate, other_readings, print_answer, today
from calc.cli.options import Json, count, fips, message, parse_switches, share_ppm
from calc.cli.quote_options import (
    ESTIMATES,
    HEATING,
    KINDS,
    Bills,
    Explain,
    Rate,
    RatesFile,
    Sensitivities,
    Service,
    Switches,
    TariffName,
    a_date,
    bills,
    command,
    dollars,
    one_of,
    option,
)
from calc.errors import Reason, UsageError
from calc.units import format_percent

if TYPE_CHECKING:
    from calc.report.quote import Outcome
    from calc.report.step import Law

app = typer.Typer(no_args_is_help=True, help="One deposit, account or participant; every step with --explain.")


@command(app, "interest", "--principal 200.00 --received 2024-01-01 --through 2025-01-01 --explain")
def interest(
    principal: Annotated[int, dollars("--principal", "The deposit, e.g. 200.00.")],
    received: Annotated[date, a_date("--received", "Day on which it was received.")],
    through: Annotated[date, a_date("--through", "Day to which it earns; by default this day does not count.")],
    rate: Rate = None,
    rates: RatesFile = None,
    service: Service = "electric",
    tariff: TariffName = "default",
    switches: Switches = None,
    explain: Explain = False,
    sensitivities: Sensitivities = False,
    json: Json = False,
) -> None:
    """Simple interest on a deposit, rule (o)."""
    law = load_law(through, service, tariff, parse_switches(switches))
    table, table_name = load_rates(law, rate, rates)
    from calc.report import interest as report  # noqa: PLC0415 - loads Polars
    from calc.report import quote  # noqa: PLC0415 - as above

    row = {"principal_cents": principal, "received_date": received, "through_date": through}
    texts = {
        Reason.date_order: "--through lies before --received: give the day of receipt or a later one",
        Reason.no_rate_in_force: no_rate(table, "--received to --through"),
    }
    answer = quote.interest([row], law=law, rates=table)[0]
    result = accepted(answer, texts)
    steps = report.steps(answer.row, result, law=law, rates=table)

    def ask(switches: Mapping[str, str]) -> "Outcome":
        other = load_law(through, service, tariff, switches)
        return quote.interest([row], law=other, rates=load_rates(other, rate, rates)[0])[0]

    topics = ("deposit_interest", *_annual_rate(rate, rates))
    others = other_readings(law, topics, result, ("interest_cents", "days"), ask) if sensitivities else None
    used = (table, table_name)
    print_answer("Interest on a deposit", result, law, steps, rates=used, others=others, explain=explain, json=json)


@command(app, "unclaimed", "--principal 200.00 --received 2022-03-01 --service-ended 2024-03-15 --through 2026-09-30")
def unclaimed(
    principal: Annotated[int, dollars("--principal", "The deposit or advance, e.g. 200.00.")],
    received: Annotated[date, a_date("--received", "Day of receipt; of an advance, the day it is owed.")],
    through: Annotated[date, a_date("--through", "As-of date: what is dated later has not happened.")],
    service_ended: Annotated[date | None, a_date("--service-ended", "Day on which service ended.")] = None,
    order_payable: Annotated[
        date | None, a_date("--order-payable", "Day on which a final Commission order made it payable.")
    ] = None,
    kind: Annotated[str, one_of("--kind", KINDS, "What the money is.")] = "deposit",
    no_efforts: Annotated[
        bool, typer.Option("--no-efforts", help="No reasonable efforts were made to locate the customer.")
    ] = False,
    paid: Annotated[date | None, a_date("--paid", "Day on which it was paid to the customer.")] = None,
    remitted: Annotated[date | None, a_date("--remitted", "Day on which it was remitted.")] = None,
    posted: Annotated[int | None, dollars("--posted", "Interest already paid or credited.")] = None,
    owed: Annotated[int | None, dollars("--owed", "What the customer owes.")] = None,
    no_interest_payable: Annotated[
        bool, typer.Option("--no-interest-payable", help="Construction advance: the tariff makes no interest payable.")
    ] = False,
    rate: Rate = None,
    rates: RatesFile = None,
    service: Service = "electric",
    tariff: TariffName = "default",
    switches: Switches = None,
    explain: Explain = False,
    sensitivities: Sensitivities = False,
    json: Json = False,
) -> None:
    """Unclaimed monies on a day: status, interest, surcharge and remittance, rule (q)."""
    law = load_law(through, service, tariff, parse_switches(switches))
    table, table_name = load_rates(law, rate, rates)
    from calc.report import quote  # noqa: PLC0415 - loads Polars
    from calc.report import unclaimed as report  # noqa: PLC0415 - as above

    row = {
        "service": service,
        "kind": kind,
        "principal_cents": principal,
        "received_date": received,
        "paid_date": paid,
        "remitted_date": remitted,
        "service_ended_date": service_ended,
        "order_payable_date": order_payable,
        "efforts_made": not no_efforts,
        "interest_payable": not no_interest_payable,
        "posted_cents": posted,
        "amounts_owed_cents": owed,
    }
    dates = {"--paid": paid, "--remitted": remitted}
    if kind == "deposit":
        dates |= {"--service-ended": service_ended, "--order-payable": order_payable}
    early = " and ".join(name for name, given in dates.items() if given and given < received)
    texts = {
        Reason.date_order: f"{early}: before --received; give the day of receipt or a later one",
        Reason.no_rate_in_force: no_rate(table, "--received to --through, or to what came first"),
    }
    answer = quote.unclaimed([row], law=law, rates=table, as_of=through)[0]
    result = accepted(answer, texts)
    steps = report.steps(answer.row, result, law=law, rates=table, as_of=through)

    def ask(switches: Mapping[str, str]) -> "Outcome":
        other = load_law(through, service, tariff, switches)
        return quote.unclaimed([row], law=other, rates=load_rates(other, rate, rates)[0], as_of=through)[0]

    topics = ("unclaimed", "deposit_interest", *_annual_rate(rate, rates))
    names = ("status", "remittance_cents", "interest_cents")
    others = other_readings(law, topics, result, names, ask) if sensitivities else None
    used = (table, table_name)
    print_answer("Unclaimed monies", result, law, steps, rates=used, others=others, explain=explain, json=json)


@command(app, "deposit-limit", "--billed 1460.00 --billed-days 365 --held 300.00")
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
        bool, typer.Option("--clean-past-service", help="Past service with records and no delinquency.")
    ] = False,
    good_payment_ended: Annotated[
        date | None, a_date("--good-payment-ended", "Last day of 12 consecutive months of good payment.")
    ] = None,
    assistance_last: Annotated[
        date | None, a_date("--assistance-last", "Last day of help by LEAP, an income-qualified program or EOC.")
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
    from calc.report import quote  # noqa: PLC0415 - loads Polars

    if quote.takes_months(rule):
        if monthly_bills is None or billed is not None or billed_days is not None:
            raise UsageError(f"the estimate {rule.estimate} takes --monthly-bills, and no --billed or --billed-days")
        months = quote.months_needed(in_advance, rule)
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
    }
    answer = quote.deposit_limit([row], law=law, on=on)[0]
    result = accepted(answer, {})
    steps = quote.deposit_limit_steps(answer, law)
    shown = {**result, "as_of_date": on, "as_of_source": "today" if applied is None else "applied"}

    def ask(switches: Mapping[str, str]) -> "Outcome | None":
        other = load_law(on, service, tariff, switches)
        if quote.takes_months(other.own.deposit_limit) != quote.takes_months(rule):
            return None  # the bills given are not what this estimate takes
        return quote.deposit_limit([row], law=other, on=on)[0]

    names = ("limit_cents", "excess_cents", "available_cents")
    others = other_readings(law, ("deposit_limit",), result, names, ask) if sensitivities else None
    print_answer("Deposit limit", shown, law, steps, others=others, explain=explain, json=json)


@command(
    app,
    "fixed-credit",
    "--service electric --primary-heating electric --income 18000.00 --household-size 3 --annual-bill 1800.00",
)
def fixed_credit(
    primary_heating: Annotated[str, one_of("--primary-heating", HEATING, "The primary heating fuel.")],
    income: Annotated[int, dollars("--income", "Gross income of the household in a year.")],
    household_size: Annotated[int, option("--household-size", count(1, 30), "COUNT", "Persons, 1 to 30.")],
    annual_bill: Annotated[int, dollars("--annual-bill", "Full annual bill at present standard rates.")],
    service: Service = "electric",
    share: Annotated[
        int | None, option("--share", share_ppm, "PERCENT", "Share of income, within the band; else the tariff's.")
    ] = None,
    as_of: Annotated[date | None, a_date("--as-of", "Day of the guidelines; today if not given.")] = None,
    county: Annotated[str | None, option("--county", fips, "FIPS", "County, e.g. 08031 (area median income).")] = None,
    leap_qualified: Annotated[bool, typer.Option("--leap-qualified", help="LEAP has found it qualified.")] = False,
    regulated_gas: Annotated[
        bool, typer.Option("--regulated-gas", help="Has gas service from a regulated utility, too.")
    ] = False,
    basis_bill: Annotated[
        int | None, dollars("--basis-bill", "Annual bill that the present credits rest on; none if new.")
    ] = None,
    months_remaining: Annotated[
        int | None, option("--months-remaining", count(0, 12), "COUNT", "Months left in the program year.")
    ] = None,
    leap_grant: Annotated[int | None, dollars("--leap-grant", "LEAP grant.")] = None,
    arrearage: Annotated[int | None, dollars("--arrearage", "Pre-existing arrearage.")] = None,
    arrearage_months: Annotated[
        int | None, option("--arrearage-months", count(1, 24), "COUNT", "Months of credits; else the tariff's.")
    ] = None,
    arrearage_copay: Annotated[
        int | None, dollars("--arrearage-copay", "Copayments in all; else the tariff's.")
    ] = None,
    tariff: TariffName = "default",
    switches: Switches = None,
    explain: Explain = False,
    sensitivities: Sensitivities = False,
    json: Json = False,
) -> None:
    """Bill and arrearage credits of a percentage-of-income participant, rules 3412 and 4412."""
    on = as_of or today()
    law = load_law(on, service, tariff, parse_switches(switches))
    from calc.report import fixed_credit as report  # noqa: PLC0415 - loads Polars
    from calc.report import quote  # noqa: PLC0415 - as above
    from calc.rules.guidelines import load_guidelines  # noqa: PLC0415 - reads the guideline files

    row = {
        "service": service,
        "primary_heating": primary_heating,
        "regulated_gas": regulated_gas,
        "household_income_cents": income,
        "household_size": household_size,
        "county_fips": county,
        "leap_qualified": leap_qualified,
        "full_annual_bill_cents": annual_bill,
        "share_ppm": share,
        "basis_bill_cents": basis_bill,
        "months_remaining": months_remaining,
        "leap_grant_cents": leap_grant,
        "arrearage_cents": arrearage,
        "arrearage_months": arrearage_months,
        "arrearage_copay_cents": arrearage_copay,
    }
    guidelines = load_guidelines()
    answer = quote.fixed_credit([row], law=law, as_of=on, guidelines=guidelines)[0]
    account = report.class_of(service, primary_heating, regulated_gas)
    result = accepted(answer, _credit_refusals(account, law))
    steps = report.steps(answer.row, result, law=law, as_of=on, guidelines=guidelines)
    if county is not None and county not in guidelines.ami_usd:
        message("--county is none of the guidelines' counties: the area median income was not tested; see its digits")
    if as_of is None:
        message(f"No --as-of was given: this is by the guidelines of today, {on}.")
    shown = {**result, "as_of_date": on, "as_of_source": "today" if as_of is None else "given"}

    def ask(switches: Mapping[str, str]) -> "Outcome":
        other = load_law(on, service, tariff, switches)
        return quote.fixed_credit([row], law=other, as_of=on, guidelines=guidelines)[0]

    names = ("affordable_annual_cents", "fixed_credit_annual_cents")
    others = other_readings(law, ("fixed_credit", "arrearage"), result, names, ask) if sensitivities else None
    print_answer("Fixed credit", shown, law, steps, others=others, explain=explain, json=json)


def _annual_rate(rate_ppm: int | None, file: Path | None) -> tuple[str, ...]:
    """The topic of the yearly rate, where a quote goes by it and not by rates of its own."""
    return ("annual_rate",) if rate_ppm is None and file is None else ()


def _credit_refusals(account: str | None, law: "Law") -> dict[Reason, str]:
    """What to say where the rule has no band for the account, or the share or the copayments exceed it."""
    most = law.parameters("copayment_max_ppm")[0]
    texts = {
        Reason.out_of_range: f"--arrearage-copay exceeds {format_percent(law.own.arrearage.copayment_max_ppm)} % of "
        f"--income, the most that {most.citation.rule} allows: give a smaller one"
    }
    if account is None:
        texts[Reason.no_rule_band] = (
            "--service gas with --primary-heating other: the rule sets no share of income for such an account; "
            "give the primary heat that LEAP found, gas or electric"
        )
        return texts
    lowest, highest = law.parameters(f"{account}_lowest_ppm", f"{account}_highest_ppm")
    texts[Reason.share_outside_band] = (
        f"--share lies outside the band of {account}, {format_percent(int(lowest.value))} to "
        f"{format_percent(int(highest.value))} percent by {highest.citation.rule}: give a share within it"
    )
    return texts
