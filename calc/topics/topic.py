"""Define a topic: one declared object, from which every way in takes its fields, its answers and its words.

The HTTP models and their descriptions, the Arrow batches, the pages' forms, the quote commands and the notebook
functions are made from it; the table of topics is `calc.topics.table`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from calc.columns.dataset import Column, Dataset, Holds
from calc.columns.docstring_examples import FrameExample
from calc.errors import Reason
from calc.kernels._jit import Kernel
from calc.rates.computing.table import RateTable
from calc.report.explaining.quote import Outcome, Row
from calc.report.explaining.step import Law, Step
from calc.rules.guidelines import Guidelines, load_guidelines
from calc.topics.caller_figures import none_more

if TYPE_CHECKING:
    import polars as pl

    from calc.columns.evaluation import Evaluation
    from calc.kernels.arrays import Int64


@dataclass(frozen=True, slots=True)
class QuoteField:
    """Define a field of a quote: a column, and how a form and a command ask for it.

    Attributes:
        column: Name, kind, bounds, words and meaning.
        label: Name on the form; the help of a flag's option.
        hint: Text below the label.
        needed: Whether a quote must have the field.
        choices: Labels of the column's words, in order; empty: the words themselves.
        denied: Whether form and command ask for the opposite of a flag.
        counted_from: Name of a field without which this one has no effect; empty: none.
        option: Name of the command's option without dashes; empty: the column's name without its unit.
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
        """Return the column's name."""
        return self.column.name

    @property
    def default(self) -> Any:  # noqa: ANN401 - what the column holds
        """Return the value of a quote that leaves the field out; None if nothing is known then."""
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
    """Define fields of a form under a heading; a folded group is hidden until it is opened."""

    title: str
    fields: tuple[QuoteField, ...]
    folded: bool = False


class Question(NamedTuple):
    """Hold what rows are calculated under.

    Attributes:
        law: Rules of one service on one date, tariff and switches included.
        on: That date.
        rates: Yearly rates; None for a topic that rests on none.
        guidelines: Returns the income guidelines in use.
    """

    law: Law
    on: date
    rates: RateTable | None = None
    guidelines: Callable[[], Guidelines] = load_guidelines

    @property
    def table(self) -> RateTable:
        """Return the rates; raise ValueError if there are none."""
        if self.rates is None:
            raise ValueError("the topic rests on rates: none were given")
        return self.rates


Names = Callable[[str], str]
"""Returns what a reader calls a field, given its name: on the command line, its option."""


class Example(NamedTuple):
    """Hold a quote for the documents: its title and its JSON body (cents, ppm, ISO dates)."""

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
    """Declare a topic of quotes, batches and pages.

    Attributes:
        name: Name in paths and commands, with hyphens.
        title: Name for a reader.
        asks: The question that a quote answers.
        paragraphs: Paragraphs of the rules, as a page names them.
        meaning: What a quote computes and its rule, in one line.
        row_meaning: What one row is.
        dataset: Columns and results.
        groups: Fields of a quote, grouped as a form shows them.
        day: Name of the field with the date whose rules apply; a quote without it is as of today.
        day_source: Value of `as_of_source` in an answer whose date was given; empty if every quote must give it.
        headline: Names of the results that answer the question, the most important first.
        outcomes: Calculates rows, all under one question.
        steps: Explains an outcome that has a result.
        evaluate: Calculates a frame on some number of threads; the last argument is a bitmask of reasons per row that
            are already known.
        example: A quote for the documents.
        rules: Topics of the rules (keys of `calc.rules.schema.TOPICS`) on which the figures rest; their switches are
            offered.
        day_of_each_row: Whether rows of different dates are calculated together if no rule changes between the dates.
        choices: Fields that set the switch of the same name.
        not_together: Name of the field to which an error about several fields points.
        compared_results: Results, besides the headline, that are shown of another reading of the rules.
        unknown_results: Results that are null if nothing is known.
        more_results: Type in JSON of what an answer has besides the dataset's results, by name.
        may_have: Names of results that an answer has besides where the rules say so, with their types of JSON.
        uncounted: Returns the names of fields that have no effect under a law.
        is_provisional: Returns whether an outcome rests on a rate that is not final.
        incomplete: Returns what a row lacks, or must not have, under these rules; empty if it may be calculated.
        refusals: Returns, by reason, what is wrong with a refused row and what to do; a reason that is left out has its
            usual text.
        remarks: Returns what a reader should know about an answer.
        caller_figures: Returns figures that answer a customer, from a row and its result; a page shows them first.
        kernels: What a nightly run compiles for a dataset of the topic's own.
        frame_example: A row for the docstring of the topic's function.
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
    compared_results: tuple[str, ...] = ()
    unknown_results: tuple[str, ...] = ()
    more_results: Mapping[str, Any] = field(default_factory=dict)
    may_have: Mapping[str, Any] = field(default_factory=dict)
    uncounted: Callable[[Law], tuple[str, ...]] = _nothing
    is_provisional: Callable[[Outcome, Question], bool] = _never
    incomplete: Callable[[Row, Question, Names], str] = _complete
    refusals: Callable[[Outcome, Question, Names], Mapping[Reason, str]] = _no_texts
    remarks: Callable[[Outcome, Question, Names], tuple[str, ...]] = _no_remarks
    caller_figures: Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, int]] = none_more
    kernels: tuple[Kernel, ...] = ()
    frame_example: FrameExample | None = None

    @property
    def rests_on_rates(self) -> bool:
        """Return whether the figures rest on the yearly rates."""
        return "annual_rate" in self.rules

    def require(self, law: Law) -> None:
        """Raise NoRuleError where the rules are a jurisdiction's that has none for this topic."""
        if law.rules.clauses is not None:
            law.rules.clauses.require(self.rules[0] if self.rules else self.name)

    @property
    def needs_day(self) -> bool:
        """Return whether a batch must give its date: quotes must, and rows have none of their own."""
        return not self.day_of_each_row and any(each.needed for each in self.fields() if each.name == self.day)

    @property
    def reading_results(self) -> tuple[str, ...]:
        """Return the names of the results that are shown of another reading of the rules."""
        return (*self.headline, *self.compared_results)

    def fields(self) -> list[QuoteField]:
        """Return a row's fields, except those that set a switch: required ones, then others in the dataset's order."""
        places = {column.name: place for place, column in enumerate(self.dataset.columns)}
        own = [each for group in self.groups for each in group.fields if each not in self.choices]
        rest = sorted((each for each in own if not each.needed), key=lambda each: places.get(each.name, len(places)))
        return [*(each for each in own if each.needed), *rest]

    @property
    def more_columns(self) -> tuple[Column, ...]:
        """Return the columns of fields that are neither in the dataset nor the service nor the date of the rules."""
        own = {self.day, "service", *(each.name for each in self.dataset.columns)}
        return tuple(each.column for each in self.fields() if each.name not in own)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of all columns that rows of a batch may have: the dataset's and `more_columns`."""
        return tuple(each.name for each in (*self.dataset.columns, *self.more_columns))
