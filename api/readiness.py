"""Prepare the service and report when it is ready: data checked, rules loaded, kernels compiled, quotes rehearsed."""

import asyncio
import gc
from typing import Final

from api.answering import law
from api.answering.topics import TOPICS, rendered, resolve, today
from api.models.examples import QUOTES
from api.pages import cache
from calc import datafiles
from calc.errors import PuccalcError
from calc.kernels import _jit

NOT_SERVED: Final = ("annual_rate", "calendar", "csv_structure", "transactions")
"""Kernel modules that no quote and no batch calls; compiling them would take a third of the startup time."""

_COLLECT_AT: Final = 10_000
"""Objects between collections: a batch makes thousands, none in cycles, so Python's default of 700 wastes time."""


class Readiness:
    """Track whether the service may be sent requests: sound data, and compiled kernels."""

    def __init__(self, *, warm: bool) -> None:
        """Start unchecked; `warm` says that there is nothing to compile."""
        self._warm = warm
        self._sound = False

    async def prepare(self, *, warm_up: bool) -> None:
        """Check the data and, with `warm_up`, compile kernels and rehearse quotes, all on a thread; charts come later.

        Charts take longer than all the rest, and only readers of the first page want them: they are drawn once the
        service is ready, beside requests. What has been loaded by then is left out of later collections of garbage:
        going through it took a tenth of a second each.

        Args:
            warm_up: Whether to compile before the service reports ready, and to draw afterwards.
        """
        try:
            await asyncio.to_thread(self.check)
            if warm_up:
                await asyncio.to_thread(_jit.warm_up, NOT_SERVED)
                await asyncio.to_thread(_rehearse)
            gc.freeze()
        finally:
            gc.set_threshold(_COLLECT_AT, 10, 10)
            gc.enable()
        self._warm = True
        if warm_up:
            await asyncio.to_thread(cache.draw)
            gc.collect()
            gc.freeze()

    def check(self) -> bool:
        """Return whether the service is ready; data found sound is not read again."""
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
    """Answer one explained quote per topic, so that all they load is loaded."""
    for name, topic in TOPICS.items():
        quote = topic.quote.model_validate(QUOTES[name]["plain"]["value"])
        options = resolve(quote)
        rendered(topic.ask([quote], options)[0], options, explain=True)
