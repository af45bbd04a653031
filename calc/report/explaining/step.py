"""A step of an explanation: every topic makes steps, every renderer reads them.

Input: figures that kernels decided, and the parameters they used. Output: frozen steps, or plain dictionaries of them.
A figure's unit is the suffix of its name (_cents, _ppm, _days, _date). Exact fractions show how a figure comes about
but never decide it: if the fraction, rounded, is not the figure, no step is made.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final, NamedTuple

from calc.errors import PuccalcError
from calc.rules.citation import Citation, authority
from calc.rules.fields import Value, fields
from calc.rules.resolve import Rules, ServiceRules
from calc.rules.tariff_schema import FuelTerms
from calc.units import format_fraction, rounded

Figure = int | str | bool | date | tuple[int, ...] | None


_HOW_SET: Final = {
    "rules": "set by the rules",
    "default": "open reading: default",
    "proposed": "by a proposed text, not in force",
    "switch": "set by a switch",
    "tariff": "set by the tariff",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """Hold a value that a step used.

    Attributes:
        name: The field's name.
        value: The value used.
        set_by: "rules", "default" (the text leaves the reading open), "proposed" (a text not in force), "switch" or
            "tariff".
        citation: Citation of the rule's own value.
    """

    name: str
    value: Value
    set_by: str
    citation: Citation

    @property
    def how_set(self) -> str:
        """Return `set_by` in words."""
        return _HOW_SET[self.set_by]


class Passage(NamedTuple):
    """Hold a paragraph that a step rests on without taking a value from it."""

    rule: str
    quote: str
    effective_from: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Step:
    """Hold one step.

    Attributes:
        label: What the step works out.
        figures: Its figures by name, units as suffixes.
        formula: The formula with its figures filled in.
        exact_cents: The exact amount before rounding.
        rounding: The rounding mode; empty if nothing is rounded.
        parameters: Values used, with citations.
        passages: Other paragraphs that it rests on.
        note: What else to know.
        part: Whether a later step sums its exact cents.
    """

    label: str
    figures: Mapping[str, Figure]
    formula: str = ""
    exact_cents: Fraction | None = None
    rounding: str = ""
    parameters: tuple[Parameter, ...] = ()
    passages: tuple[Passage, ...] = ()
    note: str = ""
    part: bool = False


class Law(NamedTuple):
    """Hold the rules in force together with the service that they are applied to."""

    rules: Rules
    service: str

    @property
    def own(self) -> ServiceRules:
        """Return the service's parameters."""
        return self.rules.service(self.service)

    @property
    def terms(self) -> FuelTerms:
        """Return what the tariff chooses for the service."""
        return self.rules.tariff.terms(self.service)

    def parameters(self, *names: str) -> tuple[Parameter, ...]:
        """Return parameters by field name, each with the citation of the rule's own value."""
        return tuple(
            Parameter(
                name,
                getattr(getattr(self.own, fields()[name].topic), name),
                self._set_by(name),
                self.own.citations[name],
            )
            for name in names
        )

    def _set_by(self, name: str) -> str:
        if name in self.rules.switches:
            return "switch"
        return {"open": "default", "proposed": "proposed"}.get(self.own.citations[name].reading, "rules")

    def passages(self, field: str, *labels: str) -> tuple[Passage, ...]:
        """Return paragraphs, by label, of the authority that a field cites, leaving out those it does not hold."""
        reference = self.own.citations[field].authority
        if not reference:
            return ()
        cited = authority(reference.partition("#")[0])
        return tuple(
            Passage(f"{cited.citation}{label}", cited.paragraphs[label], cited.effective_from, cited.source)
            for label in labels
            if label in cited.paragraphs
        )


def agree(label: str, worked_out: object, figure: object) -> None:
    """Raise PuccalcError unless `worked_out`, what the step works out, equals `figure`, what the kernel decided."""
    if worked_out != figure:
        raise PuccalcError(f"{label}: the working and the result differ; this is a fault of puccalc, please report it")


def rounded_step(
    label: str,
    name: str,
    cents: int,
    exact: Fraction,
    rounding: str,
    formula: str,
    parameters: tuple[Parameter, ...] = (),
    passages: tuple[Passage, ...] = (),
) -> Step:
    """Make the step of an amount rounded from exact cents.

    Args:
        label: What the step works out.
        name: Name of the figure.
        cents: The kernel's figure, >= 0.
        exact: The exact cents.
        rounding: The rounding mode.
        formula: The formula with its figures filled in.
        parameters: Values used.
        passages: Other paragraphs that it rests on.

    Returns:
        The step.

    Raises:
        PuccalcError: The exact cents, rounded, are another amount.
    """
    agree(label, rounded(exact, rounding), cents)
    return Step(label, {name: cents}, formula, exact, rounding, parameters, passages)


def whole_step(
    label: str,
    name: str,
    cents: int,
    worked: int,
    formula: str,
    parameters: tuple[Parameter, ...] = (),
    passages: tuple[Passage, ...] = (),
) -> Step:
    """Make the step of an amount that whole cents make up, without rounding.

    Raises:
        PuccalcError: `worked`, the step's own amount, is not `cents`, the kernel's.
    """
    agree(label, worked, cents)
    return Step(label, {name: cents}, formula, Fraction(worked), parameters=parameters, passages=passages)


def as_dicts(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Convert steps to JSON values: cents, ppm, days whole numbers; dates ISO text; exact cents "n/d", lowest terms."""
    return [_as_dict(step) for step in steps]


def _as_dict(step: Step) -> dict[str, Any]:
    return {
        "label": step.label,
        "figures": {name: _plain(figure) for name, figure in step.figures.items()},
        "formula": step.formula,
        "exact_cents": None if step.exact_cents is None else format_fraction(step.exact_cents),
        "part_of_sum": step.part,
        "rounding": step.rounding or None,
        "note": step.note,
        "parameters": [
            {"name": each.name, "value": each.value, "set_by": each.set_by, "citation": citation_dict(each.citation)}
            for each in step.parameters
        ],
        "passages": [{name: _plain(value) for name, value in passage._asdict().items()} for passage in step.passages],
    }


def citation_dict(citation: Citation) -> dict[str, str]:
    """Convert a citation to JSON values, with the source of its text."""
    return {
        "rule": citation.rule,
        "quote": citation.quote,
        "effective_from": citation.effective_from.isoformat(),
        "confirmed_from": citation.confirmed_from.isoformat(),
        "source": source(citation),
        "authority": citation.authority,
        "reading": citation.reading,
        "note": citation.note,
    }


def source(citation: Citation) -> str:
    """Return where the text that a citation quotes is published; empty where its words are not at hand."""
    if not citation.authority:
        return ""
    return authority(citation.authority.partition("#")[0]).source


def _plain(figure: Figure) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(figure, date):
        return figure.isoformat()
    return list(figure) if isinstance(figure, tuple) else figure
