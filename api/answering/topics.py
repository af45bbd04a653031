"""Answer validated rows of quotes and batches.

Rows of one service and one date (for interest: of dates between which no rule changed) are calculated together. What a
topic takes and how it is calculated is declared in `calc.topics`.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple

from api.answering import law
from api.http.problems import Item, Problem
from api.models import schemas
from api.models.explanation import SCHEMA
from calc.columns.dataset import Holds
from calc.errors import NoRuleError, RatesMissingError, UsageError
from calc.rates.computing.table import RateRow, RateTable
from calc.report.explaining import quote
from calc.report.explaining.provenance import provenance
from calc.report.explaining.quote import Outcome
from calc.report.explaining.step import Law, Step, as_dicts
from calc.report.explaining.text import is_records
from calc.rules.jurisdictions import COLORADO
from calc.topics.table import TOPICS as DECLARED
from calc.topics.topic import Question
from calc.topics.topic import Topic as Declared
from calc.units import format_cents, format_percent


class ResolvedOptions(NamedTuple):
    """Hold the options of a request: tariff, switches, and given rates (None: the shipped ones) with their name."""

    tariff: str
    switches: law.Switches
    rates: RateTable | None
    rates_name: str
    jurisdiction: str = COLORADO

    def law(self, on: date, service: str) -> Law:
        """Return the rules of a service on a date; raise Problem if switches cannot have these values."""
        try:
            return Law(law.rules_on(on, self.tariff, self.switches, self.jurisdiction), service)
        except UsageError:
            detail = "a switch cannot hold this value, or two of them do not go together; /v1/rules lists them"
            raise Problem("invalid-values", [Item("/switches", "unknown_value", detail)]) from None

    def table(self, of: Law) -> RateTable:
        """Return the given rates, or those in use under a law; raise Problem if the jurisdiction has none."""
        try:
            return self.rates or law.rates_in(of.rules, of.service)
        except RatesMissingError:
            detail = "no rate of this jurisdiction is at hand: give rate_ppm or rates"
            raise Problem("rates-missing", [Item("/jurisdiction", "no_rate_in_force", detail)]) from None

    def required(self, topic: Declared, of: Law) -> None:
        """Raise Problem, naming the topic, if the jurisdiction has no rule for it."""
        try:
            topic.require(of)
        except NoRuleError as error:
            wanting = f"{error.jurisdiction} has no rule for {error.topic.replace('_', ' ')}"
            detail = f"{wanting}; /v1/jurisdictions shows what each has"
            raise Problem("refused-by-rules", [Item("/jurisdiction", "no_rule", detail)]) from None


class Answer(NamedTuple):
    """Hold an outcome, the law of its own date, the rates it rests on; `steps` explains it."""

    outcome: Outcome
    law: Law
    rates: RateTable | None
    provisional: bool
    more: Mapping[str, Any]
    steps: Callable[[], tuple[Step, ...]]


def resolve(options: schemas.Options) -> ResolvedOptions:
    """Resolve the jurisdiction, tariff, switches and rates of options; raise Problem if one is not shipped."""
    if options.jurisdiction not in law.jurisdictions():
        detail = "there is no jurisdiction of this id; /v1/jurisdictions lists them"
        raise Problem("invalid-values", [Item("/jurisdiction", "unknown_value", detail)])
    if options.tariff not in law.tariffs_of(options.jurisdiction):
        raise Problem("invalid-values", [Item("/tariff", "unknown_value", "no tariff of this name is shipped")])
    switches: dict[str, str] = {str(name): value for name, value in options.switches.items()}
    for name in options.choices:
        if (value := getattr(options, name)) is not None:
            switches[name] = value
    rates, rates_name = None, "shipped"
    if isinstance(options, schemas.RateOptions):
        if options.rate_ppm is not None:
            rates, rates_name = RateTable.flat(options.rate_ppm), f"flat {format_percent(options.rate_ppm)} %"
        if options.rates is not None:
            rates, rates_name = _given(options.rates), "given"
    return ResolvedOptions(options.tariff, tuple(sorted(switches.items())), rates, rates_name, options.jurisdiction)


def _given(rows: Sequence[schemas.RateRow]) -> RateTable:
    days = [row.effective_from for row in rows]
    table = [
        RateRow(day, row.rate_ppm, "given", day, "given in the request") for day, row in zip(days, rows, strict=True)
    ]
    return RateTable(tuple(table), date(days[-1].year + 1, 1, 1), "given")


def today() -> date:
    """Return today's date, which is used if a request gives none; the answer says so."""
    return datetime.now().astimezone().date()


