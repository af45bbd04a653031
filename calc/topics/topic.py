"""Define a topic: one declared object, from which every way in takes its fields, its answers and its words.

The HTTP models and their descriptions, the Arrow batches, the pages' forms, the quote commands and the notebook
functions are made from it; the table of topics is `calc.topics.table`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from calc.columns.dataset import Column, Dataset, Holds
from calc.errors import Reason
from calc.kernels._jit import Kernel
from calc.rates.computing.table import RateTable
from calc.report.explaining.quote import Outcome, Row
from calc.report.explaining.step import Law, Step
from calc.rules.guidelines import Guidelines, load_guidelines

if TYPE_CHECKING:
    import polars as pl

    from calc.columns.evaluation import Evaluation, Int64


@dataclass(frozen=True, slots=True)
class QuoteField:
    """A field of a quote: a column, and how a form asks for it.

    Attributes:
        column: name, kind, bounds, words and meaning.
        label: what the form calls it.
        hint: what the form says below the label.
        needed: whether a quote must have it.
        choices: labels of its words, in order; by default the words themselves.
        denied: whether the form asks for the opposite of a flag.
        counted_from: another field without which this one says nothing.
        option: what the command line's option is called, where the column's name without its unit would not do.
    """

    column: Column
    label: str
    hint: str = ""
    needed: bool = False
    choices: tuple[str, ...] = ()
    denied: bool = False
    counted_from: str = ""
    option: str = ""

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name

    @property
    def default(self) -> Any:  # noqa: ANN401 - what the column holds
        """What a quote that leaves it out is answered with; None where nothing is known then."""
        column = self.column
        if column.holds is Holds.RECORDS:
            return []
        if not column.nullable and column.holds is Holds.FLAG:
            return False
        if not column.nullable and column.holds is Holds.WORD:
            return column.words[0]
        return None if column.holds is Holds.COUNT else column.default_value


@dataclass(frozen=True, slots=True)
class Group:
    """Fields of a form under a heading; `folded` ones are seldom needed and shown on demand."""

    title: str
    fields: tuple[QuoteField, ...]
    folded: bool = False


class Question(NamedTuple):
    """What rows are asked under: the rules of a service on a day, that day, and the rates where the topic has some.

    `guidelines` gives the income guidelines in use.
    """

    law: Law
    on: date
    rates: RateTable | None = None
    guidelines: Callable[[], Guidelines] = load_guidelines

    @property
    def table(self) -> RateTable:
        """The rates; ValueError for a topic that rests on them and was asked without."""
        if self.rates is None:
            raise ValueError("the topic rests on rates: none were given")
        return self.rates


Names = Callable[[str], str]
"""What a reader knows a field by: on the command line, its option."""


class Example(NamedTuple):
    """A quote that the documents show: what it is about, and its JSON body."""

    title: str
    body: Mapping[str, Any]


def _nothing(_: Law) -> tuple[str, ...]:
    return ()


def _never(_: Outcome, __: Question) -> bool:
    return False


def _complete(_: Row, __: Question, ___: Names) -> str:
    return ""


def _no_texts(_: Outcome, __: Question, ___: Names) -> dict[Reason, str]:
    return {}


def _no_remarks(_: Outcome, __: Question, ___: Names) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of quotes, batches and pages.

    Attributes:
        name: what it is called in paths and commands.
        title: its name for a reader.
        asks: the question that it answers.
        paragraphs: paragraphs of the rules, as a page names them.
        meaning: what a quote is and its rule, in a line.
        row_meaning: what one row is.
        dataset: its columns and results.
        groups: fields of a quote, as a form shows them.
        day: name of the field that holds the day of the rules; a quote that leaves it out is answered as of today.
        day_source: how an answer says that the day was given; empty where every quote names it.
        headline: results that answer the question, the first of them first.
        outcomes: rows to their outcomes, under one law.
        steps: the working of an outcome.
        evaluate: a frame to its evaluation, on some threads, with the reasons that are known of its rows.
        example: a quote that the documents show.
        switches: topics of the rules whose switches a form offers.
        day_of_each_row: whether rows of several days are answered together, as long as no rule changes between them.
        choices: fields that set the switch of their name.
        not_together: the field to which an error points that is of several fields.
        also_shown: results, beside the headline, that are shown of another reading of the rules.
        unknown_results: results that are null where nothing is known.
        more_results: what an answer has beside the dataset's results, by name, as a type of JSON.
        uncounted: fields that an answer under a law does not look at.
        is_provisional: whether an outcome rests on a rate that is not final.
        incomplete: what a row must have besides, or must not have, under these rules; empty where it may be asked.
        refusals: what is wrong and what to do, of a refused row, for reasons that need more words than their own.
        remarks: what the reader of an answer should know besides.
        kernels: what a nightly run compiles for a dataset of the topic's own.
    """

    name: str
    title: str
    asks: str
    paragraphs: str
    meaning: str
    row_meaning: str
    dataset: Dataset
    groups: tuple[Group, ...]
    day: str
    headline: tuple[str, ...]
    outcomes: Callable[[Sequence[Row], Question], list[Outcome]]
    steps: Callable[[Outcome, Question], tuple[Step, ...]]
    evaluate: "Callable[[pl.DataFrame, Question, int, Int64 | None], Evaluation]"
    example: Example
    rules: tuple[str, ...] = ()
    day_source: str = ""
    day_of_each_row: bool = False
    choices: tuple[QuoteField, ...] = ()
    not_together: str = ""
    also_shown: tuple[str, ...] = ()
    unknown_results: tuple[str, ...] = ()
    more_results: Mapping[str, Any] = field(default_factory=dict)
    uncounted: Callable[[Law], tuple[str, ...]] = _nothing
    is_provisional: Callable[[Outcome, Question], bool] = _never
    incomplete: Callable[[Row, Question, Names], str] = _complete
    refusals: Callable[[Outcome, Question, Names], Mapping[Reason, str]] = _no_texts
    remarks: Callable[[Outcome, Question, Names], tuple[str, ...]] = _no_remarks
    kernels: tuple[Kernel, ...] = ()

    @property
    def rests_on_rates(self) -> bool:
        """Whether the yearly rates decide its figures."""
        return "annual_rate" in self.rules

    @property
    def needs_day(self) -> bool:
        """Whether a batch must name its day: a quote must, and rows have none of their own."""
        return not self.day_of_each_row and any(each.needed for each in self.fields() if each.name == self.day)

    @property
    def shown_of_readings(self) -> tuple[str, ...]:
        """Results that are shown of another reading of the rules."""
        return (*self.headline, *self.also_shown)

    def fields(self) -> list[QuoteField]:
        """Every field of a row but those that set a switch: first what it must have, then as the dataset has them."""
        places = {column.name: place for place, column in enumerate(self.dataset.columns)}
        own = [each for group in self.groups for each in group.fields if each not in self.choices]
        rest = sorted((each for each in own if not each.needed), key=lambda each: places.get(each.name, len(places)))
        return [*(each for each in own if each.needed), *rest]

    @property
    def more_columns(self) -> tuple[Column, ...]:
        """What a quote asks of a row beside the dataset's columns, the service and the day of the rules."""
        own = {self.day, "service", *(each.name for each in self.dataset.columns)}
        return tuple(each.column for each in self.fields() if each.name not in own)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns that rows of a batch may have: the dataset's, and what a quote asks besides."""
        return tuple(each.name for each in (*self.dataset.columns, *self.more_columns))
