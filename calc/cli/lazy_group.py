"""A group of commands that loads a command's module when the command is asked for.

What such a module imports of the rooms below, it imports at its top as modules (`from calc.rates.computing import
table`), and while it is loaded these are deferred: each runs when something in it is first used. So `--help` and a
wrong option answer without NumPy, Polars or Rich, whatever the command needs in the end.
"""

import sys
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType
from typing import Any, Final, NamedTuple, Protocol

import typer
from typer.core import TyperGroup

_DEFERRED_HERE: Final = ("calc.cli.compiler_trial", "calc.cli.live_progress", "calc.cli.terminal")
"""Modules of this room that run when they are first used, as every module of the rooms below does."""


class Loads(Protocol):
    """A command by its name, made when it is asked for."""

    @property
    def name(self) -> str:
        """Name of the command."""

    def command(self) -> Any:  # noqa: ANN401 - a command of Typer's own Click
        """Return the command."""


class Entry(NamedTuple):
    """A command: its name, its function or `typer.Typer` as `module:name`, and the end of a function's help."""

    name: str
    where: str
    epilog: str | None = None

    def command(self) -> Any:  # noqa: ANN401 - a command of Typer's own Click
        """Import the command's module, with what it imports of the rooms below deferred, and return the command."""
        return load(self)


class _Finder(MetaPathFinder):
    """Finds the deferred modules as the path does, and gives them a loader that waits for the first use."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        own = fullname.startswith("calc.cli.") and fullname not in _DEFERRED_HERE
        if own or not fullname.startswith("calc."):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


@contextmanager
def deferred() -> Iterator[None]:
    """Within it, an import of a deferred module returns at once; the module runs when something in it is used."""
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _Commands(MutableMapping[str, Any]):
    """Commands by name, each loaded when it is looked up."""

    def __init__(self, entries: Sequence[Loads], loaded: Mapping[str, Any]) -> None:
        self._entries = {entry.name: entry for entry in entries}
        self._loaded = dict(loaded)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - a command of Typer's own Click
        if name not in self._loaded:
            self._loaded[name] = self._entries[name].command()
        return self._loaded[name]

    def __setitem__(self, name: str, command: Any) -> None:  # noqa: ANN401 - as above
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._entries, **self._loaded})

    def __len__(self) -> int:
        return len({**self._entries, **self._loaded})

    def __contains__(self, name: object) -> bool:
        return name in self._entries or name in self._loaded


def lazy_group(*entries: Loads) -> type[TyperGroup]:
    """Class of a group with these commands, in their order.

    Args:
        entries: The commands; none is loaded before it is asked for.

    Returns:
        What `typer.Typer(cls=...)` takes.
    """

    class LazyGroup(TyperGroup):
        def __init__(self, *, commands: Any = None, **settings: Any) -> None:  # noqa: ANN401 - Typer's arguments
            super().__init__(commands=commands, **settings)
            self.commands = _Commands(entries, self.commands)

    return LazyGroup


def load(entry: Entry) -> Any:  # noqa: ANN401 - a command of Typer's own Click
    """Import a command's module, with what it imports of the rooms below deferred, and return the command."""
    module, _, attribute = entry.where.partition(":")
    with deferred():
        declared = getattr(import_module(module), attribute)
    holder = typer.Typer(add_completion=False, rich_markup_mode=None)
    if isinstance(declared, typer.Typer):
        holder.add_typer(declared, name=entry.name)
    else:
        holder.command(entry.name, epilog=entry.epilog)(declared)
    return typer.main.get_group(holder).commands[entry.name]