class Topic:
    """Answer rows of a topic that its request models have validated."""

    def __init__(self, declared: Declared) -> None:
        """Look up the topic's models."""
        self.declared = declared
        self.name, self.title = declared.name, declared.meaning
        self.row, self.quote, self.batch, self.options = schemas.MODELS[declared.name]
        self._records = [each.name for each in declared.fields() if each.column.holds is Holds.RECORDS]

    def together(self, row: Any) -> Hashable:  # noqa: ANN401 - a row of the topic's own model
        """Return a key, equal for rows that may be calculated together: service, and date or rules of the date."""
        day = getattr(row, self.declared.day)
        return row.service, law.last_change(day, self.declared.rules) if self.declared.day_of_each_row else day

    def ask(self, rows: Sequence[Any], options: ResolvedOptions) -> list[Answer]:
        """Answer rows that have the same key `together`, in their order."""
        topic, service = self.declared, rows[0].service
        named = getattr(rows[0], topic.day)
        on = named or today()
        own = options.law(on, service)
        options.required(topic, own)
        rates = options.table(own) if topic.rests_on_rates else None
        question = Question(own, on, rates, law.guidelines)
        more = {"as_of_date": on, "as_of_source": topic.day_source if named else "today"} if topic.day_source else {}
        outcomes = topic.outcomes([self._values(row) for row in rows], question)
        if not topic.day_of_each_row or len(rows) == 1:
            return [self._answer(outcome, question, more) for outcome in outcomes]
        days = [getattr(row, topic.day) for row in rows]
        questions = [question._replace(law=options.law(day, service), on=day) for day in days]
        return [self._answer(*each, more) for each in zip(outcomes, questions, strict=True)]

    def _values(self, row: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a row of the topic's own model
        """Return a row's values by name, and those of the records that it holds."""
        return {**vars(row), **{name: [vars(each) for each in getattr(row, name)] for name in self._records}}

    def _answer(self, outcome: Outcome, question: Question, more: Mapping[str, Any]) -> Answer:
        provisional = outcome.result is not None and self.declared.is_provisional(outcome, question)
        steps = partial(self.declared.steps, outcome, question)
        return Answer(outcome, question.law, question.rates, provisional, more, steps)


def rendered(answer: Answer, options: ResolvedOptions, *, explain: bool) -> dict[str, Any]:
    """Return an answered row as JSON: the command line's keys, dollars as text beside cents, provenance."""
    found = figures_of(answer)
    name = options.rates_name if answer.rates else ""
    found.update(with_version(provenance(answer.law.rules, answer.rates, name, provisional=answer.provisional)))
    if explain:
        found["steps"] = as_dicts(answer.steps())
        found["steps_schema"] = SCHEMA
    return found


def with_version(rests_on: dict[str, Any]) -> dict[str, Any]:
    """Return what a result rests on with the two keys that a client compares: jurisdiction and version of its rules."""
    of = rests_on["provenance"]
    return {"jurisdiction": of["jurisdiction"], "rules_version": of["rules_sha256"], **rests_on}


def figures_of(answer: Answer) -> dict[str, Any]:
    """Return the figures of an answered row."""
    return _with_dollars(quote.plain({**(answer.outcome.result or {}), **answer.more}))


def _with_dollars(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Return figures with dollars as text beside cents, those of records too."""
    found = {}
    for name, value in figures.items():
        found[name] = list(map(_with_dollars, value)) if is_records(value) else value
        if name.endswith("_cents"):
            dollars = list(map(_dollars, value)) if isinstance(value, list) else _dollars(value)
            found[name.removesuffix("_cents")] = dollars
    return found


_dollars: Final = lru_cache(maxsize=4_096)(format_cents)
"""Formats cents; cached because twelve monthly credits are one or two amounts."""


TOPICS: Final = {name: Topic(declared) for name, declared in DECLARED.items()}
"""Topics by name in paths."""
