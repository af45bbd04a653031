"""Build a form for each topic: its fields, their order and their labels.

All of it is declared with the topic (`calc.topics`), so that a form asks for what the command line and JSON quotes ask
for. Fields that are seldom needed are folded, and so are tariff and switches.
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
    STATED,
    TEXT,
    USE,
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
from calc.rules.jurisdictions import COLORADO, RULES, jurisdiction_ids, load_jurisdiction
from calc.rules.schema import SWITCHES
from calc.topics.topic import QuoteField

SWITCH: Final = "set_"
"""Prefix of the names of a form's switches."""


@dataclass(frozen=True, slots=True)
class Group:
    """Define fields under a heading; a folded group is hidden until it is opened."""

    title: str
    fields: tuple[Field, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Calculator:
    """Define a topic's form."""

    topic: Topic
    groups: tuple[Group, ...]

    @property
    def name(self) -> str:
        """Return the topic's name."""
        return self.topic.name

    @property
    def title(self) -> str:
        """Return the topic's name for a reader."""
        return self.topic.declared.title

    @property
    def asks(self) -> str:
        """Return the question that the form answers."""
        return self.topic.declared.asks

    @property
    def rule(self) -> str:
        """Return the paragraphs of the rules."""
        return self.topic.declared.paragraphs

    @property
    def rules(self) -> tuple[str, ...]:
        """Return the topics of the rules whose switches are offered."""
        return self.topic.declared.rules

    @property
    def not_together(self) -> str:
        """Return the name of the field to which an error about several fields points."""
        return self.topic.declared.not_together

    @property
    def headline(self) -> tuple[str, ...]:
        """Return the names of the results that answer the question."""
        return self.topic.declared.headline

    @property
    def path(self) -> str:
        """Return the form's path."""
        return f"/calculators/{self.name}"

    def fields(self) -> Iterator[Field]:
        """Yield every field except jurisdiction, tariff and switches."""
        for group in self.groups:
            yield from group.fields

    def every_field(self) -> Iterator[Field]:
        """Yield every field."""
        yield from self.fields()
        yield from self.whose()
        yield from self.switches()

    def whose(self) -> tuple[Field, ...]:
        """Whose rules and which tariff: the jurisdiction where others than Colorado have a rule for the topic."""
        return (JURISDICTION, TARIFF) if set(self.rules[:1]) & set(RULES) else (TARIFF,)

    def usual_texts(self) -> dict[str, str]:
        """Return the texts of an empty form: through_date is today, the usual case."""
        return {field.id: f"{today():%m/%d/%Y}" for field in self.fields() if field.name == "through_date"}

    def switches(self) -> tuple[Field, ...]:
        """Return a field for each switch of the topic that no other field sets; an empty one keeps what is in force."""
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
    """Return the counties by FIPS code, "not known" first."""
    rows = csv.DictReader(io.StringIO(datafiles.read_text("guidelines/colorado_ami.csv")))
    named = {row["county_fips"]: row["county"] for row in rows}
    return (("", "not known"), *((code, f"{name} ({code})") for code, name in named.items()))


@law.cached(16)
def jurisdictions(rule: str) -> Choices:
    """The jurisdictions that have a rule, by their ids, Colorado first."""
    heads = [load_jurisdiction(each) for each in jurisdiction_ids()]
    found = [(head.id, head.name) for head in heads if head.id == COLORADO or rule in head.rules]
    return tuple(sorted(found, key=lambda each: (each[0] != COLORADO, each[1])))


JURISDICTION: Final = Field("jurisdiction", "Jurisdiction", CHOICE, "Whose rules apply")
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
    Holds.BILLS: BILLS, Holds.TEXT: TEXT,
}  # fmt: skip


def _kind(column: Column) -> Kind:
    if column.name.endswith("_ppm"):
        return PERCENT
    if column.holds is Holds.BILLS and column.unit and column.unit.whole == "units":
        return USE
    return _BY_NAME.get(column.name) or _BY_HOLDS.get(column.holds, YES)


def _field(asked: QuoteField) -> Field:
    """Return the form field of a topic's field, by what its column holds."""
    column = asked.column
    kind = records(column, _kind) if column.holds is Holds.RECORDS else _kind(column)
    choices: Choices = ()
    if column.holds is Holds.WORD:
        choices = tuple(zip(column.words, asked.choices or map(words, column.words), strict=True))
    elif column.holds is Holds.FLAG and column.dtype == np.int8:
        kind, choices = STATED, _SAID
    elif asked.denied:
        kind = NO
    return Field(asked.name, asked.label, kind, asked.hint, asked.needed, choices)


def _choice(asked: QuoteField) -> Field:
    """Return the form field of a field that sets a switch; empty, the value in force applies."""
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
"""Forms by topic name."""
