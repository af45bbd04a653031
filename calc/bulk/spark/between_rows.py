"""What concerns more than one row on a cluster: repeated keys, held totals, participants, and what has no owner.

In: DataFrames of datasets, and the evaluated deposits. Out: DataFrames with columns that the evaluation of rows takes.
"""

from functools import reduce
from operator import and_
from typing import Any, Final

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812 - the name that Spark's own pages use

from calc.bulk.run.bounds import UNMATCHED
from calc.bulk.shuffle.holdings import OPEN
from calc.bulk.spark.part import (
    FLAGGED,
    HELD,
    TAKES_PART,
)
from calc.columns.contract import SERVICES, Dataset
from calc.errors import Reason
from calc.kernels.unclaimed import DEPOSIT

CONTENT: Final = r"(?U)\S"
"""Matches text that is not blank; (?U) for White_Space as Unicode and the row gate have it."""


def with_repeated_keys(dataset: Dataset, frame: DataFrame) -> DataFrame:
    """The frame with FLAGGED: every copy of a key that occurs more than once. A key with a blank column is none."""
    key = [F.col(name).cast("string") for name in dataset.key]
    whole = reduce(and_, (text.rlike(CONTENT) for text in key))
    copies = F.count(F.lit(1)).over(Window.partitionBy(*key))
    return frame.withColumn(FLAGGED, _bit(whole & (copies > 1), Reason.duplicate_key))


def with_holdings(accounts: DataFrame, deposits: DataFrame) -> DataFrame:
    """Accounts with HELD, and FLAGGED where a deposit of their account and service is refused.

    As `calc.bulk.shuffle.holdings` does on one machine.
    """
    held = _held(deposits).drop("deposits")
    service, account = F.col("refused.service"), F.col("refused.account_id").cast("string")
    both = F.array(*(F.lit(each) for each in SERVICES))
    services = F.when(service.isin(*SERVICES), F.array(service)).otherwise(both)
    refused = refused_rows(deposits).where(account.rlike(CONTENT)).select(
        account.alias("of_account"), F.explode(services).alias("of_service"), F.lit(1).alias("rests_on_refused")
    ).distinct()  # fmt: skip
    for frame in (held, refused):
        same = (accounts["account_id"].cast("string") == frame["of_account"]) & (
            accounts["service"] == frame["of_service"]
        )
        accounts = accounts.join(frame, same, "left").drop("of_account", "of_service")
    depends = _bit(F.col("rests_on_refused").isNotNull(), Reason.depends_on_quarantined)
    return accounts.withColumn(FLAGGED, F.col(FLAGGED).bitwiseOR(depends)).drop("rests_on_refused")


def with_participants(accounts: DataFrame, participants: DataFrame | None) -> DataFrame:
    """Accounts with TAKES_PART; as `calc.bulk.participation`."""
    if participants is None:
        return accounts
    account = F.col("account_id").cast("string")
    named = participants.where(account.rlike(CONTENT)).select(account.alias("of_account"), F.lit(1).alias("found"))
    same = accounts["account_id"].cast("string") == F.col("of_account")
    found = accounts.join(named.distinct(), same, "left").withColumn(TAKES_PART, F.col("found").isNotNull())
    return found.drop("of_account", "found")


def _held(deposits: DataFrame) -> DataFrame:
    """What open deposits hold, and how many they are, by account and service."""
    is_open = F.col("result.status").isin(*OPEN) & (F.col("kind") == DEPOSIT)
    return deposits.where(is_open).groupBy(
        F.col("result.account_id").alias("of_account"), F.col("result.service").alias("of_service")
    ).agg(F.sum("principal_cents").alias(HELD), F.count(F.lit(1)).alias("deposits"))  # fmt: skip


def unmatched_deposits(accounts: DataFrame, deposits: DataFrame) -> dict[str, Any]:
    """Open deposits without a row of their account and service, of how many, and what they hold."""
    keys = accounts.select(F.col("account_id").cast("string").alias("account"), "service")
    held = _held(deposits)
    same = (held["of_account"] == keys["account"]) & (held["of_service"] == keys["service"])
    missing = held.join(keys, same, "left_anti")
    count, cents = F.sum("deposits"), F.sum(F.col(HELD).cast("decimal(38,0)"))
    of = held.agg(count.alias("of")).first()
    found = missing.agg(count.alias("found"), cents.alias("cents")).first()
    figures = {**(found.asDict() if found else {}), **(of.asDict() if of else {})}
    return {UNMATCHED: {name: int(value or 0) for name, value in figures.items()}}


def _bit(condition: Column, reason: Reason) -> Column:
    return F.when(condition, F.lit(int(reason))).otherwise(F.lit(0)).cast("bigint")


def refused_rows(evaluated: DataFrame) -> DataFrame:
    """Rows of an evaluated dataset that are refused."""
    return evaluated.where(F.col("refused").isNotNull())
