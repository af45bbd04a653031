"""What a run on a cluster says of itself, under the names of the nightly run's manifest: rows, totals, basis."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.metadata import version
from typing import Any, Final

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F  # noqa: N812 - the name that Spark's own pages use

from calc.bulk.reconcile.totals import Totals, as_json, check_rows
from calc.bulk.run.manifest import basis_of, is_provisional, nameless_note, rate_in_force, unknown_accounts
from calc.bulk.spark.between_rows import CONTENT
from calc.bulk.spark.part import PLACE
from calc.columns.contract import ACCOUNTS, DATASETS, PARTICIPANT_EVENTS, RESULTS, SERVICES
from calc.rates.computing.table import RateTable
from calc.rules.resolve import Rules

WHY: Final = ("reasons", "reason_columns", "reason_allowed")
"""What a refused row has beside its columns."""


def figures(
    inputs: Mapping[str, DataFrame], totals: Mapping[str, Totals], quarantine: Mapping[str, DataFrame]
) -> dict[str, Any]:
    """Rows, reasons and control totals by dataset; a row with several reasons counts under each."""
    rows: dict[str, dict[str, int]] = {}
    refused: dict[str, dict[str, Any]] = {}
    for name, frame in inputs.items():
        places = [F.min(F.struct(*PLACE)).alias("first")] if set(PLACE) <= set(quarantine[name].columns) else []
        found = quarantine[name].groupBy(*WHY).agg(F.count(F.lit(1)).alias("rows"), *places).collect()
        reasons: Counter[str] = Counter()
        for row in found:
            reasons.update(dict.fromkeys(row["reasons"], row["rows"]))
        refused[name] = {
            "rows": sum(row["rows"] for row in found),
            "reasons": dict(sorted(reasons.items())),
            "by_column": _by_column(found),
        }
        rows_in = frame.count()
        rows_out = _rows_of(totals[name]) if name in totals else rows_in - refused[name]["rows"]
        rows[name] = {"in": rows_in, "out": rows_out, "quarantined": refused[name]["rows"]}
        check_rows(name, *rows[name].values())
    for name in totals.keys() - inputs.keys():  # results that come of the inputs' rows
        of_result = _rows_of(totals[name])
        rows[name] = {"in": of_result, "out": of_result, "quarantined": 0}
        refused[name] = {"rows": 0, "reasons": {}, "by_column": []}
    control_totals = {name: as_json(name, found) for name, found in totals.items()}
    return {"rows": rows, "quarantine": refused, "control_totals": control_totals}


def _rows_of(totals: Totals) -> int:
    return sum(sums["rows"] for groups in totals.values() for sums in groups.values())


def _by_column(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Refused rows by reason and columns, the most first, each with its first row where places are known."""
    counts: Counter[tuple[str, str, str]] = Counter()
    first: dict[tuple[str, str, str], Any] = {}
    for row in rows:
        for reason, columns, allowed in zip(*(row[each] for each in WHY), strict=True):
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


def results_left_out(inputs: Mapping[str, DataFrame]) -> list[str]:
    """Notes on results that come of some rows in the nightly run, and not here."""
    return [
        f"{name} are reckoned on one machine only: use puccalc run nightly for them"
        for dataset, frame in inputs.items()
        if dataset in DATASETS and dataset != ACCOUNTS.name  # rows that name customers are refused
        if PARTICIPANT_EVENTS.name not in inputs  # with events, months are results
        for name in DATASETS[dataset].gives
        if RESULTS[name].with_column in frame.columns
    ]


def notes_of_accounts(quarantine: Mapping[str, DataFrame]) -> list[str]:
    """What a reader of the accounts has to know besides."""
    account = F.col("account_id").cast("string")
    unknown = quarantine["deposits"].where(account.isNull() | ~account.rlike(CONTENT)).count()
    return [unknown_accounts(unknown)] if unknown else []


def notes_of_events(quarantine: Mapping[str, DataFrame]) -> list[str]:
    """What a reader of the participants has to know besides, where events were given."""
    participant, service = F.col("participant_id").cast("string"), F.col("service").cast("string")
    named = participant.rlike(CONTENT) & service.isin(*SERVICES)
    events = PARTICIPANT_EVENTS.name
    nameless = quarantine[events].where(~F.coalesce(named, F.lit(False))).count()
    return [nameless_note(events, nameless)] if nameless else []


def basis(as_of: date, known_on: date | None, rules: Rules, rates: RateTable) -> dict[str, Any]:
    """What the results rest on, under the names of the nightly run's manifest."""
    basis = basis_of(rules, rates)
    return {
        "as_of": as_of.isoformat(),
        "known_on": known_on.isoformat() if known_on else None,
        "jurisdiction": rules.jurisdiction,
        "tariff": rules.tariff.name,
        "switches": dict(rules.switches),
        "rate_in_force": rate_in_force(as_of, rates),
        "provisional": is_provisional(as_of, rates),
        "rates_basis": rates.basis,
        "checksums": basis["checksums"],
        "versions": {**basis["versions"], "pyspark": version("pyspark")},
    }
