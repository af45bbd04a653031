"""List the datasets of a nightly run: the contract's, and those that topics declare."""

from calc.columns.contract import INPUTS, RESULTS
from calc.columns.dataset import Dataset
from calc.topics.table import TOPICS
from calc.topics.topic import Topic


def own_datasets() -> dict[str, Topic]:
    """Return, by dataset, the topics whose dataset a nightly run reads beside the contract's.

    It has a key, and control totals: what is published without them could not be checked.
    """
    totaled = (topic for topic in TOPICS.values() if topic.dataset.key and topic.dataset.total_by)
    return {topic.dataset.name: topic for topic in totaled if topic.dataset.name not in INPUTS}


def results() -> dict[str, Dataset]:
    """Return every dataset that a nightly run may publish, by name."""
    return {**RESULTS, **{name: topic.dataset for name, topic in own_datasets().items()}}


def inputs() -> dict[str, Dataset]:
    """Return every dataset that a nightly run may read, by name."""
    return {**INPUTS, **{name: topic.dataset for name, topic in own_datasets().items()}}
