"""`puccalc quote installment-plan` and `budget-billing`: payment plans, proposed rule 3404(d), (h)."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from calc.cli.answer import accepted, load_law, print_answer, today
from calc.cli.options import Json, count, parse_switches
from calc.cli.quote_options import Explain, Service, Switches, TariffName, a_date, dollars, option
from calc.columns import allowed
from calc.errors import Reason
from calc.topics import table, topic

if TYPE_CHECKING:
    from calc.report.explaining.quote import Outcome

AsOf = Annotated[date | None, a_date("--as-of", "Day of the rules; by default today.")]


def installment_plan(
    due: Annotated[int, dollars("--due", "What is due, e.g. 480.00.")],
    months: Annotated[int | None, option("--months", count(1, 12), "COUNT", "Monthly installments, 1 to 12.")] = None,
    down_payment: Annotated[
        int | None, dollars("--down-payment", "Down payment; by default the least that the rule asks for.")
    ] = None,
    undercharge_months: Annotated[
        int | None,
        option("--undercharge-months", count(1, 120), "COUNT", "Months for which errors of the utility ran."),
    ] = None,
    as_of: AsOf = None,
    service: Service = "electric",
    tariff: TariffName = "default",
    switches: Switches = None,
    explain: Explain = False,
    json: Json = False,
) -> None:
    """Down payment and equal monthly installments of an amount due, proposed rule 3404(d), (h)."""
    row = {
        "service": service,
        "due_cents": due,
        "months": months,
        "down_payment_cents": down_payment,
        "undercharge_months": undercharge_months,
    }
    _answer("installment-plan", row, as_of, tariff, parse_switches(switches), explain=explain, json=json)


def budget_billing(
    last_year_billed: Annotated[
        int, dollars("--last-year-billed", "Last year's billing to the premises, adjusted for changes of rates.")
    ],
    arrears: Annotated[int | None, dollars("--arrears", "Arrears that the plan takes in.")] = None,
    actual_billed: Annotated[
        int | None, dollars("--actual-billed", "Actual charges of the plan's year, once they are known.")
    ] = None,
    as_of: AsOf = None,
    service: Service = "electric",
    tariff: TariffName = "default",
    switches: Switches = None,
    explain: Explain = False,
    json: Json = False,
) -> None:
    """Eleven equal payments and the settlement of the twelfth month, proposed rule 3404(h)."""
    row = {
        "service": service,
        "last_year_billed_cents": last_year_billed,
        "arrears_cents": arrears,
        "actual_billed_cents": actual_billed,
    }
    _answer("budget-billing", row, as_of, tariff, parse_switches(switches), explain=explain, json=json)


def _answer(
    name: str, row: Mapping[str, Any], as_of: date | None, tariff: str, switches: Mapping[str, str], *, explain: bool,
    json: bool,
) -> None:  # fmt: skip
    """Answer one row of a topic and print it."""
    on = as_of or today()
    asked, of = topic.Question(load_law(on, row["service"], tariff, switches), on), table.TOPICS[name]
    (outcome,) = of.outcomes([row], asked)
    result = accepted(outcome, _texts(name, outcome))
    shown = {**result, "as_of_date": on, "as_of_source": "today" if as_of is None else "given"}
    print_answer(of.title, shown, asked.law, of.steps(outcome, asked), explain=explain, json=json)


def _texts(name: str, outcome: "Outcome") -> dict[Reason, str]:
    """Say for each reason of a refused row which option it is about and what is allowed there."""
    dataset = table.TOPICS[name].dataset
    found = {}
    for reason, columns in outcome.refusals:
        option_name = f"--{columns[0].removesuffix('_cents').replace('_', '-')}"
        within = allowed.allowed_for(dataset, reason, columns, columns[0].removesuffix("_cents"))
        wrong = "is missing" if reason is Reason.missing_value else "is refused"
        found[reason] = f"{option_name}: {wrong}; give {within}"
    return found
