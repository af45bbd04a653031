"""The nightly run over Spark DataFrames: deposits, then the accounts that rest on them, then participants.

Spark does what concerns more than one row: repeated keys, held totals, rows that rest on a refused one, control totals.
Rows themselves go through `part`, by the same calculators as on one machine. Comes in: a DataFrame a dataset. Goes out:
results and quarantine as DataFrames, and a manifest with the control totals.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any, Final, NamedTuple, cast

import polars as pl
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that Spark's own pages use
from pyspark.sql.types import ArrayType, LongType, StringType, StructField, StructType

import calc
from calc.bulk.reconcile.totals import FIGURES, GROUPS, Totals
from calc.bulk.run import graph
from calc.bulk.run.law import check_rules
from calc.bulk.run.manifest import notes_of
from calc.bulk.spark import years
from calc.bulk.spark.between_rows import (
    CONTENT,
    refused_rows,
    unmatched_deposits,
    with_holdings,
    with_participants,
    with_repeated_keys,
)
from calc.bulk.spark.part import (
    INPUTS,
    PLACE,
    Evaluate,
    evaluate_batches,
    evaluations,
    result_schema,
)
from calc.bulk.spark.summary import WHY, basis, figures, notes_of_accounts, notes_of_events, results_left_out
from calc.columns.contract import (
    ACCOUNTS,
    DATASETS,
    PARTICIPANT_EVENTS,
    PARTICIPANT_MONTHS,
    PARTICIPANTS,
    RESULTS,
    Dataset,
)
from calc.columns.contract import INPUTS as INPUTS_OF_RUN
from calc.columns.gate import gate
from calc.columns.participant_year import evaluate as evaluate_years
from calc.errors import InputError
from calc.rates.ruled.in_force import rates_in_force
from calc.rules.guidelines import load_guidelines
from calc.rules.jurisdictions import COLORADO
from calc.rules.resolve import Rules, load_rules

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
    deposits: DataFrame | None = None,
    accounts: DataFrame | None = None,
    participants: DataFrame | None = None,
    events: DataFrame | None = None,
    jurisdiction: str = COLORADO,
    tariff: str = "default",
    switches: Mapping[str, str] | None = None,
    known_on: date | None = None,
) -> SparkRun:
    """Recalculate a portfolio on a day; columns, results, reasons and control totals are those of the nightly run.

    Rules, rates and guidelines are loaded here and travel to the workers. Columns `file` and `row`, as `read_input`
    puts them, go with refused rows. InputError for a missing column or one that cannot hold its values,
    PublishRefusedError where rows in are not rows out plus rows quarantined, UsageError where the jurisdiction has no
    rule for a dataset.
    """
    rules = load_rules(as_of, switches=switches, tariff=tariff, jurisdiction=jurisdiction)
    named = {"deposits": deposits, "accounts": accounts, "participants": participants, "events": events}
    given = {name: frame for name, frame in named.items() if frame is not None}
    graph.check_complete(given)
    check_rules(given, rules)
    rates = rates_in_force(rules, known_on=known_on)
    inputs = {name: _checked(INPUTS_OF_RUN[name], given[name]) for name in graph.in_order(given)}
    evaluate = evaluations(rules, rates, as_of)
    evaluated: dict[str, DataFrame] = {}
    for name, frame in inputs.items():
        if name == PARTICIPANT_EVENTS.name:
            continue  # computed with their participants
        flagged = with_repeated_keys(DATASETS[name], frame)
        if name == "accounts":
            flagged = with_participants(with_holdings(flagged, evaluated["deposits"]), inputs.get("participants"))
        if name == "participants" and PARTICIPANT_EVENTS.name in inputs:
            evaluated[name] = _with_events(flagged, frame.schema, inputs[PARTICIPANT_EVENTS.name], rules, as_of)
        else:
            evaluated[name] = _evaluated(DATASETS[name], frame.schema, flagged, evaluate[name])
    totalled = {name: _good(name, frame) for name, frame in evaluated.items()}
    quarantine = {name: refused_rows(frame).select("refused.*") for name, frame in evaluated.items()}
    if PARTICIPANT_EVENTS.name in inputs:
        totalled[PARTICIPANT_MONTHS.name] = years.of_kind(evaluated["participants"], "month")
        quarantine[PARTICIPANT_EVENTS.name] = years.of_kind(evaluated["participants"], "refused_event")
    totals = {name: totals_of(name, frame) for name, frame in totalled.items()}
    return SparkRun(
        results={name: frame.select(*RESULTS[name].results) for name, frame in totalled.items()},
        quarantine=quarantine,
        totals=totals,
        manifest={
            **figures(inputs, totals, quarantine),
            **basis(as_of, known_on, rules, rates),
            "bounds": unmatched_deposits(inputs["accounts"], evaluated["deposits"]) if "accounts" in inputs else {},
            "notes": [
                *notes_of(as_of, rules, rates, inputs),
                *(notes_of_accounts(quarantine) if "accounts" in inputs else []),
                *(notes_of_events(quarantine) if PARTICIPANT_EVENTS.name in inputs else []),
                *results_left_out(inputs),
            ],
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
        totals.setdefault(service, {})[str(word)] = {name: int(value) for name, value in row.items()}
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
    if accounts.where(F.col("customer_id").cast("string").rlike(CONTENT)).take(1):
        raise InputError(
            "accounts: customer_id: limits by customer are reckoned on one machine only: use puccalc run nightly, or "
            "leave the column out, and each account stands for a customer"
        )


def _evaluated(dataset: Dataset, columns: StructType, frame: DataFrame, evaluate: Evaluate) -> DataFrame:
    """Every row's result or refusal, computed once and kept."""
    schema = StructType([
        StructField("result", _result_struct(dataset)),
        StructField("refused", _refused_struct(columns)),
        *(StructField(name, LongType()) for name in INPUTS[dataset.name]),
    ])  # fmt: skip
    name, here = dataset.name, calc.__version__

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return evaluate_batches(batches, name, evaluate, here)

    return frame.mapInArrow(work, schema).persist()


def _with_events(
    participants: DataFrame, columns: StructType, events: DataFrame, rules: Rules, as_of: date
) -> DataFrame:
    """Every participant's result or refusal, with months and refused events, computed once and kept."""
    evaluate = partial(evaluate_years, rules=rules, as_of=as_of, guidelines=load_guidelines())
    structs = [
        _result_struct(PARTICIPANTS), _refused_struct(columns), _result_struct(PARTICIPANT_MONTHS),
        _refused_struct(events.schema),
    ]  # fmt: skip
    return years.evaluated_years(participants, events, evaluate, structs)


def _result_struct(dataset: Dataset) -> StructType:
    ddl = ", ".join(f"{field.name} {_DDL[field.type]}" for field in result_schema(dataset))
    return cast("StructType", StructType.fromDDL(ddl))


def _refused_struct(columns: StructType) -> StructType:
    came = [StructField(field.name, field.dataType) for field in columns]
    return StructType([*came, *(StructField(each, ArrayType(StringType())) for each in WHY)])


def _good(name: str, evaluated: DataFrame) -> DataFrame:
    beside = [each for each in INPUTS[name] if each not in DATASETS[name].results]
    return evaluated.where(F.col("result").isNotNull()).select("result.*", *beside)
