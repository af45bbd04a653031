"""Enter in a ledger what is done with a night, unless it was before: postings, remittances and returns alike."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol, TypeVar

from calc.bulk.run.reread import Reread
from calc.errors import UsageError
from calc.ledger.folder import Ledger

SUMMARY: Final = "summary.json"


class Work(Protocol):
    """What is done with a night."""

    @property
    def figures(self) -> dict[str, int]:
        """Its sums, in cents and rows."""

    @property
    def files(self) -> dict[str, bytes]:
        """Its files by name."""

    @property
    def is_new(self) -> bool:
        """Whether there is anything that the ledger does not have."""


Done = TypeVar("Done", bound=Work)


def enter(
    ledger: Ledger,
    kind: str,
    night: Reread,
    work: Callable[[], Done],
    more: Callable[[Done, int], Mapping[str, bytes]] = lambda _, __: {},
) -> dict[str, Any]:
    """Do work with a night and enter it.

    Args:
        ledger: The ledger.
        kind: What is done.
        night: The night.
        work: Does it.
        more: Further files, of the work and the number of its entry.

    Returns:
        The night, the number of its entry, the work's sums, and `again`: whether the night was entered before and
        nothing is new.

    Raises:
        UsageError: The night is before the last one that was entered; its figures are overtaken.
    """
    last = max((each.as_of for each in ledger.entries if each.kind == kind), default=night.job.as_of)
    if night.job.as_of < last:
        raise UsageError(
            f"{ledger.folder}: the last {kind} is of {last}, and this night of {night.job.as_of}: enter nights in the "
            "order of their days"
        )
    done = work()
    entry = ledger.entry_of(kind, night)
    again = entry is not None and not done.is_new
    number = entry.number if entry is not None and again else len(ledger.entries) + 1
    shown = {**night.named, "entry": number, **done.figures}
    if not again:
        summary = f"{json.dumps(shown, indent=2)}\n".encode()
        ledger.append(kind, night, {**done.files, **more(done, number), SUMMARY: summary}, done.figures)
    return {**shown, "again": again}
