"""The table of topics; a new one is declared in its module and named here."""

from typing import Final

from calc.columns.contract import INPUTS, RESULTS
from calc.columns.dataset import Dataset
from calc.topics import budget_billing, deposit_limit, fixed_credit, installment_plan, interest, unclaimed
from calc.topics.topic import Topic

TOPICS: Final[dict[str, Topic]] = {
    each.TOPIC.name: each.TOPIC
    for each in (interest, deposit_limit, unclaimed, fixed_credit, installment_plan, budget_billing)
}
"""Every topic by its name in paths and commands."""


def own_datasets() -> dict[str, Topic]:
    """Topics whose dataset a nightly run reads beside those of the contract, by the dataset's name: it has a key."""
    return {each.dataset.name: each for each in TOPICS.values() if each.dataset.key and each.dataset.name not in INPUTS}


def results() -> dict[str, Dataset]:
    """All that a nightly run may publish, by name."""
    return {**RESULTS, **{name: topic.dataset for name, topic in own_datasets().items()}}


def inputs() -> dict[str, Dataset]:
    """All that a nightly run may read, by name."""
    return {**INPUTS, **{name: topic.dataset for name, topic in own_datasets().items()}}
