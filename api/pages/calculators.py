"""The topics as forms: which fields of a quote are asked for, in which order, under which words.

All of it is declared with the topic (`calc.topics`), so that a form asks what the command line and the JSON quotes ask.
What is seldom needed stands folded; so do the tariff and the switches of the rules that the topic rests on.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from api.answering import law
from api.answering.topics import TOPICS, Topic, today
from api.pages.fields import (
    BILLS,
    CHOICE,
    COUNTY,
    DAY,
    MOMENT,
    MONEY,
    NO,
    PERCENT,
    RATES,
    SAID,
    WHOLE,
    YES,
    Choices,
    Field,
    Kind,
    records,
)
from calc import datafiles
from calc.columns.dataset import Column, Holds
from calc.report.explaining.labels import SWITCH_LABELS, words
from calc.rules.fields import fields as rule_fields
from calc.rules.schema import SWITCHES
from calc.topics.topic import QuoteField

SWITCH: Final = "set_"
"""What the names of a form's switches begin with."""


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under a heading; `folded` ones are shown on demand."""

    title: str
    fields: tuple[Field, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Calculator:
    """A form of a topic."""

    topic: Topic
    groups: tuple[Group, ...]

    @property
    def name(self) -> str:
        """The topic's name."""
        return self.topic.name

    @property
    def title(self) -> str:
        """The topic's name for a reader."""
        return self.topic.declared.title

    @property
    def asks(self) -> str:
        """The question that it answers."""
        return self.topic.declared.asks

    @property
    def rule(self) -> str:
        """The paragraphs of the rules."""
        return self.topic.declared.paragraphs

    @property
    def rules(self) -> tuple[str, ...]:
        """Topics of the rules whose switches count."""
        return self.topic.declared.rules

    @property
    def not_together(self) -> str:
        """The field to which an error points that is of several fields."""
        return self.topic.declared.not_together

    @property
    def headline(self) -> tuple[str, ...]:
        """The figures that answer the question."""
        return self.topic.declared.headline

    @property
    def path(self) -> str:
        """Where the form stands."""
        return f"/calculators/{self.name}"

    def fields(self) -> Iterator[Field]:
        """Every field but tariff and switches."""
        for group in self.groups:
            yield from group.fields

    def every_field(self) -> Iterator[Field]:
        """Every field."""
        yield from self.fields()
        yield TARIFF
        yield from self.switches()

    def usual_texts(self) -> dict[str, str]:
        """What an empty form begins with: a day through which is counted is most often this one."""
        return {field.id: f"{today():%m/%d/%Y}" for field in self.fields() if field.name == "through_date"}

    def switches(self) -> tuple[Field, ...]:
        """A field for each switch that the topic rests on and no field asks for; empty, what is in force counts."""
        asked = {field.name for field in self.fields()}
        own = [
            field
            for field in rule_fields().values()
            if field.name in SWITCHES and field.topic in self.rules and field.name not in asked
        ]
        in_force = law.rules_on(today(), "default", ()).electric
        found = []
        for field in own:
            value = getattr(getattr(in_force, field.topic), field.name)
            usual = _said(value)
            title = SWITCH_LABELS[field.name]
            name = f"{SWITCH}{field.name}"
            if field.bounds:
                hint = f"{field.bounds[0]} through {field.bounds[1]}; in force: {usual}"
                found.append(Field(name, title, WHOLE._replace(read=str), hint))
                continue
            values = field.words or ("true", "false")
            others = ((each, _said(each)) for each in values if _said(each) != usual)
            choices: Choices = (("", f"{usual} (in force)"), *others)
            found.append(Field(name, title, CHOICE, choices=choices))
        return tuple(found)


def _said(value: object) -> str:
    return words({"true": True, "false": False}.get(str(value), value))


@law.cached(1)
def counties() -> Choices:
    """The counties by their FIPS codes."""
    rows = csv.DictReader(io.StringIO(datafiles.read_text("guidelines/colorado_ami.csv")))
    named = {row["county_fips"]: row["county"] for row in rows}
    return (("", "not known"), *((code, f"{name} ({code})") for code, name in named.items()))


TARIFF: Final = Field("tariff", "Tariff", CHOICE, "The utility's choices within the rules")
_RATES: Final = Group(
    "Other rates than those in force",
    (
        Field("rate_ppm", "One flat rate", PERCENT, "A year, instead of the rates in force"),
        Field("rates", "A table of rates", RATES, "A line for each: the day from which it is in force, and percent"),
    ),
    folded=True,
)
_SAID: Final = (("", "not said"), ("yes", "Yes"), ("no", "No"))
_BY_NAME: Final = {"county_fips": COUNTY}
_BY_HOLDS: Final = {
    Holds.MONEY: MONEY, Holds.COUNT: WHOLE, Holds.DATE: DAY, Holds.MOMENT: MOMENT, Holds.WORD: CHOICE,
    Holds.BILLS: BILLS,
}  # fmt: skip


def _kind(column: Column) -> Kind:
    if column.name.endswith("_ppm"):
        return PERCENT
    return _BY_NAME.get(column.name) or _BY_HOLDS.get(column.holds, YES)


def _field(asked: QuoteField) -> Field:
    """The control of a field, by what its column holds."""
    column = asked.column
    kind = records(column, _kind) if column.holds is Holds.RECORDS else _kind(column)
    choices: Choices = ()
    if column.holds is Holds.WORD:
        choices = tuple(zip(column.words, asked.choices or map(words, column.words), strict=True))
    elif column.holds is Holds.FLAG and column.dtype == np.int8:
        kind, choices = SAID, _SAID
    elif asked.denied:
        kind = NO
    return Field(asked.name, asked.label, kind, asked.hint, asked.needed, choices)


def _choice(asked: QuoteField) -> Field:
    """The control of a field that sets a switch: empty, what is in force counts."""
    field = _field(asked)
    usual = words(field.choices[0][0])
    return replace(field, choices=(("", f"in force: {usual}"), *field.choices))


def _calculator(topic: Topic) -> Calculator:
    declared = topic.declared

    def control(asked: QuoteField) -> Field:
        return _choice(asked) if asked in declared.choices else _field(asked)

    groups = tuple(Group(each.title, tuple(map(control, each.fields)), each.folded) for each in declared.groups)
    return Calculator(topic, (*groups, _RATES) if declared.rests_on_rates else groups)


CALCULATORS: Final = {name: _calculator(topic) for name, topic in TOPICS.items()}
"""The forms by the name of their topic."""
