"""The table of topics; a new one is declared in its module and named here."""

from typing import Final

from calc.topics import deposit_limit, fixed_credit, interest, unclaimed
from calc.topics.topic import Topic

TOPICS: Final[dict[str, Topic]] = {
    each.TOPIC.name: each.TOPIC for each in (interest, deposit_limit, unclaimed, fixed_credit)
}
"""Every topic by its name in paths and commands."""
