"""The calculators as one call each, for a notebook: frame in, results and refused rows out, shipped rules and rates.

Rows come as a frame of Polars (lazy or not) or pandas or as an Arrow table; the day as a date or as text YYYY-MM-DD.
Whatever else they are is a TypeError that says what was expected. A topic that has no function below has one that is
made of it, under its name.

The service asks the same topics (`calc.topics`), and the nightly run calls the same `calc.columns` functions, with
rules and rates that they loaded themselves.
"""

from collections.abc import Callable, Mapping
from datetime import date
from inspect import cleandoc
from typing import Any, NamedTuple, TypeVar

import polars as pl

from calc.columns import participant_year as year_columns
from calc.columns.contract import PARTICIPANT_EVENTS, PARTICIPANTS, Dataset
from calc.columns.description import docstring
from calc.columns.docstring_examples import example_lines
from calc.columns.notebook_input import day_of, frame_of
from calc.columns.refusals import Refusal, names_in, refused_rows
from calc.kernels.arrays import Int64
from calc.rates.computing.table import RateTable
from calc.rates.ruled.in_force import rates_in_force
from calc.report.explaining.step import Law
from calc.rules.jurisdictions import COLORADO
from calc.rules.resolve import load_rules
from calc.topics import interest as interest_topic
from calc.topics import participant_year as year_topic
from calc.topics import unclaimed as unclaimed_topic
from calc.topics.table import TOPICS
from calc.topics.topic import Question, Topic


class Calculation(NamedTuple):
    """Results of the good rows; the refused ones with row (1-based), columns as they came, reasons (codes).

    Beside each reason, reason_columns names the columns that it is about and reason_allowed says what they may hold.
    """

    results: pl.DataFrame
    quarantine: pl.DataFrame


class YearCalculation(NamedTuple):
    """Twelve rows for each good participant; the refused participants and the refused events as in `Calculation`."""

    results: pl.DataFrame
    quarantine: pl.DataFrame
    quarantined_events: pl.DataFrame


_Function = TypeVar("_Function", bound=Callable[..., Calculation | YearCalculation])


def _documented(topic: Topic) -> Callable[[_Function], _Function]:
    """Decorator of a function whose docstring goes on with its topic's columns, results and example."""

    def decorate(function: _Function) -> _Function:
        example = "\n".join(example_lines(topic.name, topic.frame_example) if topic.frame_example else ())
        parts = (cleandoc(function.__doc__ or ""), docstring(topic.dataset, topic.more_columns), example)
        function.__doc__ = "\n\n".join(filter(None, parts)) + "\n"
        return function

    return decorate


@_documented(interest_topic.TOPIC)
def interest(
    frame: Any,  # noqa: ANN401 - whatever `frame_of` takes
    *,
    as_of: date | str,
    service: str = "electric",
    rates: RateTable | None = None,
    switches: Mapping[str, str] | None = None,
    jurisdiction: str = COLORADO,
    threads: int = 1,
) -> Calculation:
    """Interest on principal_cents from received_date to through_date under the rules in force on `as_of`, rule (o)."""
    law = Law(load_rules(day_of(as_of), switches=switches, jurisdiction=jurisdiction), service)
    return _calculated(interest_topic.TOPIC, frame, as_of, law, rates, threads)


@_documented(unclaimed_topic.TOPIC)
def unclaimed(
    frame: Any,  # noqa: ANN401 - as above
    *,
    as_of: date | str,
    rates: RateTable | None = None,
    switches: Mapping[str, str] | None = None,
    jurisdiction: str = COLORADO,
    threads: int = 1,
) -> Calculation:
    """Status, interest, surcharge and remittance of deposits and advances on a day, rule (o) and (q)-(s)."""
    law = Law(load_rules(day_of(as_of), switches=switches, jurisdiction=jurisdiction), "electric")
    return _calculated(unclaimed_topic.TOPIC, frame, as_of, law, rates, threads)


