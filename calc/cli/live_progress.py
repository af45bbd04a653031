"""A run's live line on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn
from rich.progress import Progress as Bars

if TYPE_CHECKING:
    from calc.bulk.run.outcome import Progress


@contextmanager
def live(text_of: Callable[["Progress"], str]) -> Iterator[Callable[["Progress"], None]]:
    """Show one line a dataset, redrawn in place; what is done stays.

    Args:
        text_of: The text of a line after its bar.

    Yields:
        What takes a run's progress after each part.
    """
    told = TextColumn("{task.fields[told]}")
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        told,
    )
    tasks: dict[str, Any] = {}
    with Bars(*columns, console=Console(stderr=True)) as bars:
        tasks[""] = bars.add_task("opening the inputs", total=None, told="")

        def report(progress: "Progress") -> None:
            if "" in tasks:
                bars.remove_task(tasks.pop(""))
            if progress.dataset not in tasks:
                tasks[progress.dataset] = bars.add_task(progress.dataset, total=None, told="")
            total = max(progress.expected_rows, progress.rows) or None
            bars.update(tasks[progress.dataset], total=total, completed=progress.rows, told=text_of(progress))

        yield report
        for task in bars.tasks:
            bars.update(task.id, total=max(1, task.completed), completed=max(1, task.completed))
