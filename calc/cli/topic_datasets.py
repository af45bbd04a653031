"""Options of `puccalc run nightly` for the datasets that topics declare: `--NAME FILE` for each."""

from typing import Any, Final

import typer
from typer.core import TyperCommand

from calc.topics import nightly_datasets

_FOUND: Final = "calc.cli.topic_datasets"


class TakesTopicDatasets(TyperCommand):
    """A command that takes a file for every dataset of a topic's own beside its declared options.

    The table of topics is loaded where help is asked for, or where an option that is not the command's own has a value.
    """

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # Typer's Context
        """Take the topics' options out of the words, then parse the others."""
        own = {name for each in self.params for name in (*each.opts, *each.secondary_opts)}
        found: dict[str, str] = {}
        others: list[str] = []
        words = iter(args)
        for word in words:
            name, equals, value = word.partition("=")
            if not name.startswith("--") or name in own:
                others.append(word)
                continue
            value = value if equals else next(words, "")
            if value and not value.startswith("--") and (dataset := _datasets().get(name)):
                found[dataset] = value
            else:
                others += [word] if equals or not value else [word, value]
        ctx.meta[_FOUND] = found
        return super().parse_args(ctx, others)

    def format_options(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]  # noqa: ANN401 - Click's
        """Write the topics' options below the command's own."""
        super().format_options(ctx, formatter)
        meanings = {option: nightly_datasets.inputs()[name].meaning for option, name in _datasets().items()}
        if meanings:
            with formatter.section("Datasets of topics"):
                formatter.write_dl([(f"{option} FILE", meaning) for option, meaning in meanings.items()])


def topic_datasets_of(context: typer.Context) -> dict[str, str]:
    """Dataset -> what was named for it."""
    found: dict[str, str] = context.meta[_FOUND]
    return found


def _datasets() -> dict[str, str]:
    """Option -> dataset, of all datasets that topics declare for a nightly run."""
    return {f"--{name.replace('_', '-')}": name for name in nightly_datasets.own_datasets()}
