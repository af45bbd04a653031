"""`puccalc quote`: one row of a topic; a command is made of its topic when it is asked for."""

from typing import Any, NamedTuple

import typer

from calc.cli.lazy_group import deferred, lazy_group
from calc.cli.options import run_uncompiled
from calc.cli.quote_command import command_of
from calc.topics import table


class TopicEntry(NamedTuple):
    """A topic's command: its name, and how it is made."""

    name: str

    def command(self) -> Any:  # noqa: ANN401 - a command of Typer's own Click
        """Load the topic, with what it imports of the rooms below deferred, and return its command."""
        run_uncompiled()
        with deferred():
            topic = table.TOPICS[self.name]
        return command_of(topic)


app = typer.Typer(
    cls=lazy_group(*map(TopicEntry, table.TOPICS)),
    no_args_is_help=True,
    help="One deposit, account or participant; every step with --explain.",
    epilog="Example: puccalc quote interest --principal 200.00 --received 2024-01-01 --through 2025-01-01",
)


@app.callback()
def quote() -> None:
    """One deposit, account or participant; every step with --explain."""
