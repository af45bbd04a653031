"""What a person sees on a terminal: Rich's tables, and tables on stdout. Loaded where something is shown."""

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

__all__ = ["Column", "Console", "Table", "Text", "print_tables"]


def print_tables(*tables: Table) -> None:
    """Print tables on stdout for a person."""
    console = Console(highlight=False)
    for table in tables:
        console.print(table)
