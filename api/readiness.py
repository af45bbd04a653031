"""Whether the service may be sent requests: data checked, rules and rates loaded, kernels compiled."""

import asyncio

from api import law
from api.topics import today
from calc import datafiles
from calc.errors import PuccalcError
from calc.kernels import _jit


class Readiness:
    """What has been found at the start. `warm` is set once the kernels are compiled."""

    def __init__(self, *, warm: bool) -> None:
        """Nothing is checked yet."""
        self._warm = warm
        self._sound = False

    async def prepare(self, *, warm_up: bool) -> None:
        """Check the data and compile every kernel, on a thread."""
        await asyncio.to_thread(self.check)
        if warm_up:
            await asyncio.to_thread(_jit.warm_up)
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
