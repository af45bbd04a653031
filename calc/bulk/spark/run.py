"""The nightly run over Spark DataFrames: deposits, then the accounts that rest on them, then participants.

Spark does what concerns more than one row: repeated keys, held totals, rows that rest on a refused one, control totals.
Rows themselves go through `part`, by the same calculators as on one machine. Comes in: a DataFrame a dataset. Goes out:
results and quarantine as DataFrames, and a manifest with the control totals.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import reduce
from importlib.metadata import version
from operator import and_
from typing import Any, Final, NamedTuple

import polars as pl
import pyarrow as pa
from pyspark.sql import Column, DataFrame, Row, Window
from pyspark.sql import functions as F  # noqa: N812 - the name that Spark's own pages use
from pyspark.sql.types import ArrayType, LongType, StringType, StructField, StructType

import calc
from calc.bulk.reconcile.totals import FIGURES, GROUPS, Totals, as_json, check_rows
from calc.bulk.run.bounds import UNMATCHED
from calc.bulk.run.manifest import basis_of, is_provisional, notes_of, rate_in_force, unknown_accounts
from calc.bulk.shuffle.holdings import OPEN
from calc.bulk.spark.part import (
    FLAGGED,
    HELD,
    INPUTS,
    PLACE,
    TAKES_PART,
    Evaluate,
    evaluate_batches,
    evaluations,
    result_schema,
)
from calc.columns.contract import ACCOUNTS, DATASETS, SERVICES, Dataset
from calc.columns.gate import gate
from calc.errors import InputError, Reason
from calc.kernels.unclaimed import DEPOSIT
from calc.rates.computing.table import RateTable, load_rate_table
from calc.rules.resolve import Rules, load_rules

_CONTENT: Final = r"(?U)\S"
"""Matches text that is not blank; (?U) for White_Space as Unicode and the row gate have it."""
_WHY: Final = ("reasons", "reason_columns", "reason_allowed")
"""What a refused row has beside its columns."""
_DDL: Final[dict[pa.DataType, str]] = {
    pa.string(): "string",
    pa.int32(): "int",
    pa.int64(): "bigint",
    pa.date32(): "date",
    pa.bool_(): "boolean",
    pa.list_(pa.int64()): "array<bigint>",
    pa.list_(pa.string()): "array<string>",
}


class SparkRun(NamedTuple):
    """Results, quarantine and control totals by dataset, and a manifest with all that they rest on.

    Quarantine has the columns as they came and `reasons`; totals are integer cents. `evaluated` is what Spark keeps, so
    that nothing is computed twice: call `release` when the frames are no longer needed.
    """

    results: dict[str, DataFrame]
    quarantine: dict[str, DataFrame]
    totals: dict[str, Totals]
    manifest: dict[str, Any]
    evaluated: dict[str, DataFrame]

    def release(self) -> None:
        """Give back the memory and disk of the cluster that the frames take."""
        for frame in self.evaluated.values():
            frame.unpersist()


def run_spark(
    *,
    as_of: date,
    deposits: DataFrame,
    accounts: DataFrame | None = None,
    participants: DataFrame | None = None,
    tariff: str = "default",
    switches: Mapping[str, str] | None = None,
    known_on: date | None = None,
) -> SparkRun:
    """Recalculate a portfolio on a day; columns, results, reasons and control totals are those of the nightly run.

    Rules, rates and guidelines are loaded here and travel to the workers. Columns `file` and `row`, as `read_input`
    puts them, go with refused rows. InputError for a missing column or one that cannot hold its values,
    PublishRefusedError where rows in are not rows out plus rows quarantined.
    """
    rules = load_rules(as_of, switches=switches, tariff=tariff)
    rates = load_rate_table(rules.electric.annual_rate, known_on=known_on)
    given = {"deposits": deposits, "accounts": accounts, "participants": participants}
    inputs = {name: _checked(DATASETS[name], frame) for name, frame in given.items() if frame is not None}
    evaluate = evaluations(rules, rates, as_of)
    evaluated: dict[str, DataFrame] = {}
    for name, frame in inputs.items():
        flagged = _with_repeated_keys(DATASETS[name], frame)
        if name == "accounts":
            flagged = _with_participants(_with_holdings(flagged, evaluated["deposits"]), inputs.get("participants"))
        evaluated[name] = _evaluated(DATASETS[name], frame.schema, flagged, evaluate[name])
    totalled = {name: _good(name, frame) for name, frame in evaluated.items()}
    quarantine = {name: _bad(frame).select("refused.*") for name, frame in evaluated.items()}
    totals = {name: totals_of(name, frame) for name, frame in totalled.items()}
    return SparkRun(
        results={name: frame.select(*DATASETS[name].results) for name, frame in totalled.items()},
        quarantine=quarantine,
        totals=totals,
        manifest={
            **_figures(inputs, totals, quarantine),
            **_basis(as_of, known_on, rules, rates),
            "bounds": _unmatched(inputs["accounts"], evaluated["deposits"]) if "accounts" in inputs else {},
            "notes": notes_of(as_of, rules, rates, inputs) + (_notes(quarantine) if "accounts" in inputs else []),
        },
        evaluated=evaluated,
    )


def totals_of(dataset: str, frame: DataFrame) -> Totals:
    """Totals of the figures that the frame has, by service and group, summed as decimals of 38 figures."""
    group = GROUPS[dataset]
    sums = [_sum(name, frame).alias(name) for name in FIGURES[dataset] if name in frame.columns]
    totals: Totals = {}
    for found in frame.groupBy("service", group).agg(F.count(F.lit(1)).alias("rows"), *sums).collect():
        row = found.asDict()
        service, word = row.pop("service"), row.pop(group)
        totals.setdefault(service, {})[word] = {name: int(value) for name, value in row.items()}
    return totals


def _sum(name: str, frame: DataFrame) -> Column:
    cents = F.col(name)
    if isinstance(frame.schema[name].dataType, ArrayType):
        cents = F.aggregate(cents, F.lit(0).cast("bigint"), lambda total, each: total + each)
    return F.sum(cents.cast("decimal(38,0)"))


def _checked(dataset: Dataset, frame: DataFrame) -> DataFrame:
    """The contract's columns, and the place; InputError if one is missing or of a type that will not do."""
    known = {name for column in dataset.columns for name in column.names}
    frame = frame.select([name for name in frame.columns if name in known or name in PLACE])
    # No row is needed to find a column that is missing or cannot hold its values exactly.
    gate(dataset, pl.DataFrame(pl.from_arrow(frame.limit(0).toArrow())))
    if dataset is ACCOUNTS and "customer_id" in frame.columns:
        _refuse_customers(frame)
    return frame


