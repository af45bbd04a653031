"""Take the values of options without Pydantic, which Typer would load to hand them to a parser.

Only values that need a parser of this room or none are taken here: text, paths, flags, and lists of them. Typer takes
all others, and every one where its inner parts are named otherwise than in the version that is locked.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args, get_origin

from typer import core

Take = Callable[[Any], Any]
"""Given a value, what the command receives."""


class _Value:
    """Takes one option's value; an error of a parser names the option, since Typer's Click adds it."""

    def __init__(self, take: Take, *, several: bool) -> None:
        self._take = take
        self._several = several

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ANN401, ARG002 - as Typer calls it
        """Return what the command receives."""
        if self._several:
            return [self._take(each) for each in value or ()]
        return None if value is None else self._take(value)


def take_plainly() -> None:
    """Have Typer ask here first for what takes an option's value."""
    typers_own = getattr(core, "build_runtime_param", None)
    if typers_own is not None:
        setattr(core, "build_runtime_param", lambda option: _value(option) or typers_own(option))  # noqa: B010 - Typer does not export it


def _value(option: Any) -> _Value | None:  # noqa: ANN401 - Typer's description of an option
    several = get_origin(option.annotation) is list
    take = _take(get_args(option.annotation)[0] if several else option.annotation, option.parameter_info)
    return None if take is None else _Value(take, several=several)


def _take(annotation: Any, info: Any) -> Take | None:  # noqa: ANN401 - as above
    """Return what takes one value; None where Typer must."""
    if info.parser is not None:
        return info.parser  # type: ignore[no-any-return]  # Typer types it as Any
    if annotation in {str, bool} and not info.envvar:
        return lambda value: value  # a flag's value is never text unless it comes from the environment
    checked = info.exists or info.resolve_path or info.allow_dash
    return Path if annotation is Path and not checked else None
