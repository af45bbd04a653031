"""Polars as `pl`, loaded when something of it is first used: a quote of one row takes no frame.

Annotations that name a type of Polars are quoted where this module is imported, since they would be evaluated at once.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

__all__ = ["pl"]

if TYPE_CHECKING:
    import polars as pl
else:

    class _Polars(ModuleType):
        """Stands for the module and keeps what was asked of it."""

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
            found = getattr(import_module("polars"), name)
            setattr(self, name, found)
            return found

    pl = _Polars("polars")
