"""The graph of datasets that a night walks: whose rows belong to whose, what rests on what, and in which order.

A dataset declares it itself: `owner`, `rests_on` and `gives` in `calc.columns.datasets`, a topic's own in the topic.
The nightly run, its dry run, `resume` and Spark go through the datasets in the order that follows from it.
"""

from collections.abc import Collection, Mapping

from calc.columns.dataset import Dataset
from calc.errors import UsageError
from calc.topics import nightly_datasets


def in_order(names: Collection[str]) -> list[str]:
    """Order the names of datasets: each after those whose rows belong to it, and after those that it rests on."""
    known = nightly_datasets.inputs()
    order: list[str] = []

    def visit(name: str) -> None:
        if name in names and name not in order:
            dataset = known.get(name)
            for each in (*dependents_of(name), *(dataset.rests_on if dataset else ())):
                visit(each)
            order.append(name)

    for name in (*known, *names):
        visit(name)
    return order


def dependents_of(name: str) -> list[str]:
    """Names of the datasets whose rows belong to rows of this one."""
    return [other for other, each in nightly_datasets.inputs().items() if each.owner and each.owner.dataset == name]


def check_complete(names: Collection[str]) -> None:
    """Check that datasets can be run together.

    Raises:
        UsageError: One is not known, or is given without one that its rows belong to or rest on, or nothing is given
            that has results.
    """
    known = nightly_datasets.inputs()
    for name in names:
        if name not in known:
            raise UsageError(f"{name}: no such dataset; give one of {', '.join(known)}")
        for needed in needed_by(known[name]):
            if needed not in names:
                raise UsageError(f"--{name} goes with --{needed}: give both")
    if not names:
        options = (f"--{name.replace('_', '-')}" for name in results_among(known))
        raise UsageError(f"nothing to recalculate: give one of {', '.join(options)}")


def needed_by(dataset: Dataset) -> tuple[str, ...]:
    """Names of the datasets without which this one cannot be run."""
    return (*([dataset.owner.dataset] if dataset.owner else []), *dataset.rests_on)


def results_among(datasets: Mapping[str, Dataset]) -> list[str]:
    """Names of those that have results of their own, which no other dataset is needed for."""
    return [name for name, each in datasets.items() if not needed_by(each)]
