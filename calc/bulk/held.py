"""What accounts rest on: the total held in open deposits by account and service, and which of them cannot be trusted.

Comes in: every part of the deposits, its results and its refused rows. Goes out: the column held_cents for the
accounts, and the rows whose account and service (or whose account, if the deposit's service cannot be read) has a
refused deposit. Rule (j): kind deposit in the states active, waiting, unclaimed and overdue counts.
"""

from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from calc.columns.contract import SERVICES
from calc.columns.evaluation import Evaluation
from calc.kernels.unclaimed import DEPOSIT

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]

OPEN: Final = ("active", "waiting", "unclaimed", "overdue")
_SERVICE: Final = pl.Enum(SERVICES)
_KEY: Final = ("account_id", "service")


class Holdings:
    """Gathers deposits part by part, from any thread; asked once all of them are in."""

    def __init__(self) -> None:
        """Nothing is held."""
        self._adding = Lock()
        self._held = [pl.DataFrame(schema={"account_id": pl.String, "service": _SERVICE, "held_cents": pl.Int64})]
        self._refused = [pl.DataFrame(schema={"account_id": pl.String, "service": _SERVICE})]
        self.refused_without_account = 0
        """Refused deposits whose account cannot be read: nobody can say which account's row rests on them."""

    def add(self, part: pl.DataFrame) -> None:
        """Take in what `held_of` a part of the deposits is."""
        refused = part.filter(pl.col("held_cents").is_null()).select(_KEY)
        known = refused.filter(pl.col("account_id").str.contains(r"\S"))
        with self._adding:
            self._held.append(part.drop_nulls("held_cents"))
            self._refused.append(known)
            self.refused_without_account += refused.height - known.height

    def close(self) -> None:
        """All deposits are in: total them."""
        self._held = [_by_account(pl.concat(self._held))]
        refused = pl.concat(self._refused).unique()
        whole = refused.filter(pl.col("service").is_null()).select("account_id")
        everywhere = whole.join(pl.DataFrame({"service": pl.Series(SERVICES, dtype=_SERVICE)}), how="cross")
        self._refused = [pl.concat([refused.drop_nulls(), everywhere]).unique()]

    @property
    def held_cents(self) -> int:
        """Total over all accounts."""
        return int(self._held[0]["held_cents"].cast(pl.Int128).sum())

    def of_accounts(self, frame: pl.DataFrame) -> tuple[Int64, Bool]:
        """Held cents of each row of the accounts (0 where nothing is), and which rows rest on a refused deposit."""
        keys = frame.select(_key_columns()).with_row_index("place")
        held = np.zeros(frame.height, dtype=np.int64)
        found = keys.join(self._held[0], on=_KEY)
        held[found["place"].to_numpy()] = found["held_cents"].to_numpy()
        refused = np.zeros(frame.height, dtype=np.bool_)
        refused[keys.join(self._refused[0], on=_KEY)["place"].to_numpy()] = True
        return held, refused


def held_of(frame: pl.DataFrame, evaluation: Evaluation) -> pl.DataFrame:
    """What a part of the deposits holds: account_id, service, held_cents; held_cents null for a refused row.

    `frame` is the part as it was read. Of refused rows, account and service are null where they cannot be read.
    """
    is_deposit = pl.Series(evaluation.inputs["kind"] == DEPOSIT)
    principal = pl.Series("held_cents", evaluation.inputs["principal_cents"])
    results = evaluation.results
    is_open = results["status"].cast(pl.String).is_in(OPEN) & is_deposit
    held = _by_account(results.select(_KEY).with_columns(principal).filter(is_open))
    refused = frame.filter(pl.Series(evaluation.reasons != 0)).select(_key_columns())
    return pl.concat([held, refused.with_columns(held_cents=pl.lit(None, pl.Int64))])


def read_held(path: Path) -> pl.DataFrame:
    """What `held_of` a part was, from the file that it was written to."""
    return pl.read_parquet(path, glob=False).with_columns(pl.col("service").cast(_SERVICE))


def _by_account(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.group_by(_KEY).agg(pl.col("held_cents").sum())


def _key_columns() -> list[pl.Expr]:
    service = pl.col("service").cast(pl.String).cast(_SERVICE, strict=False)
    return [pl.col("account_id").cast(pl.String), service]
