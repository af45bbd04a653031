"""The four topics of quotes and batches: validated rows to answers, by `calc.report.quote`. One row or many alike.

Rows of one day (for interest: of days between which no rule changed) and one service are asked together. What a topic
is called in paths and what it takes stands in TOPICS.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from api import law, schemas
from api.problems import Item, Problem
from calc.columns.deposit_limit import takes_months
from calc.errors import UsageError
from calc.rates.table import RateRow, RateTable
from calc.report import fixed_credit as credit_report
from calc.report import interest as interest_report
from calc.report import quote
from calc.report import unclaimed as unclaimed_report
from calc.report.provenance import provenance
from calc.report.quote import Outcome
from calc.report.step import Law, Step, as_dicts
from calc.units import format_cents, format_percent


class Reading(NamedTuple):
    """What is said once for all rows: tariff, switches, and the given rates with their name (None: the shipped)."""

    tariff: str
    switches: law.Switches
    rates: RateTable | None
    rates_name: str

    def law(self, on: date, service: str) -> Law:
        """Rules of a service on a day; Problem for a switch's value, or two of them, that cannot be."""
        try:
            return Law(law.rules_on(on, self.tariff, self.switches), service)
        except UsageError:
            detail = "a switch cannot hold this value, or two of them do not go together; /v1/rules lists them"
            raise Problem("invalid-values", [Item("/switches", "unknown_value", detail)]) from None

    def table(self, of: Law) -> RateTable:
        """The given rates, or those in use."""
        return self.rates or law.rates_of(of.own.annual_rate)


class Answer(NamedTuple):
    """An outcome with the law of its own day and the rates it rests on; `steps` makes its working."""

    outcome: Outcome
    law: Law
    rates: RateTable | None
    provisional: bool
    more: Mapping[str, Any]
    steps: Callable[[], tuple[Step, ...]]


def reading(options: schemas.Options) -> Reading:
    """The reading that options ask for; Problem for a tariff that is not shipped."""
    if options.tariff not in law.tariffs():
        raise Problem("invalid-values", [Item("/tariff", "unknown_value", "no tariff of this name is shipped")])
    switches: dict[str, str] = {str(name): value for name, value in options.switches.items()}
    if isinstance(options, schemas.LimitOptions) and options.estimate is not None:
        switches["estimate"] = options.estimate
    rates, name = None, "shipped"
    if isinstance(options, schemas.RateOptions):
        if options.rate_ppm is not None:
            rates, name = RateTable.flat(options.rate_ppm), f"flat {format_percent(options.rate_ppm)} %"
        if options.rates is not None:
            rates, name = _given(options.rates), "given"
    return Reading(options.tariff, tuple(sorted(switches.items())), rates, name)


def _given(rows: Sequence[schemas.RateRow]) -> RateTable:
    days = [row.effective_from for row in rows]
    table = [
        RateRow(day, row.rate_ppm, "given", day, "given in the request") for day, row in zip(days, rows, strict=True)
    ]
    return RateTable(tuple(table), date(days[-1].year + 1, 1, 1), "given")


def today() -> date:
    """The day of a request that names none; its answer says so."""
    return datetime.now().astimezone().date()


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: its models, which rows are asked together, and how they are."""

    name: str
    title: str
    quote: type[Any]
    row: type[Any]
    batch: type[Any]
    options: type[schemas.Options]
    together: Callable[[Any], Hashable]
    ask: Callable[[Sequence[Any], Reading], list[Answer]]


def rendered(answer: Answer, asked: Reading, *, explain: bool) -> dict[str, Any]:
    """An answered row as JSON has it: the command line's keys, dollars as text beside cents, what it rests on."""
    found = shown(answer)
    name = asked.rates_name if answer.rates else ""
    found.update(provenance(answer.law.rules, answer.rates, name, provisional=answer.provisional))
    if explain:
        found["steps"] = as_dicts(answer.steps())
    return found


def shown(answer: Answer) -> dict[str, Any]:
    """The figures of an answered row."""
    found = {}
    for name, value in quote.plain({**(answer.outcome.result or {}), **answer.more}).items():
        found[name] = value
        if name.endswith("_cents"):
            dollars = list(map(_dollars, value)) if isinstance(value, list) else _dollars(value)
            found[name.removesuffix("_cents")] = dollars
    return found


_dollars: Final = lru_cache(maxsize=4_096)(format_cents)
"""Twelve monthly credits are one or two amounts."""


