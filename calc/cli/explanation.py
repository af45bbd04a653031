"""`puccalc explanation`: the written explanation of a required deposit or a denied application, rules (h)."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from calc.cli.answer import accepted, load_law
from calc.cli.options import amount_cents, count, day, message, parse_switches, word
from calc.cli.quote_options import Bills, amounts
from calc.cli.statement import Dated, Name, Out, Utility, write
from calc.errors import UsageError
from calc.rules.schema import SERVICES
from calc.statements import explanation as written_explanation
from calc.statements import paper
from calc.topics import deposit_limit
from calc.topics import topic as topics

if TYPE_CHECKING:
    from calc.report.explaining.quote import Outcome
    from calc.report.explaining.step import Law, Step

Service = Annotated[
    str, typer.Option("--service", parser=word(SERVICES), metavar="electric|gas", help="Whose rule applies.")
]
Tariff = Annotated[str, typer.Option("--tariff", metavar="NAME|FILE", help="The utility's tariff.")]
Switches = Annotated[
    list[str] | None, typer.Option("--set", metavar="SWITCH=VALUE", help="Another reading; repeatable.")
]


def explanation(
    out: Out,
    decided: Annotated[date, typer.Option("--decided", parser=day, metavar="DATE", help="Day of the decision.")],
    reason: Annotated[list[str], typer.Option("--reason", metavar="TEXT", help="Why, in a sentence; repeatable.")],
    deposit: Annotated[
        int | None, typer.Option("--deposit", parser=amount_cents, metavar="DOLLARS", help="The deposit required.")
    ] = None,
    billed: Annotated[
        int | None, typer.Option("--billed", parser=amount_cents, metavar="DOLLARS", help="Billed in --billed-days.")
    ] = None,
    billed_days: Annotated[
        int | None, typer.Option("--billed-days", parser=count(1, 1_000_000), metavar="DAYS", help="Days of --billed.")
    ] = None,
    monthly_bills: Annotated[
        Bills | None,
        typer.Option(
            "--monthly-bills",
            parser=amounts(amount_cents),
            metavar="DOLLARS,DOLLARS,...",
            help="With --set estimate=...",
        ),
    ] = None,
    held: Annotated[
        int | None, typer.Option("--held", parser=amount_cents, metavar="DOLLARS", help="Deposits held already.")
    ] = None,
    applied: Annotated[
        date | None, typer.Option("--applied", parser=day, metavar="DATE", help="By default the day of the decision.")
    ] = None,
    clean_past_service: Annotated[
        bool | None, typer.Option(help="Past service with records and no delinquency.")
    ] = None,
    assistance_now: Annotated[bool | None, typer.Option(help="Helped now by LEAP or such a program.")] = None,
    assistance_last: Annotated[
        date | None, typer.Option("--assistance-last", parser=day, metavar="DATE", help="Last day of such help.")
    ] = None,
    good_payment_ended: Annotated[
        date | None,
        typer.Option("--good-payment-ended", parser=day, metavar="DATE", help="End of 12 months of good payment."),
    ] = None,
    service: Service = "electric",
    name: Name = "",
    account: Annotated[str, typer.Option("--account", metavar="ID", help="The account.")] = "",
    utility: Utility = "",
    dated: Dated = None,
    tariff: Tariff = "default",
    switches: Switches = None,
    *,
    denied: Annotated[bool, typer.Option("--denied", help="The application for service is denied.")] = False,
    in_advance: Annotated[bool, typer.Option("--in-advance", help="Bills are payable in advance.")] = False,
) -> None:
    """Why a deposit is required or service is denied, with the day on which the explanation is due: 3403(h), 4403(h).

    A deposit is held against the limit and the grounds that bar one: exit 2 where it may not be asked for.
    """
    form = paper.form_of(out)
    if denied == (deposit is not None):
        raise UsageError("give one of --deposit DOLLARS and --denied")
    law = load_law(decided, service, tariff, parse_switches(switches))
    row = {
        "billed_cents": billed, "billed_days": billed_days, "monthly_bill_cents": monthly_bills, "held_cents": held,
        "bills_in_advance": in_advance, "clean_past_service": clean_past_service, "assistance_now": assistance_now,
        "assistance_last_date": assistance_last, "good_payment_ended_date": good_payment_ended,
    }  # fmt: skip
    decision = written_explanation.Decision(decided, tuple(reason), deposit)
    limit = None
    if billed is not None or monthly_bills is not None:
        limit = _limit(law, {**row, "applied_date": applied or decided, "service": service}, applied or decided)
        if limit[0].result and limit[0].result["may_ask"] == "not_checked" and not denied:
            message("Nothing was said of what may bar a deposit: see --clean-past-service and the options beside it.")
    elif not denied:
        message("The deposit is not held against the limit: give --billed and --billed-days.")
    due = written_explanation.due_date(decision, law)
    if dated and dated > due:
        message(f"{dated} is after {due}, the day on which the explanation is due.")
    made = written_explanation.explanation(
        decision, law, limit, name=name, account=account, utility=utility, dated=dated
    )
    write(made, form, out)
    message(f"Provide it by {due}.")


def _limit(law: "Law", given: dict[str, object], on: date) -> "tuple[Outcome, tuple[Step, ...]]":
    """Ask the topic of the deposit limit; raise what a quote would."""
    topic = deposit_limit.TOPIC
    row = {field.name: given.get(field.name) for field in topic.fields()}
    question = topics.Question(law, on)
    if wanting := topic.incomplete(row, question, _named):
        raise UsageError(wanting)
    outcome = topic.outcomes([row], question)[0]
    accepted(topic, outcome, question, _named)
    return outcome, topic.steps(outcome, question)


def _named(name: str) -> str:
    """Return the option of a field."""
    for unit in ("_cents", "_date"):
        name = name.removesuffix(unit)
    named = {"monthly_bill": "--monthly-bills", "bills_in_advance": "--in-advance", "estimate": "--set estimate"}
    return named.get(name, f"--{name.replace('_', '-')}")