@_documented(year_topic.TOPIC)
def participant_year(
    frame: Any,  # noqa: ANN401 - as above
    events: Any = None,  # noqa: ANN401 - as above
    *,
    as_of: date | str,
    tariff: str = "default",
    switches: Mapping[str, str] | None = None,
    threads: int = 1,
) -> YearCalculation:
    """Twelve bills of each participant with what happens in between, rules 3412 and 4412.

    `frame` has the columns below but `events`; these are a frame of their own with participant_id and service, in any
    order. Results are rows of `participant_months`: participant_id, service, and the values of `months` below.
    """
    law = Law(load_rules(day_of(as_of), switches=switches, tariff=tariff), "electric")
    rows, given = frame_of(frame), None if events is None else frame_of(events)
    found = year_columns.evaluate(rows, given, rules=law.rules, as_of=day_of(as_of), threads=threads)
    people = _quarantine(PARTICIPANTS, rows, found.participants.reasons, found.participants.refusals)
    nothing = pl.DataFrame(schema={column.name: pl.String for column in PARTICIPANT_EVENTS.columns})
    happened = nothing if given is None else given
    return YearCalculation(
        found.months, people, _quarantine(PARTICIPANT_EVENTS, happened, found.event_reasons, found.event_refusals)
    )


def function_of(topic: Topic) -> Callable[..., Calculation]:
    """Make the function of a topic that takes a frame and the day, with a docstring of its columns and results.

    Args:
        topic: A topic that rests on no rates of its own and whose rows name their service.

    Returns:
        A function of a frame; `as_of`, a date or its ISO text; `tariff`, a shipped name or a TOML file; `switches`;
        `jurisdiction`, such as "us-co"; and `threads`. It raises NoRuleError where a jurisdiction has no such rule.
    """

    def calculate(
        frame: Any,  # noqa: ANN401 - as above
        *,
        as_of: date | str,
        tariff: str = "default",
        switches: Mapping[str, str] | None = None,
        jurisdiction: str = COLORADO,
        threads: int = 1,
    ) -> Calculation:
        rules = load_rules(day_of(as_of), switches=switches, tariff=tariff, jurisdiction=jurisdiction)
        law = Law(rules, "electric")
        topic.require(law)
        return _calculated(topic, frame, as_of, law, None, threads)

    calculate.__name__ = calculate.__qualname__ = topic.name.replace("-", "_")
    calculate.__doc__ = f"{topic.meaning}.\n\n{topic.asks}"
    return _documented(topic)(calculate)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the function of a topic
    topic_name = name.replace("_", "-")
    if topic_name not in TOPICS:
        raise AttributeError(f"module 'calc.calculators' has no attribute {name!r}")
    made = globals()[name] = function_of(TOPICS[topic_name])
    return made


def _calculated(
    topic: Topic,
    given: Any,  # noqa: ANN401 - as above
    as_of: date | str,
    law: Law,
    rates: RateTable | None,
    threads: int,
) -> Calculation:
    frame, dataset = frame_of(given), topic.dataset
    topic.require(law)
    table = rates or (rates_in_force(law.rules) if topic.rests_on_rates else None)
    evaluation = topic.evaluate(frame, Question(law, day_of(as_of), table), threads, None)
    return Calculation(evaluation.results, _quarantine(dataset, frame, evaluation.reasons, evaluation.refusals))


def _quarantine(
    dataset: Dataset, frame: pl.DataFrame, reasons: Int64, refusals: list[Refusal]
) -> pl.DataFrame:  # fmt: skip
    """Return the refused rows of a frame with their numbers and reasons."""
    bad = refused_rows(dataset, reasons, refusals, names_in(dataset, frame.columns))
    rows = pl.Series("row", bad.places + 1, dtype=pl.Int64)
    refused = frame.select(pl.all().exclude("row", "reasons", "reason_columns", "reason_allowed"))[bad.places]
    return pl.DataFrame([rows, *refused.get_columns(), *bad.texts()])
