"""Control totals by service and status, as exact integers: kept while parts are written, and again over the files.

The two ways must agree to the cent; so must rows in with rows out plus rows quarantined. Sums run in Int128: 64 bits
wrap without a word.
"""

from typing import Any, Final

import polars as pl

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


def totals_of(dataset: str, frame: pl.LazyFrame) -> Totals:
    """Totals of the figures that the frame has, by service and group."""
    schema = frame.collect_schema()
    group = GROUPS[dataset]
    sums = [_sum(dataset, name, schema[name]) for name in FIGURES[dataset] if name in schema]
    grouped = frame.group_by("service", group).agg(pl.len().alias("rows"), *sums).sort("service", group).collect()
    totals: Totals = {}
    for row in grouped.iter_rows(named=True):
        service, word = str(row.pop("service")), str(row.pop(group))
        totals.setdefault(service, {})[word] = {name: int(value) for name, value in row.items()}
    return totals


def _sum(dataset: str, name: str, dtype: pl.DataType) -> pl.Expr:
    cents = pl.col(name)
    if dataset == ACCOUNTS.name and name in OF_CUSTOMERS:
        cents = cents.filter(pl.col("limit_of").cast(pl.String) == OF_ACCOUNT)
    if isinstance(dtype, pl.List):
        cents = cents.list.sum()
    return cents.cast(pl.Int128).sum()


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
