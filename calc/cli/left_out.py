"""What the folders and patterns that a run was given leave out, named on stderr."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

import typer

from calc.bulk.inputs import named_files
from calc.errors import InputError

_SAID_MAX: Final = 12
"""Names that a message has; the manifest has them all."""


def warn_of_unread_files(inputs: Mapping[str, str]) -> None:
    """Name what is left out of each dataset's input; what cannot be read is the run's to say."""
    for dataset, named in inputs.items():
        with suppress(InputError):
            say_left_out(dataset, named_files.named_files(named).left_out)


def say_left_out(dataset: str, names: Sequence[str]) -> None:
    """Name what was left out of a dataset, where anything was."""
    if names:
        more = f", and {len(names) - _SAID_MAX} more" if len(names) > _SAID_MAX else ""
        typer.echo(f"{dataset}: left out: {', '.join(names[:_SAID_MAX])}{more}", err=True)
