"""`puccalc quote interest`: simple interest on a deposit between two days, rule (o)."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated

from calc.cli.answer import accepted, load_law, load_rates, no_rate, other_readings, print_answer
from calc.cli.options import Json, parse_switches
from calc.cli.quote_options import (
    Explain,
    Rate,
    RatesFile,
    Sensitivities,
    Service,
    Switches,
    TariffName,
    a_date,
    dollars,
)
from calc.errors import Reason
from calc.report.explaining import interest as report
from calc.report.explaining import quote
from calc.topics import interest as topic

if TYPE_CHECKING:
    from calc.report.explaining.quote import Outcome


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

    others = (
        other_readings(topic.TOPIC, law, result, ask, own_rates=bool(rate is not None or rates))
        if sensitivities
        else None
    )
    used = (table, table_name)
    print_answer("Interest on a deposit", result, law, steps, rates=used, others=others, explain=explain, json=json)