def _refuse_customers(accounts: DataFrame) -> None:
    """InputError where a row names a customer: workers see some rows of a customer's, never all of them."""
    if accounts.where(F.col("customer_id").cast("string").rlike(_CONTENT)).take(1):
        raise InputError(
            "accounts: customer_id: limits by customer are reckoned on one machine only: use puccalc run nightly, or "
            "leave the column out, and each account stands for a customer"
        )


def _with_repeated_keys(dataset: Dataset, frame: DataFrame) -> DataFrame:
    """The frame with FLAGGED: every copy of a key that occurs more than once. A key with a blank column is none."""
    key = [F.col(name).cast("string") for name in dataset.key]
    whole = reduce(and_, (text.rlike(_CONTENT) for text in key))
    copies = F.count(F.lit(1)).over(Window.partitionBy(*key))
    return frame.withColumn(FLAGGED, _bit(whole & (copies > 1), Reason.duplicate_key))


def _with_holdings(accounts: DataFrame, deposits: DataFrame) -> DataFrame:
    """Accounts with HELD, and FLAGGED where a deposit of their account and service is refused.

    As `calc.bulk.shuffle.holdings` does on one machine.
    """
    held = _held(deposits).drop("deposits")
    service, account = F.col("refused.service"), F.col("refused.account_id").cast("string")
    both = F.array(*(F.lit(each) for each in SERVICES))
    services = F.when(service.isin(*SERVICES), F.array(service)).otherwise(both)
    refused = _bad(deposits).where(account.rlike(_CONTENT)).select(
        account.alias("of_account"), F.explode(services).alias("of_service"), F.lit(1).alias("rests_on_refused")
    ).distinct()  # fmt: skip
    for frame in (held, refused):
        same = (accounts["account_id"].cast("string") == frame["of_account"]) & (
            accounts["service"] == frame["of_service"]
        )
        accounts = accounts.join(frame, same, "left").drop("of_account", "of_service")
    depends = _bit(F.col("rests_on_refused").isNotNull(), Reason.depends_on_quarantined)
    return accounts.withColumn(FLAGGED, F.col(FLAGGED).bitwiseOR(depends)).drop("rests_on_refused")


def _with_participants(accounts: DataFrame, participants: DataFrame | None) -> DataFrame:
    """Accounts with TAKES_PART; as `calc.bulk.participation`."""
    if participants is None:
        return accounts
    account = F.col("account_id").cast("string")
    named = participants.where(account.rlike(_CONTENT)).select(account.alias("of_account"), F.lit(1).alias("found"))
    same = accounts["account_id"].cast("string") == F.col("of_account")
    found = accounts.join(named.distinct(), same, "left").withColumn(TAKES_PART, F.col("found").isNotNull())
    return found.drop("of_account", "found")


