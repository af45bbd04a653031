"""Make the command of a topic's quotes: its fields become options, one row is asked, the answer printed.

Rules, rates, refusals and printing are `calc.cli.answer`'s; what an option is made of is `calc.cli.quote_options`.
"""

import re
from collections.abc import Mapping
from inspect import Signature
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand

from calc.cli.answer import accepted, load_law, load_rates, other_readings, print_answer, today
from calc.cli.options import message, parse_switches
from calc.cli.quote_options import OPTIONS, RATE_OPTIONS, name_of, parameter_name, parameters_of, value_of, written
from calc.errors import UsageError
from calc.topics import topic as topics

if TYPE_CHECKING:
    from calc.report.explaining.quote import Outcome
    from calc.topics.topic import Question, QuoteField, Topic


class QuoteCommand(TyperCommand):
    """A command whose complaints do not repeat a value that stands where none belongs: it may be an income."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - a context of Typer's own Click
        """Parse; refuse what is no option's name and what has no option in front."""
        for given in args:
            if given.startswith("--") and not re.fullmatch(r"--[a-z-]*", given.partition("=")[0]):
                raise typer.BadParameter("what begins with -- is not an option; write --option VALUE")
        rest = super().parse_args(ctx, args)
        if ctx.args:
            raise typer.BadParameter("a value stands without its option; write --option VALUE")
        return rest


def command_of(topic: "Topic") -> Any:  # noqa: ANN401 - a command of Typer's own Click
    """Make a topic's command.

    Args:
        topic: The topic; its fields, in their order, are the first options.

    Returns:
        The command, with a help and an example.
    """
    fields = (*topic.fields(), *topic.choices)
    parameters = [*parameters_of(topic), *(RATE_OPTIONS if topic.rests_on_rates else ()), *OPTIONS]

    def ask(**given: Any) -> None:  # noqa: ANN401 - values by the names of the parameters
        _Quote(topic, given).print_answer()

    ask.__doc__ = f"{topic.meaning}.\n\n{topic.asks}"
    ask.__signature__ = Signature(parameters)  # type: ignore[attr-defined] # Typer reads it
    holder = typer.Typer(add_completion=False, rich_markup_mode=None)
    example = " ".join(
        written(field, topic.example.body[field.name]) for field in fields if field.name in topic.example.body
    )
    if "tariff" in topic.example.body:
        example = f"{example} --tariff {topic.example.body['tariff']}"
    holder.command(
        topic.name, cls=QuoteCommand, context_settings={"allow_extra_args": True},
        epilog=f"Example: puccalc quote {topic.name} {example} --explain",
    )(ask)  # fmt: skip
    return typer.main.get_command(holder)


class _Quote:
    """A row of a topic as its options give it, and the reading of the rules under which it is asked."""

    def __init__(self, topic: "Topic", given: Mapping[str, Any]) -> None:
        """Check what can be told before the rules are known; raise UsageError for it."""
        self._topic, self._given = topic, given
        self._row = {field.name: value_of(field, given[parameter_name(field)]) for field in topic.fields()}
        self._check_counted()
        self._switches = parse_switches(given["switches"])
        for field in topic.choices:
            chosen = given[field.name]
            if chosen is not None and self._switches.setdefault(field.name, chosen) != chosen:
                raise UsageError(f"{name_of(field)} and --set {field.name}=... differ: keep one of them")
        self._on = self._row[topic.day] or today()

    def print_answer(self) -> None:
        """Ask the row, and print its result, working and other readings as they are wanted."""
        topic, given = self._topic, self._given
        question, rates_name = self._question(self._switches)
        if wanting := topic.incomplete(self._row, question, self._named):
            raise UsageError(wanting)
        outcome = self._ask(question)
        result = accepted(topic, outcome, question, self._named)
        steps = topic.steps(outcome, question)
        for remark in topic.remarks(outcome, question, self._named):
            message(remark)
        shown, others = dict(result), None
        if topic.day_source:
            source = topic.day_source if self._row[topic.day] else "today"
            shown |= {"as_of_date": self._on, "as_of_source": source}
            if (source, topic.day_source) == ("today", "given"):
                message(f"No {self._named(topic.day)} was given: this is by the rules of today, {self._on}.")
        if given["sensitivities"]:
            own_rates = given.get("rate") is not None or given.get("rates") is not None
            others = other_readings(topic, question.law, result, self._under, own_rates=own_rates)
        print_answer(
            topic.title, shown, question.law, steps, rates=(question.rates, rates_name), others=others,
            explain=given["explain"], json=given["json"],
        )  # fmt: skip

    def _question(self, switches: Mapping[str, str]) -> "tuple[Question, str]":
        """Return the rules and rates under switches, and the name of the rates."""
        given = self._given
        law = load_law(self._on, self._row["service"], given["tariff"], switches, given["jurisdiction"])
        self._topic.require(law)
        if not self._topic.rests_on_rates:
            return topics.Question(law, self._on), ""
        rates, name = load_rates(law, given["rate"], given["rates"])
        return topics.Question(law, self._on, rates), name

    def _ask(self, question: "Question") -> "Outcome":
        return self._topic.outcomes([self._row], question)[0]

    def _under(self, switches: Mapping[str, str]) -> "Outcome | None":
        """Ask the row under other switches; None where they do not take what was given."""
        question, _ = self._question(switches)
        if self._topic.incomplete(self._row, question, self._named):
            return None
        return self._ask(question)

    def _named(self, name: str) -> str:
        """Return the option of a field."""
        fields: dict[str, QuoteField] = {each.name: each for each in (*self._topic.fields(), *self._topic.choices)}
        return name_of(fields[name]) if name in fields else {"rate_ppm": "--rate", "rates": "--rates"}[name]

    def _check_counted(self) -> None:
        """Refuse fields that say nothing without another one, where that one is not given."""
        starts = dict.fromkeys(each.counted_from for each in self._topic.fields() if each.counted_from)
        for start in starts:
            names = [each.name for each in self._topic.fields() if each.counted_from == start]
            if self._row[start] is None and any(self._row[name] is not None for name in names):
                counted = " and ".join(map(self._named, names))
                raise UsageError(f"{counted} are counted from {self._named(start)}: give it as well")
