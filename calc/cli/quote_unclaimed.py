"""`puccalc quote unclaimed`: unclaimed monies on a day, their interest and remittance, rule (q)."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from calc.cli.answer import accepted, load_law, load_rates, no_rate, other_readings, print_answer
from calc.cli.options import Json, parse_switches
from calc.cli.quote_options import (
    KINDS,
    Explain,
    Rate,
    RatesFile,
    Sensitivities,
    Service,
    Switches,
    TariffName,
    a_date,
    dollars,
    one_of,
)
from calc.errors import Reason
from calc.report.explaining import quote
from calc.report.explaining import unclaimed as report
from calc.topics import unclaimed as topic

if TYPE_CHECKING:
    from calc.report.explaining.quote import Outcome


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

    others = (
        other_readings(topic.TOPIC, law, result, ask, own_rates=bool(rate is not None or rates))
        if sensitivities
        else None
    )
    used = (table, table_name)
    print_answer("Unclaimed monies", result, law, steps, rates=used, others=others, explain=explain, json=json)
