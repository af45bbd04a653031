"""Describe the working of a figure: the named, versioned schema of a quote's `steps`."""

from typing import Annotated, Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field

SCHEMA: Final = "puccalc.explanation/1"
"""Name and version of the steps: another number where a key goes or changes its meaning."""


class _Closed(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


class Citation(_Closed):
    """Where a value is written."""

    rule: Annotated[str, Field(description="The paragraph.")]
    quote: Annotated[str, Field(description="Its words.")]
    effective_from: Annotated[str, Field(description="The day from which it holds.")]
    confirmed_from: Annotated[str, Field(description="The day from which its words have been compared.")]
    source: Annotated[str, Field(description="Where the text is published.")]
    authority: Annotated[str, Field(description="The project's copy of the text, and the place in it.")]
    reading: Annotated[str, Field(description="open: the words leave more than one reading.")]
    note: Annotated[str, Field(description="What a reader should know besides.")]


class ExplanationParameter(_Closed):
    """A value that a step used."""

    name: Annotated[str, Field(description="The value's name.")]
    value: Annotated[Any, Field(description="The value: a number, a word, a list.")]
    set_by: Annotated[str, Field(description="rules, default (the text leaves it open), proposed, switch or tariff.")]
    citation: Annotated[Citation, Field(description="Where the rule's own value is written.")]


class ExplanationPassage(_Closed):
    """A paragraph that a step rests on without taking a value from it."""

    rule: Annotated[str, Field(description="The paragraph.")]
    quote: Annotated[str, Field(description="Its words.")]
    effective_from: Annotated[str | None, Field(description="The day from which it holds.")]
    source: Annotated[str, Field(description="Where the text is published.")]


class ExplanationStep(_Closed):
    """A step of the working."""

    label: Annotated[str, Field(description="What the step works out.")]
    figures: Annotated[dict[str, Any], Field(description="Its figures by name, units as suffixes.")]
    formula: Annotated[str, Field(description="The formula with its figures filled in.")]
    exact_cents: Annotated[str | None, Field(description="Exact cents before rounding, n/d in lowest terms.")]
    part_of_sum: Annotated[bool, Field(description="Whether a later step sums its exact cents.")]
    rounding: Annotated[str | None, Field(description="How it is rounded; null where nothing is.")]
    note: Annotated[str, Field(description="What else to know.")]
    parameters: Annotated[list[ExplanationParameter], Field(description="Values used, with citations.")]
    passages: Annotated[list[ExplanationPassage], Field(description="Other paragraphs that it rests on.")]
