"""Whether the service may be sent requests: data checked, rules and rates loaded, kernels compiled, charts drawn."""

import asyncio
import gc
from typing import Final

from api import law
from api.examples import QUOTES
from api.pages import cache
from api.topics import TOPICS, reading, rendered, today
from calc import datafiles
from calc.errors import PuccalcError
from calc.kernels import _jit

NOT_SERVED: Final = ("annual_rate", "calendar", "csv_structure", "transactions")
"""Modules of kernels that no quote and no batch calls; to compile them would take a third of the start."""

_COLLECT_AT: Final = 10_000
"""A batch makes objects by the thousand, none in cycles: not worth a search for cycles every 700."""


class Readiness:
    """What has been found at the start. `warm` is set once kernels are compiled and charts drawn."""

    def __init__(self, *, warm: bool) -> None:
        """Nothing is checked yet."""
        self._warm = warm
        self._sound = False

    async def prepare(self, *, warm_up: bool) -> None:
        """Check the data, compile every kernel, rehearse and draw, on a thread."""
        await asyncio.to_thread(self.check)
        if warm_up:
            await asyncio.to_thread(_jit.warm_up, NOT_SERVED)
            await asyncio.to_thread(_rehearse)
            gc.collect()
            gc.freeze()  # what stays for good is not gone through again: that took a tenth of a second each time
            gc.set_threshold(_COLLECT_AT, 10, 10)
        self._warm = True

    def check(self) -> bool:
        """Whether all is there. What was found sound stays so: files are read once."""
        if not self._sound:
            try:
                for name in datafiles.recorded_checksums():
                    datafiles.read_bytes(name)
                rules = law.rules_on(today(), "default", ())
                law.rates_of(rules.electric.annual_rate)
                law.guidelines()
            except PuccalcError:
                return False
            self._sound = True
        return self._warm


def _rehearse() -> None:
    """A quote of each topic, explained, and the first page's charts: what they load is there before anyone asks."""
    for name, topic in TOPICS.items():
        quote = topic.quote.model_validate(QUOTES[name]["plain"]["value"])
        asked = reading(quote)
        rendered(topic.ask([quote], asked)[0], asked, explain=True)
    cache.draw()
