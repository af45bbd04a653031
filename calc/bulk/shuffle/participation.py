"""Which accounts have a row among the night's participants, rule (e): help of the customer, whatever the service.

Comes in: the participants' accounts, refused rows among them: who is in a program is, however the row is written. Goes
out, for each part of the accounts: those of its accounts that take part. In between, they go by way of the disk to the
parts in which the account may stand.
"""

from typing import Final

import polars as pl

from calc.bulk.inputs.chunk import Part
from calc.bulk.inputs.pipeline import for_each_part
from calc.bulk.inputs.source import Source
from calc.bulk.publish.output import HOLDINGS, Run
from calc.bulk.shuffle.spill import Directory, Spill
from calc.columns import texts
from calc.columns.contract import SERVICES
from calc.columns.plain import plain

_ACCOUNT: Final = "account_id"
_SPILL: Final = "by-participant"


class Participation:
    """Accounts that take part, on their way from the participants to the parts of the accounts."""

    def __init__(self, run: Run, participants: Source, directory: Directory, threads: int) -> None:
        """Pass over the participants' accounts; `directory` is of the accounts' keys. Errors as `Holdings.spill`."""
        self._spill = Spill(run.subfolder(HOLDINGS) / _SPILL)
        self._spill.positions = directory.positions

        def work(part: Part) -> None:
            account = plain(part.load().frame[_ACCOUNT]).cast(pl.String)
            accounts = pl.DataFrame({_ACCOUNT: account.filter(~pl.Series(texts.blank(account))).unique()})
            both = pl.concat([accounts.with_columns(service=pl.lit(name)) for name in SERVICES])
            found, parts = directory.routes(both)
            self._spill.add(both.select(_ACCOUNT)[found], parts)

        for_each_part(participants.parts({_ACCOUNT}), work, threads)

    def of_part(self, part: Part) -> pl.Series:
        """Accounts that take part, of those that may stand in a part: by their texts, each once."""
        found = [pl.Series(_ACCOUNT, [], dtype=pl.String), *(rows[_ACCOUNT] for rows in self._spill.batches(part))]
        return pl.concat(found).unique()
