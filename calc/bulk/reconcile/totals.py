"""Control totals by service and status, as exact integers: kept while parts are written, and again over the files.

The two ways must agree to the cent; so must rows in with rows out plus rows quarantined. Sums run in 64 bits only
where the highest amount times the rows fits into them: they wrap without a word.
"""

from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from calc.columns.contract import ACCOUNTS
from calc.errors import PublishRefusedError
from calc.kernels.deposit_limit import LIMITS_OF
from calc.topics.nightly_datasets import results

Totals = dict[str, dict[str, dict[str, int]]]
"""service -> group (deposits: status) -> figure -> sum; `rows` is always among the figures."""

GROUPS: Final = {name: each.total_by for name, each in results().items()}
"""What totals are broken down by beside the service: words, or months by their number."""
FIGURES: Final = {name: each.totals for name, each in results().items()}
"""What is totalled."""
OF_ACCOUNT: Final = LIMITS_OF[0]
OF_CUSTOMERS: Final = ("excess_cents", "available_cents")
"""Figures of accounts that stand once in each row of a customer, and so are totalled with `customers` alone."""
_INT64_MAX: Final = 2**63 - 1
_EXACT: Final = pa.decimal128(38)


def totals_of(dataset: str, path: Path) -> Totals:
    """Totals of the figures that a written file has, by service and group."""
    keys = ["service", GROUPS[dataset]]
    with pq.ParquetFile(path, read_dictionary=keys) as file:
        present = file.schema_arrow.names
        names = [name for name in FIGURES[dataset] if name in present]
        whose = ["limit_of"] if dataset == ACCOUNTS.name and "limit_of" in present else []
        table = file.read(columns=[*keys, *names, *whose], use_threads=False)
    if whose:
        table = _without_customers(table)
    rows = pa.table({**{key: table[key] for key in keys}, **{name: _summable(table[name]) for name in names}})
    sums: list[Any] = [(name, "sum") for name in names]
    grouped = rows.unify_dictionaries().group_by(keys, use_threads=False).aggregate([([], "count_all"), *sums])
    totals: Totals = {}
    for row in sorted(grouped.to_pylist(), key=lambda row: (row["service"], row[keys[1]])):
        figures = {name: int(row[f"{name}_sum"] or 0) for name in names}
        totals.setdefault(row["service"], {})[str(row[keys[1]])] = {"rows": row["count_all"], **figures}
    return totals


def _without_customers(table: pa.Table) -> pa.Table:
    """Accounts with zero for what stands once in each row of a customer."""
    of_account = pc.equal(table["limit_of"].cast(pa.string()), OF_ACCOUNT)
    for name in set(table.column_names) & set(OF_CUSTOMERS):
        cents = pc.if_else(of_account, table[name], pa.scalar(0, pa.int64()))
        table = table.set_column(table.column_names.index(name), name, cents)
    return table


def _summable(cents: pa.ChunkedArray) -> pa.ChunkedArray:
    """Amounts a row, a list's summed, 1 for a flag, of a type that holds the sum of them all."""
    if pa.types.is_list(cents.type) or pa.types.is_large_list(cents.type):
        cents = pa.chunked_array([pl.Series(pl.from_arrow(cents)).list.sum().to_arrow()])
    whole = cents.cast(pa.int64())
    bounds = pc.min_max(whole).as_py()
    highest = max(abs(bounds["min"] or 0), abs(bounds["max"] or 0))
    return whole if highest * len(whole) <= _INT64_MAX else whole.cast(_EXACT)


def add(totals: Totals, more: Totals) -> None:
    """Add totals to the first ones, in place."""
    for service, by_group in more.items():
        for group, figures in by_group.items():
            into = totals.setdefault(service, {}).setdefault(group, {})
            for name, value in figures.items():
                into[name] = into.get(name, 0) + value


def overall(totals: Totals) -> dict[str, int]:
    """Sum of every figure over services and groups."""
    result: dict[str, int] = {}
    for by_group in totals.values():
        for figures in by_group.values():
            for name, value in figures.items():
                result[name] = result.get(name, 0) + value
    return result


def check_equal(dataset: str, running: Totals, read_back: Totals) -> None:
    """PublishRefusedError where the totals kept while writing differ from those `read_back` in the written files."""
    names = ["rows", *(name for name in FIGURES[dataset] if name in results()[dataset].results)]
    for service in running.keys() | read_back.keys():
        running_groups, read_back_groups = running.get(service, {}), read_back.get(service, {})
        for group in running_groups.keys() | read_back_groups.keys():
            for name in names:
                computed, written = (each.get(group, {}).get(name, 0) for each in (running_groups, read_back_groups))
                if computed != written:
                    raise PublishRefusedError(
                        f"control totals of {dataset} differ: {name} of {service} {group} is {computed} as computed "
                        f"and {written} in the written files; nothing is published"
                    )


def check_rows(dataset: str, rows_in: int, rows_out: int, quarantined: int) -> None:
    """PublishRefusedError where rows in are not rows out plus rows quarantined."""
    if rows_in != rows_out + quarantined:
        raise PublishRefusedError(
            f"rows of {dataset} do not add up: {rows_in} in, {rows_out} out, {quarantined} quarantined; nothing is "
            "published"
        )


def as_json(dataset: str, totals: Totals) -> dict[str, Any]:
    """Totals in the order of their names, with the sums over all of them under `all`, as manifests keep them.

    The sums are zero where no row is good.
    """
    by_service = {service: dict(sorted(groups.items())) for service, groups in sorted(totals.items())}
    return {**by_service, "all": {**dict.fromkeys(("rows", *FIGURES[dataset]), 0), **overall(totals)}}
