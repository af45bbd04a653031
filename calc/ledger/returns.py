"""Returns: deposits that are due back under rule (l), and what is held above the limit of rule (j), newest first.

Comes in: a published night with accounts, and a ledger. Goes out: a row for each deposit to be paid back, whole with
interest to the day, or the part of its principal above the limit. What the ledger has listed is listed again only once
the night holds another principal for the deposit.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from calc.bulk.publish.results import read_results
from calc.bulk.run.reread import Reread
from calc.columns.contract import ACCOUNTS
from calc.errors import UsageError
from calc.ledger.entered import OPEN, RETURN, RETURNS, RETURNS_FILE, remitted
from calc.ledger.folder import Ledger, parquet
from calc.ledger.posted import with_posted

DUE_BACK: Final = "due_back"
EXCESS: Final = "excess"
_ACCOUNT: Final = ("account_id", "service")


@dataclass(frozen=True, slots=True)
class Returns:
    """What a night returns.

    Attributes:
        rows: Rows of RETURNS.
        listed_before: Deposits that the ledger has listed and the night still holds as they were.
    """

    rows: pl.DataFrame
    listed_before: int

    @property
    def figures(self) -> dict[str, int]:
        """Sums for the ledger, summary.json and the terminal."""
        by_reason = {
            why: int(self.rows.filter(self.rows["why"] == why)["amount_cents"].sum()) for why in (DUE_BACK, EXCESS)
        }
        return {
            "rows": self.rows.height,
            "amount_cents": sum(by_reason.values()),
            **{f"{why}_cents": cents for why, cents in by_reason.items()},
            "to_recover_cents": int(self.rows["to_recover_cents"].sum()),
            "listed_before_rows": self.listed_before,
        }

    @property
    def is_new(self) -> bool:
        """Whether anything is to be returned that was not listed."""
        return self.rows.height > 0

    @property
    def files(self) -> dict[str, bytes]:
        """The rows of an entry."""
        return {RETURNS_FILE: parquet(self.rows)}


def returns(night: Reread, ledger: Ledger) -> Returns:
    """Work out what a night returns beside what a ledger has listed.

    Raises:
        UsageError: The night has no accounts.
        InputError: The night's inputs, which say when each deposit was received, are gone or changed.
        PublishRefusedError: They give other figures than the night published.
    """
    if ACCOUNTS.name not in night.manifest["datasets"]:
        raise UsageError(f"{night.folder}: run {night.run_id} has no accounts: give the night --accounts")
    accounts = _accounts(night)
    held = _held(night, accounts).join(remitted(ledger), on="deposit_id", how="anti")
    held = with_posted(held, night, ledger).join(_listed(ledger), on=["deposit_id", "held_cents"], how="left")
    held = held.with_columns(pl.col("listed_cents").fill_null(0))
    due = held.filter(pl.col("return_due"))
    over = _over(held.filter(~pl.col("return_due")), accounts, due)
    rows = [_due_back(due.filter(pl.col("listed_cents") < pl.col("held_cents"))), over]
    found = pl.concat([each.select(list(RETURNS)).cast(RETURNS) for each in rows])
    listed = held.filter(pl.col("listed_cents") > 0).height
    return Returns(found.sort("service", "account_id", "received_date", "deposit_id"), listed)


def _accounts(night: Reread) -> pl.DataFrame:
    """Accounts with something to be returned, and `holder`: the customer where the limit is the customer's."""
    wanted = pl.col("return_due") | (pl.col("excess_cents") > 0)
    columns = ("return_due", "excess_cents", "limit_of")
    rows = (
        read_results(night.folder, ACCOUNTS.name, night.manifest)
        .filter(wanted)
        .select(*(pl.col(name).cast(pl.String) for name in _ACCOUNT), *columns)
        .with_columns(pl.col("limit_of").cast(pl.String).fill_null("account"))
        .collect(engine="streaming")
    )
    if not (rows["limit_of"] == "customer").any():
        return rows.with_columns(holder="account_id")
    named = night.customers(rows.select(*_ACCOUNT))
    holder = pl.when(pl.col("limit_of") == "customer").then("customer_id").otherwise("account_id")
    return rows.join(named, on=_ACCOUNT, how="left").with_columns(holder=holder)


def _held(night: Reread, accounts: pl.DataFrame) -> pl.DataFrame:
    """Open deposits of the accounts, advances left out, with the day of receipt and the account's columns."""
    published = (
        read_results(night.folder, "deposits", night.manifest)
        .filter(pl.col("status").cast(pl.String).is_in(OPEN))
        .select(
            "deposit_id", *(pl.col(name).cast(pl.String) for name in (*_ACCOUNT, "status")), "interest_cents",
            "posted_cents", held_cents="principal_cents",
        )
        .join(accounts.lazy(), on=_ACCOUNT, how="inner")
        .collect(engine="streaming")
    )  # fmt: skip
    again = night.deposits(published["deposit_id"]) if published.height else None
    if again is None:
        return published.with_columns(received_date=pl.lit(None, dtype=pl.Date))
    deposits = again.filter(again["kind"] == "deposit").select("deposit_id", "received_date")
    return published.join(deposits, on="deposit_id", how="inner")


def _listed(ledger: Ledger) -> pl.DataFrame:
    """What was listed of each deposit while it held a principal: deposit_id, held_cents, listed_cents."""
    rows = ledger.rows(RETURN, RETURNS_FILE, RETURNS)
    return rows.group_by("deposit_id", "held_cents").agg(listed_cents=pl.col("principal_cents").sum())


def _due_back(rows: pl.DataFrame) -> pl.DataFrame:
    """The whole of each deposit with interest due to the day; what was posted too much is not taken from it."""
    interest = pl.col("interest_cents") - pl.col("posted_cents")
    due = pl.max_horizontal(pl.lit(0), interest)
    principal = pl.col("held_cents") - pl.col("listed_cents")
    return rows.with_columns(
        why=pl.lit(DUE_BACK), principal_cents=principal, interest_due_cents=due,
        to_recover_cents=pl.max_horizontal(pl.lit(0), -interest), amount_cents=principal + due,
    )  # fmt: skip


def _over(rows: pl.DataFrame, accounts: pl.DataFrame, due: pl.DataFrame) -> pl.DataFrame:
    """The part of each deposit above the limit, newest first; principal alone. Interest is posted at its own return.

    What is due back, or was listed before, is no longer held above the limit.
    """
    of = ["holder", "service"]
    excess = accounts.group_by(of).agg(pl.col("excess_cents").max())
    gone = due.group_by(of).agg(gone_cents=pl.col("held_cents").sum())
    listed = rows.group_by(of).agg(pl.col("listed_cents").sum().alias("all_listed_cents"))
    none = pl.lit(0, dtype=pl.Int64)
    left = pl.col("held_cents") - pl.col("listed_cents")
    before = left.cum_sum().over(of) - left
    part = pl.min_horizontal(left, pl.max_horizontal(none, pl.col("to_return_cents") - before))
    to_return = pl.col("excess_cents") - pl.col("gone_cents").fill_null(0) - pl.col("all_listed_cents")
    return (
        rows.drop("excess_cents")
        .join(excess, on=of)
        .join(gone, on=of, how="left")
        .join(listed, on=of)
        .with_columns(to_return_cents=to_return)
        .sort("received_date", "deposit_id", descending=[True, False])
        .with_columns(
            why=pl.lit(EXCESS), principal_cents=part, interest_due_cents=none, to_recover_cents=none, amount_cents=part
        )
        .filter(pl.col("principal_cents") > 0)
    )
