"""What accounts rest on: the total held in open deposits by account and service, and which of them cannot be trusted.

Comes in: what each part of the deposits holds, as `held_of` gives it and the run keeps it in files. Goes out, for each
part of the accounts: the column held_cents, and the rows whose account and service (or whose account, if the deposit's
service cannot be read) has a refused deposit. In between, rows go by way of the disk to the part that they belong to.
Rule (j): kind deposit in the states active, waiting, unclaimed and overdue counts.
"""

from collections.abc import Callable, Iterable
from threading import Lock
from typing import Final

import numpy as np
import polars as pl

from calc.bulk.inputs.chunk import Part
from calc.bulk.inputs.pipeline import for_each_part
from calc.bulk.inputs.source import Source
from calc.bulk.publish.output import HOLDINGS, Run
from calc.bulk.publish.parts import PartFile
from calc.bulk.reconcile.findings import Finding, Listed
from calc.bulk.shuffle.spill import Directory, Spill
from calc.columns.contract import SERVICES
from calc.columns.customers import named
from calc.columns.evaluation import Evaluation
from calc.kernels.arrays import Bool, Int64
from calc.kernels.unclaimed import DEPOSIT

OPEN: Final = ("active", "waiting", "unclaimed", "overdue")
_SPILL: Final = "by-account"
_SERVICE: Final = pl.Enum(SERVICES)
_KEY: Final = ("account_id", "service")


class Holdings:
    """What is held, on its way from the parts of the deposits to those of the accounts."""

    def __init__(self, run: Run, unmatched_held: Callable[[pl.DataFrame], None] | None = None) -> None:
        """Nothing is held; `unmatched_held` is told what is of no account's row: customer_id, service, held_cents."""
        self._out = run.out
        self._unmatched_held = unmatched_held
        self._spill = Spill(run.subfolder(HOLDINGS) / _SPILL)
        self._adding = Lock()
        self.refused_without_account = 0
        """Refused deposits whose account cannot be read: nobody can say which account's row rests on them."""
        self._open = self._unmatched = self._unmatched_cents = 0
        self._listed = Listed(_KEY, ("deposits", "held_cents"))
        self._strangers: list[pl.DataFrame] = []
        self._taken: set[int] = set()

    def spill(self, files: Iterable[PartFile], directory: Directory, threads: int) -> None:
        """Spill what all parts of the deposits hold for the parts of the accounts; what is of no account falls away.

        `directory` is of the accounts' keys. OutputError for a full disk.
        """
        self._spill.positions = directory.positions

        def work(file: PartFile) -> None:
            held = pl.read_parquet(self._out / file.path, glob=False)
            refused = held["held_cents"].is_null()
            unknown = refused & ~held["account_id"].str.contains(r"\S").fill_null(value=False)
            rows = by_service(held.filter(~unknown))
            found, parts = directory.routes(rows)
            routes = np.bincount(found, minlength=rows.height)
            self._spill.add(rows.with_columns(routes=pl.Series(routes, dtype=pl.Int64))[found], parts)
            self._add_unmatched(rows.filter(pl.Series(routes == 0)))
            with self._adding:
                self.refused_without_account += int(unknown.sum())
                self._open += int(rows["deposits"].sum())

        for_each_part(files, work, threads)

    def of_accounts(self, part: Part, frame: pl.DataFrame) -> tuple[Int64, Bool]:
        """Held cents of each row of the accounts (0 where nothing is), and which rows rest on a refused deposit.

        InputError if the part is not cut as it was.
        """
        held = np.zeros(frame.height, dtype=np.int64)
        refused = np.zeros(frame.height, dtype=np.bool_)
        keys = _places(frame)
        strangers = [pl.DataFrame()]
        for batch in self._spill.batches(part):
            rows = batch.with_row_index("number")
            found = keys.join(rows, on=_KEY)
            place = found["place"].to_numpy()
            np.add.at(held, place, found["held_cents"].fill_null(0).to_numpy())
            refused[place[found["held_cents"].is_null().to_numpy()]] = True
            known = np.zeros(rows.height, dtype=np.bool_)
            known[found["number"].to_numpy()] = True
            if not known.all():  # sent here for a hash that another key has too
                strangers.append(rows.filter(pl.Series(~known)).with_columns(part=pl.lit(part.number)))
        with self._adding:
            if part.number not in self._taken:
                self._strangers += strangers[1:]
            self._taken.add(part.number)
        return held, refused

    def unmatched(self, accounts: Source, threads: int) -> Finding:
        """Open deposits without a row of their account and service, once every part of the accounts is done.

        Parts that a stopped run left whole are looked through for their keys. InputError as `of_accounts`.
        """

        def work(part: Part) -> None:
            self.of_accounts(part, part.load().frame)

        if self._taken != self._spill.positions.keys():
            rest = (part for part in accounts.parts(set(_KEY)) if part.number not in self._taken)
            for_each_part(rest, work, threads)
        if self._strangers:  # a key that is a stranger in every part that it was sent to is in none
            rows = pl.concat(self._strangers)
            seen = pl.col("part").n_unique().over(_KEY)
            rows = rows.filter(seen == pl.col("routes"), pl.col("part") == pl.col("part").min().over(_KEY))
            self._add_unmatched(rows.select(*_KEY, "customer_id", "held_cents", "deposits"))
        return Finding(self._unmatched, self._open, self._unmatched_cents, self._listed.rows())

    def _add_unmatched(self, rows: pl.DataFrame) -> None:
        """Add what is held of keys without a row in the accounts; what is of refused deposits is not told of."""
        if self._unmatched_held:
            self._unmatched_held(rows.select("customer_id", "service", "held_cents"))
        rows = rows.drop_nulls("held_cents")
        self._listed.add(rows.select(*_KEY, "deposits", "held_cents"))
        with self._adding:
            self._unmatched += int(rows["deposits"].sum())
            self._unmatched_cents += int(rows["held_cents"].cast(pl.Int128).sum())