def _interest(rows: Sequence[schemas.InterestRow], asked: Reading) -> list[Answer]:
    values = [vars(row) for row in rows]
    laws = [asked.law(row.through_date, row.service) for row in rows]
    rates = asked.table(laws[0])

    def answer(outcome: Outcome, own: Law) -> Answer:
        provisional = quote.interest_is_provisional(outcome.row, law=own, rates=rates) if outcome.result else False

        def steps() -> tuple[Step, ...]:
            return interest_report.steps(outcome.row, outcome.result or {}, law=own, rates=rates)

        return Answer(outcome, own, rates, provisional, {}, steps)

    return [answer(*each) for each in zip(quote.interest(values, law=laws[0], rates=rates), laws, strict=True)]


def _unclaimed(rows: Sequence[schemas.UnclaimedRow], asked: Reading) -> list[Answer]:
    as_of = rows[0].through_date
    own = asked.law(as_of, rows[0].service)
    rates = asked.table(own)

    def answer(outcome: Outcome) -> Answer:
        result = outcome.result
        provisional = bool(result) and quote.unclaimed_is_provisional(
            outcome.row, result or {}, law=own, rates=rates, as_of=as_of
        )

        def steps() -> tuple[Step, ...]:
            return unclaimed_report.steps(outcome.row, result or {}, law=own, rates=rates, as_of=as_of)

        return Answer(outcome, own, rates, provisional, {}, steps)

    values = [vars(row) for row in rows]
    return [answer(outcome) for outcome in quote.unclaimed(values, law=own, rates=rates, as_of=as_of)]


def _deposit_limit(rows: Sequence[schemas.DepositLimitRow], asked: Reading) -> list[Answer]:
    on = rows[0].applied_date or today()
    own = asked.law(on, rows[0].service)
    more = {"as_of_date": on, "as_of_source": "applied" if rows[0].applied_date else "today"}

    def answer(outcome: Outcome) -> Answer:
        return Answer(outcome, own, None, False, more, lambda: quote.deposit_limit_steps(outcome, own))

    ignored = dict.fromkeys(uncounted(own))
    values = [{**vars(row), **ignored} for row in rows]
    return [answer(outcome) for outcome in quote.deposit_limit(values, law=own, on=on)]


def uncounted(own: Law) -> tuple[str, ...]:
    """Fields of a deposit limit that its estimate does not look at: it decides which bills count."""
    return _BY_DAYS if takes_months(own.own.deposit_limit) else ("monthly_bill_cents",)


def _fixed_credit(rows: Sequence[schemas.FixedCreditRow], asked: Reading) -> list[Answer]:
    on = rows[0].as_of_date or today()
    own = asked.law(on, rows[0].service)
    limits = law.guidelines()
    more = {"as_of_date": on, "as_of_source": "given" if rows[0].as_of_date else "today"}

    def answer(outcome: Outcome) -> Answer:
        def steps() -> tuple[Step, ...]:
            return credit_report.steps(outcome.row, outcome.result or {}, law=own, as_of=on, guidelines=limits)

        return Answer(outcome, own, None, False, more, steps)

    values = [vars(row) for row in rows]
    return [answer(outcome) for outcome in quote.fixed_credit(values, law=own, as_of=on, guidelines=limits)]


_BY_DAYS: Final = tuple(f"{of}billed_{unit}" for of in ("", "premises_", "class_") for unit in ("cents", "days"))

TOPICS: Final = {
    topic.name: topic
    for topic in (
        Topic(
            "interest", "Interest on a deposit, rule (o)", schemas.InterestQuote, schemas.InterestRow,
            schemas.InterestBatch, schemas.RateOptions, lambda row: (row.service, law.last_change(row.through_date)),
            _interest,
        ),
        Topic(
            "deposit-limit", "Deposit limit, rule (c)-(e), (j), (l)", schemas.DepositLimitQuote,
            schemas.DepositLimitRow, schemas.DepositLimitBatch, schemas.LimitOptions,
            lambda row: (row.service, row.applied_date), _deposit_limit,
        ),
        Topic(
            "unclaimed", "Unclaimed monies, rule (q)", schemas.UnclaimedQuote, schemas.UnclaimedRow,
            schemas.UnclaimedBatch, schemas.RateOptions, lambda row: (row.service, row.through_date), _unclaimed,
        ),
        Topic(
            "fixed-credit", "Bill and arrearage credits, rules 3412 and 4412", schemas.FixedCreditQuote,
            schemas.FixedCreditRow, schemas.FixedCreditBatch, schemas.Options,
            lambda row: (row.service, row.as_of_date), _fixed_credit,
        ),
    )
}  # fmt: skip
"""Topics by their name in paths."""