def _held(deposits: DataFrame) -> DataFrame:
    """What open deposits hold, and how many they are, by account and service."""
    is_open = F.col("result.status").isin(*OPEN) & (F.col("kind") == DEPOSIT)
    return deposits.where(is_open).groupBy(
        F.col("result.account_id").alias("of_account"), F.col("result.service").alias("of_service")
    ).agg(F.sum("principal_cents").alias(HELD), F.count(F.lit(1)).alias("deposits"))  # fmt: skip


def _unmatched(accounts: DataFrame, deposits: DataFrame) -> dict[str, Any]:
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


def _evaluated(dataset: Dataset, columns: StructType, frame: DataFrame, evaluate: Evaluate) -> DataFrame:
    """Every row's result or refusal, computed once and kept."""
    result = ", ".join(f"{field.name} {_DDL[field.type]}" for field in result_schema(dataset))
    refused = [StructField(field.name, field.dataType) for field in columns]
    schema = StructType([
        StructField("result", StructType.fromDDL(result)),
        StructField("refused", StructType([*refused, *(StructField(each, ArrayType(StringType())) for each in _WHY)])),
        *(StructField(name, LongType()) for name in INPUTS[dataset.name]),
    ])  # fmt: skip
    name, here = dataset.name, calc.__version__

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return evaluate_batches(batches, name, evaluate, here)

    return frame.mapInArrow(work, schema).persist()


def _good(name: str, evaluated: DataFrame) -> DataFrame:
    return evaluated.where(F.col("result").isNotNull()).select("result.*", *INPUTS[name])


def _bad(evaluated: DataFrame) -> DataFrame:
    return evaluated.where(F.col("refused").isNotNull())


def _figures(
    inputs: Mapping[str, DataFrame], totals: Mapping[str, Totals], quarantine: Mapping[str, DataFrame]
) -> dict[str, Any]:
    """Rows, reasons and control totals by dataset; a row with several reasons counts under each."""
    rows: dict[str, dict[str, int]] = {}
    refused: dict[str, dict[str, Any]] = {}
    for name, frame in inputs.items():
        places = [F.min(F.struct(*PLACE)).alias("first")] if set(PLACE) <= set(quarantine[name].columns) else []
        found = quarantine[name].groupBy(*_WHY).agg(F.count(F.lit(1)).alias("rows"), *places).collect()
        reasons: Counter[str] = Counter()
        for row in found:
            reasons.update(dict.fromkeys(row["reasons"], row["rows"]))
        refused[name] = {
            "rows": sum(row["rows"] for row in found),
            "reasons": dict(sorted(reasons.items())),
            "by_column": _by_column(found),
        }
        rows_out = sum(sums["rows"] for groups in totals[name].values() for sums in groups.values())
        rows[name] = {"in": frame.count(), "out": rows_out, "quarantined": refused[name]["rows"]}
        check_rows(name, *rows[name].values())
    control_totals = {name: as_json(name, found) for name, found in totals.items()}
    return {"rows": rows, "quarantine": refused, "control_totals": control_totals}


def _by_column(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Refused rows by reason and columns, the most first, each with its first row where places are known."""
    counts: Counter[tuple[str, str, str]] = Counter()
    first: dict[tuple[str, str, str], Any] = {}
    for row in rows:
        for reason, columns, allowed in zip(*(row[each] for each in _WHY), strict=True):
            pairs = zip(columns.split(", "), allowed.split("; "), strict=True)
            for key in ((reason, column, within) for column, within in pairs):
                counts[key] += row["rows"]
                if "first" in row:
                    first[key] = min(first.get(key, row["first"]), row["first"])
    ordered = sorted(counts, key=lambda key: (-counts[key], key))
    return [
        {
            "reason": reason,
            "column": column,
            "allowed": allowed,
            "rows": counts[reason, column, allowed],
            "first": first[reason, column, allowed].asDict() if first else None,
        }
        for reason, column, allowed in ordered
    ]


def _notes(quarantine: Mapping[str, DataFrame]) -> list[str]:
    """What a reader of the accounts has to know besides."""
    account = F.col("account_id").cast("string")
    unknown = quarantine["deposits"].where(account.isNull() | ~account.rlike(_CONTENT)).count()
    return [unknown_accounts(unknown)] if unknown else []


def _basis(as_of: date, known_on: date | None, rules: Rules, rates: RateTable) -> dict[str, Any]:
    """What the results rest on, under the names of the nightly run's manifest."""
    basis = basis_of(rules, rates)
    return {
        "as_of": as_of.isoformat(),
        "known_on": known_on.isoformat() if known_on else None,
        "tariff": rules.tariff.name,
        "switches": dict(rules.switches),
        "rate_in_force": rate_in_force(as_of, rates),
        "provisional": is_provisional(as_of, rates),
        "rates_basis": rates.basis,
        "checksums": basis["checksums"],
        "versions": {**basis["versions"], "pyspark": version("pyspark")},
    }