def held_of(frame: pl.DataFrame, evaluation: Evaluation) -> pl.DataFrame:
    """What a part of the deposits holds: account_id, service, customer_id, held_cents, deposits.

    Held_cents is null for a refused row; `deposits` is the number of open deposits in a row, 0 for a refused one.

    `frame` is the part as it was read. Of refused rows, account and service are null where they cannot be read.
    """
    is_deposit = pl.Series(evaluation.inputs["kind"] == DEPOSIT)
    principal = pl.Series("held_cents", evaluation.inputs["principal_cents"])
    results = evaluation.results
    is_open = results["status"].cast(pl.String).is_in(OPEN) & is_deposit
    opened = results.select(_KEY).with_columns(principal)
    refused = refused_of(frame, evaluation)
    customer, is_good = named(frame), pl.Series(evaluation.reasons == 0)
    key = list(_KEY)
    if customer is not None:
        opened = opened.with_columns(customer.filter(is_good))
        refused = refused.with_columns(customer.filter(~is_good))
        key.append("customer_id")
    held = opened.filter(is_open).group_by(key).agg(pl.col("held_cents").sum(), deposits=pl.len().cast(pl.Int64))
    nothing = {"held_cents": pl.lit(None, pl.Int64), "deposits": pl.lit(0, pl.Int64)}
    found = pl.concat([held, refused.with_columns(**nothing)])
    if customer is None:
        found = found.with_columns(customer_id=pl.lit(None, pl.String))
    return found.select(*_KEY, "customer_id", "held_cents", "deposits")


def refused_of(frame: pl.DataFrame, evaluation: Evaluation) -> pl.DataFrame:
    """Account_id and service of a part's refused deposits, null where they cannot be read."""
    service = pl.col("service").cast(pl.String).cast(_SERVICE, strict=False)
    return frame.filter(pl.Series(evaluation.reasons != 0)).select(pl.col("account_id").cast(pl.String), service)


def resting_on(frame: pl.DataFrame, refused: pl.DataFrame) -> Int64:
    """Places of the rows of the accounts that rest on a refused deposit; `refused` as `by_service` gives them."""
    places: Int64 = _places(frame).join(refused, on=_KEY, how="semi")["place"].to_numpy()
    return places


def _places(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.col(name).cast(pl.String) for name in _KEY).with_row_index("place")


def by_service(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with services as text, those without a service once for each."""
    rows = rows.with_columns(pl.col("service").cast(pl.String))
    every = [rows.filter(pl.col("service").is_null()).with_columns(service=pl.lit(name)) for name in SERVICES]
    return pl.concat([rows.drop_nulls("service"), *every])
