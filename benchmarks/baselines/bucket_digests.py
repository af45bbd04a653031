"""Compute cells of deposits, their sums, and the flows between two days in the baselines."""

from typing import Final

import numpy as np
import polars as pl

from benchmarks.baselines.engines import polars_baseline
from benchmarks.comparison import Comparison
from benchmarks.harness import Baseline, Baselines, Run
from calc.kernels import bucket_digests as kernels
from calc.kernels.arrays import Array
from calc.kernels.unclaimed import ACTIVE, NOT_RECEIVED, OVERDUE, REMITTED, RETURNED
from calc.units import NO_DAY

MONEY: Final = ("principal_cents", "base_interest_cents", "surcharge_interest_cents", "posted_cents")
_AMOUNTS: Final = dict(
    zip((kernels.PRINCIPAL, kernels.BASE, kernels.SURCHARGE, kernels.POSTED), MONEY, strict=True)
)  # fmt: skip
_HIGH: Final = np.uint64(32)
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
_OWN_HASH: Final = "has another hash"


def _cells_in_numpy(comparison: Comparison) -> Run:
    columns, bits = comparison.columns, comparison.parameters["bits"]

    def known(name: str) -> Array:
        days: Array = np.where(columns[name] <= comparison.parameters["as_of"], columns[name], NO_DAY)
        return days.astype(np.uint64)

    def mixed(word: Array, part: Array) -> Array:
        product: Array = (word ^ part) * _FACTOR
        product ^= product >> _HIGH
        return product

    def run() -> dict[str, np.ndarray]:
        good, awaited = columns["good"], columns["status"] == NOT_RECEIVED
        place = (columns["key_hash"] >> np.uint64(64 - bits)).astype(np.int32)
        place += np.where(good, columns["service"], kernels.REFUSED).astype(np.int32) << np.int32(bits)
        flags = columns["kind"].astype(np.uint64) | columns["efforts_made"].astype(np.uint64) << np.uint64(8)
        flags |= columns["interest_payable"].astype(np.uint64) << np.uint64(9)
        word = mixed(columns["key_hash"], known("received_day") | known("paid_day") << _HIGH)
        word = mixed(word, known("remitted_day") | known("service_ended_day") << _HIGH)
        word = mixed(word, known("order_payable_day") | flags << _HIGH)
        word = mixed(word, columns["principal_cents"].view(np.uint64))
        word = mixed(word, columns["amounts_owed_cents"].view(np.uint64))
        digest = (word >> np.uint64(64 - kernels.DIGEST_BITS)).astype(np.int64) * (good & ~awaited)
        return {"cell": np.where(good & awaited, kernels.BLOCKS << bits, place), "digest": digest}

    return run


BUCKET_CELLS: Final[Baselines] = {
    "NumPy": Baseline(_cells_in_numpy), "Polars": _OWN_HASH, "DuckDB": _OWN_HASH, "Python": _OWN_HASH,
}  # fmt: skip


def _sums_in_numpy(comparison: Comparison) -> Run:
    columns = comparison.columns

    def run() -> dict[str, np.ndarray]:
        sums = np.zeros(comparison.results["sums"].shape[::-1], dtype=np.int64)
        is_open = columns["good"] & (columns["status"] >= ACTIVE) & (columns["status"] <= OVERDUE)
        np.add.at(sums[kernels.KNOWN], columns["cell"], 1)
        np.add.at(sums[kernels.DIGEST], columns["cell"], columns["digest"])
        np.add.at(sums[kernels.ROWS], columns["cell"], is_open.astype(np.int64))
        for place, name in _AMOUNTS.items():
            np.add.at(sums[place], columns["cell"], columns[name] * is_open)
        return {"sums": sums.T}

    return run


def _sums_in_polars(comparison: Comparison) -> Run:
    cases = pl.DataFrame(dict(comparison.columns)).lazy()
    is_open = pl.col("good") & pl.col("status").is_between(ACTIVE, OVERDUE)
    sums = {kernels.KNOWN: pl.len(), kernels.DIGEST: pl.col("digest").sum(), kernels.ROWS: is_open.sum()}
    sums |= {place: (pl.col(name) * is_open).sum() for place, name in _AMOUNTS.items()}
    query = cases.group_by("cell").agg(each.alias(str(place)) for place, each in sums.items())

    def run() -> dict[str, np.ndarray]:
        found = query.collect()
        table = np.zeros(comparison.results["sums"].shape, dtype=np.int64)
        for place in sums:
            table[found["cell"].to_numpy(), place] = found[str(place)].to_numpy()
        return {"sums": table}

    return run


BUCKET_SUMS: Final[Baselines] = {
    "NumPy": Baseline(_sums_in_numpy), "Polars": Baseline(_sums_in_polars),
    "DuckDB": "groups as Polars does", "Python": "adds whole cents and divides nothing",
}  # fmt: skip


def _flows_in_polars(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:  # noqa: ARG001 - every build takes both
    before = {name: pl.col(name) for name in ("principal_before", "base_before", "surcharge_before", "posted_before")}
    after = {name: pl.col(name) for name in MONEY}
    was, stays = (pl.col(name).is_between(ACTIVE, OVERDUE) for name in ("status_before", "status"))
    passed = (pl.col("status_before") == NOT_RECEIVED) & pl.col("status").is_in([REMITTED, RETURNED])
    comes = ~was & (stays | passed)
    held, goes = was | comes, (was | comes) & ~stays
    principal, base, surcharge, posted = after.values()
    principal_before, base_before, surcharge_before, posted_before = before.values()
    gained = (principal - principal_before) * was
    sums = (
        comes, principal * comes + gained.clip(lower_bound=0), base_before * comes, surcharge_before * comes,
        (base - base_before) * held, (surcharge - surcharge_before) * held, posted * held - posted_before * was,
        goes, principal * goes + (-gained).clip(lower_bound=0), base * goes, surcharge * goes, posted * goes,
    )  # fmt: skip
    found = cases.filter("good").group_by("service").agg(
        sums=pl.concat_list(each.cast(pl.Int64).sum() for each in sums)
    )  # fmt: skip
    return found.sort("service").select("sums")


BUCKET_FLOWS: Final[Baselines] = {
    "NumPy": "as Polars says it", "Polars": polars_baseline(_flows_in_polars),
    "DuckDB": "as Polars says it", "Python": "adds whole cents and divides nothing",
}  # fmt: skip
