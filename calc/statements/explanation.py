"""Write why a deposit is required, or why an application for service is denied: rules 3403(h) and 4403(h).

Input: the utility's decision and its reasons, and what was asked of the deposit limit. Output: a `Paper` with the day
on which it is due, the limit that the deposit keeps, and the rules' words. A deposit above the limit, or one that a
ground bars, is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from calc.errors import UsageError
from calc.report.explaining.quote import Outcome
from calc.report.explaining.step import Law, Step
from calc.report.letter.dates import long_date
from calc.rules.citation import authority
from calc.rules.holidays import business_days_after, day_off
from calc.statements.deposit_terms import INTEREST, return_sentence
from calc.statements.paper import Column, Paper, Section, citations, dollars

_STATUTE = "crs-2-4-108"


@dataclass(frozen=True, slots=True)
class Decision:
    """Hold a utility's decision.

    Attributes:
        decided_date: Day of the decision.
        reasons: Why, each in a sentence.
        deposit_cents: The deposit that is required; None if the application is denied.
    """

    decided_date: date
    reasons: tuple[str, ...]
    deposit_cents: int | None


def due_date(decision: Decision, law: Law) -> date:
    """Return the last day on which the explanation may be provided."""
    return business_days_after(decision.decided_date, law.own.deposit_limit.explanation_business_days)[-1]


def explanation(
    decision: Decision,
    law: Law,
    limit: tuple[Outcome, tuple[Step, ...]] | None = None,
    *,
    name: str = "",
    account: str = "",
    utility: str = "",
    dated: date | None = None,
) -> Paper:
    """Write the explanation.

    Args:
        decision: The decision.
        law: The rules of the service on that day.
        limit: What the topic `deposit-limit` says, with its steps; None if nothing was billed that could be estimated.
        name: The applicant's name; empty: not given.
        account: The account; empty: not given.
        utility: The utility's name; empty leaves a line to fill in.
        dated: The paper's date; None leaves a line to fill in.

    Raises:
        UsageError: There is no reason, or the rules do not let the utility ask for the deposit.
    """
    if not decision.reasons:
        raise UsageError("rule (h): the explanation states the reasons; give at least one")
    if limit:
        _check_allowed(decision, limit[0])
    steps = limit[1] if limit else ()
    denied = decision.deposit_cents is None
    return Paper(
        subject="Why your application for service is denied" if denied else "Why a deposit is required",
        sender=utility,
        to=tuple(line for line in (name, f"Account {account}" if account else "") if line),
        dated=long_date(dated) if dated else "",
        facts=tuple(_facts(decision, law, limit)),
        paragraphs=tuple(_paragraphs(decision, law)),
        sections=(
            Section("The reasons", columns=(Column("No."), Column("Reason", "wide")), rows=_numbered(decision.reasons)),
            *([_limit_section(steps)] if steps and not denied else []),
            _due_section(decision, law),
            citations(_cited(law, steps, denied=denied)),
        ),
        made=dated or decision.decided_date,
        signed=True,
    )


def _check_allowed(decision: Decision, outcome: Outcome) -> None:
    result, asked = outcome.result or {}, decision.deposit_cents
    if asked is None:
        return
    if result["may_ask"] == "no":
        grounds = "; ".join(f"{each['ground'].replace('_', ' ')}, {each['citation']}" for each in result["barred"])
        raise UsageError(f"no deposit may be required: {grounds}")
    if asked > result["available_cents"]:
        raise UsageError(
            f"a deposit of {dollars(asked)} is above what may still be asked for: the limit of "
            f"{dollars(result['limit_cents'])} less what is held leaves {dollars(result['available_cents'])}"
        )


def _facts(
    decision: Decision, law: Law, limit: tuple[Outcome, tuple[Step, ...]] | None
) -> Iterator[tuple[str, str]]:  # fmt: skip
    if decision.deposit_cents is None:
        yield "Decision", "Application for service denied"
    else:
        yield "Deposit required", dollars(decision.deposit_cents)
    if limit and limit[0].result and decision.deposit_cents is not None:
        days = law.own.deposit_limit.limit_days
        if limit[0].row["bills_in_advance"]:
            days = law.own.deposit_limit.limit_in_advance_days
        yield f"At most, an estimated {days} days' bill", dollars(limit[0].result["limit_cents"])
    yield "Service", law.service.capitalize()
    yield "Decided on", long_date(decision.decided_date)
    yield "This explanation is due by", long_date(due_date(decision, law))


def _paragraphs(decision: Decision, law: Law) -> Iterator[str]:
    if decision.deposit_cents is None:
        yield (
            f"On {long_date(decision.decided_date)} the utility denied your application for {law.service} service. The "
            "reasons are stated below."
        )
        return
    yield (
        f"On {long_date(decision.decided_date)} the utility decided that it requires a deposit of "
        f"{dollars(decision.deposit_cents)} as a condition of {law.service} service. The reasons are stated below."
    )
    yield (
        "The deposit may be paid in installments. In its place you may offer a third-party guarantee of no more than "
        "the same amount, under the utility's tariff."
    )
    yield f"{INTEREST} {return_sentence(law)}"


def _numbered(reasons: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((str(number), reason) for number, reason in enumerate(reasons, 1))


def _limit_section(steps: tuple[Step, ...]) -> Section:
    rows = []
    for step in steps:
        cents = [value for name, value in step.figures.items() if name.endswith("_cents")]
        rounding = ", rounded down to the cent" if step.rounding == "down" else ""
        figure = dollars(cents[-1]) if cents and isinstance(cents[-1], int) else ""
        rows.append((step.label[0].upper() + step.label[1:], f"{step.formula}{rounding}", figure))
    return Section(
        "How much may be asked for",
        columns=(Column("Step"), Column("Working", "wide"), Column("Dollars", "number")),
        rows=tuple(rows),
    )


def _due_section(decision: Decision, law: Law) -> Section:
    """List the days from the decision to the due date, with those that are no business days."""
    days = business_days_after(decision.decided_date, law.own.deposit_limit.explanation_business_days)
    span = [decision.decided_date + timedelta(days=each) for each in range((days[-1] - decision.decided_date).days + 1)]
    rows = [
        (
            f"{_WEEKDAYS[day.weekday()]}, {long_date(day)}",
            f"business day {days.index(day) + 1}" if day in days else day_off(day) or "the decision; not counted",
        )
        for day in span
    ]
    rows[0] = (rows[0][0], "the decision; not counted")
    return Section(
        "When this explanation is due", columns=(Column("Day"), Column("Counts as", "wide")), rows=tuple(rows)
    )


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _cited(law: Law, steps: tuple[Step, ...], *, denied: bool) -> list[tuple[str, str]]:
    labels = ("(h)",) if denied else ("(h)", "(j)", "(l)", "(o)(I)", "(p)(IV)")
    passages = law.passages("explanation_business_days", *labels)
    grounds = [passage for step in steps for passage in step.passages]
    statute = authority(_STATUTE)
    return [
        *((each.rule, each.quote) for each in (*passages, *grounds)),
        (f"{statute.citation}(1)", statute.paragraphs["(1)"]),
    ]
