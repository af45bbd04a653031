"""What the options of `puccalc quote` are made of: parsers by kind of value, options that several commands share."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand

from calc.cli.options import amount_cents, day, share_ppm, word

SERVICES: Final = ("electric", "gas")
HEATING: Final = ("electric", "gas", "other")
KINDS: Final = ("deposit", "construction_advance", "overcharge_refund", "cost_adjustment_credit")
ESTIMATES: Final = ("average_daily", "monthly_average", "peak_consecutive")


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


def command(app: typer.Typer, name: str, example: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Decorator of a quote's command."""
    settings = {"allow_extra_args": True}
    return app.command(
        name, cls=QuoteCommand, context_settings=settings, epilog=f"Example: puccalc quote {name} {example}"
    )


def option(name: str, parser: Callable[[str], Any], metavar: str, text: str) -> Any:  # noqa: ANN401 - Typer's option
    """An option whose value a parser takes; the parser's complaint never repeats the value."""
    return typer.Option(name, parser=parser, metavar=metavar, help=text)


def dollars(name: str, text: str) -> Any:  # noqa: ANN401 - Typer's option
    """An option of decimal dollars, none below zero, in cents."""
    return option(name, amount_cents, "DOLLARS", text)


def a_date(name: str, text: str) -> Any:  # noqa: ANN401 - Typer's option
    """An option of a date."""
    return option(name, day, "DATE", text)


def one_of(name: str, words: tuple[str, ...], text: str) -> Any:  # noqa: ANN401 - Typer's option
    """An option of one of a few words."""
    return option(name, word(words), "|".join(words), text)


class Bills(tuple[int, ...]):
    """Monthly bills in cents; a class of its own, since Typer takes a plain tuple for several values."""

    __slots__ = ()


def bills(text: str) -> Bills:
    """Bills of decimal dollars between commas."""
    return Bills(amount_cents(each.strip()) for each in text.split(","))


Rate = Annotated[int | None, option("--rate", share_ppm, "PERCENT", "A flat rate instead of the shipped ones.")]
RatesFile = Annotated[
    Path | None, typer.Option("--rates", metavar="FILE.csv", help="A table (effective_from, rate_percent) instead.")
]
Service = Annotated[str, one_of("--service", SERVICES, "The service, whose rule applies.")]
TariffName = Annotated[str, typer.Option("--tariff", metavar="NAME|FILE", help="The utility's tariff.")]
Switches = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="SWITCH=VALUE", help="Another reading, e.g. day_count=actual_365; repeatable."),
]
Sensitivities = Annotated[
    bool, typer.Option("--sensitivities", help="Show the result under each other reading of the rules, one at a time.")
]
Explain = Annotated[bool, typer.Option("--explain", help="Show each step: formula, exact fraction, paragraph.")]
