"""`puccalc quote fixed-credit`: what a participant of the percentage-of-income program is credited, 3412 and 4412."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from calc.cli.answer import accepted, load_law, other_readings, print_answer, today
from calc.cli.options import Json, count, fips, message, parse_switches, share_ppm
from calc.cli.quote_options import (
    HEATING,
    Explain,
    Sensitivities,
    Service,
    Switches,
    TariffName,
    a_date,
    dollars,
    one_of,
    option,
)
from calc.errors import Reason
from calc.report.explaining import fixed_credit as report
from calc.report.explaining import quote
from calc.rules import guidelines as income_guidelines
from calc.topics import fixed_credit as topic
from calc.units import format_percent

if TYPE_CHECKING:
    from calc.report.explaining.quote import Outcome
    from calc.report.explaining.step import Law


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
    guidelines = income_guidelines.load_guidelines()
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

    others = other_readings(topic.TOPIC, law, result, ask) if sensitivities else None
    print_answer("Fixed credit", shown, law, steps, others=others, explain=explain, json=json)


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
