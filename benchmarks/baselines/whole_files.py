"""The deposits of a night from Parquet to Parquet, as one would write them without puccalc: Polars, DuckDB, pandas.

Each reads the contract's columns, leaves out rows that have no result (blank, out of bounds or order, without a rate)
and writes the contract's result columns, the same cents, with the job's codec. Finding repeated keys, quarantine with
its reasons, hashes, totals and a commit that survives a crash are left to the job alone.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

from benchmarks.baselines.engines import connected, named_in
from benchmarks.baselines.unclaimed import amounts_in_polars, in_numpy
from benchmarks.baselines.unclaimed_in_sql import AMOUNTS, RESULTS
from benchmarks.harness import Run
from benchmarks.portfolio import unclaimed_parameters
from calc.bulk.publish.parts import CODEC, CODEC_LEVEL
from calc.columns.contract import DEPOSITS, SERVICES
from calc.kernels.arrays import Array
from calc.kernels.unclaimed import DEPOSIT, KINDS, STATUSES
from calc.units import CENTS_MAX, FIRST_DATE, FIRST_DAY, LAST_DATE, LAST_DAY, NO_DAY

_KEPT: Final = ("deposit_id", "account_id", "service")
_AMOUNTS: Final = ("principal_cents", "posted_cents", "amounts_owed_cents")
_DAYS: Final = ("received", "paid", "remitted", "service_ended", "order_payable")
_FLAGS: Final = ("efforts_made", "interest_payable")
_DATES_OUT: Final = ("deemed_unclaimed", "surcharge_from")
_FIGURES: Final = [name for name in DEPOSITS.results if name.endswith("_cents")]


def in_polars(deposits: Path, target: Path) -> Run:
    """Compute with one lazy query on all cores, from file to file in the streaming engine."""
    col = pl.col
    days = {f"{name}_day": col(f"{name}_date").to_physical().fill_null(NO_DAY) for name in _DAYS}
    triggered = pl.min_horizontal("service_ended_day", "order_payable_day")
    valid = (
        *(col(name).str.strip_chars() != "" for name in ("deposit_id", "account_id")),
        col("service").is_in(SERVICES),
        col("kind").is_not_null(),
        *(col(name).is_between(0, CENTS_MAX) for name in _AMOUNTS),
        col("received_day") != NO_DAY,
        *(col(name).is_between(FIRST_DAY, LAST_DAY) | (col(name) == NO_DAY) for name in days),
        pl.min_horizontal("paid_day", "remitted_day") >= col("received_day"),
        (col("kind") != DEPOSIT) | (triggered >= col("received_day")),
    )
    code = pl.coalesce("kind", pl.lit(KINDS[0])).replace_strict(
        KINDS, range(len(KINDS)), default=None, return_dtype=pl.Int8
    )  # fmt: skip
    cases = pl.scan_parquet(deposits).with_columns(
        *(col(name).fill_null(0) for name in ("posted_cents", "amounts_owed_cents")),
        *(col(name).fill_null(value=True) for name in _FLAGS),
        kind=code, **days,
    ).filter(*valid)  # fmt: skip
    query = amounts_in_polars(cases, unclaimed_parameters()).filter(~col("no_rate")).select(
        *_KEPT,
        col("status").cast(pl.UInt8).cat.to(pl.Enum(STATUSES)),
        col("accrued_days").cast(pl.Int32),
        *_FIGURES,
        *(
            pl.when(col(f"{name}_day") != NO_DAY).then(f"{name}_day").cast(pl.Date).alias(f"{name}_date")
            for name in _DATES_OUT
        ),
    ).select(*DEPOSITS.results)  # fmt: skip
    return lambda: query.sink_parquet(target, compression=CODEC, compression_level=CODEC_LEVEL)


def _sql_day(name: str) -> str:
    return f"coalesce({name}_date - DATE '1970-01-01', {NO_DAY})::INTEGER AS {name}_day"


def _sql_date(name: str) -> str:
    return f"CASE WHEN {name}_day <> {NO_DAY} THEN DATE '1970-01-01' + {name}_day END AS {name}_date"


def _sql_bounds(name: str) -> str:
    if name in _AMOUNTS:
        return f"({name} IS NULL OR {name} BETWEEN 0 AND {CENTS_MAX})"
    return f"({name}_date IS NULL OR {name}_date BETWEEN DATE '{FIRST_DATE}' AND DATE '{LAST_DATE}')"


_CODES: Final = " ".join(f"WHEN '{word}' THEN {code}" for code, word in enumerate(KINDS))
_WORDS: Final = " ".join(f"WHEN {code} THEN '{word}'" for code, word in enumerate(STATUSES))
_NOT_DEPOSIT: Final = f"coalesce(kind, '{KINDS[DEPOSIT]}') <> '{KINDS[DEPOSIT]}'"
_CASES: Final = f"""
SELECT {", ".join(_KEPT)}, CASE kind {_CODES} ELSE {DEPOSIT} END AS kind, principal_cents,
    coalesce(posted_cents, 0) AS posted_cents, coalesce(amounts_owed_cents, 0) AS amounts_owed_cents,
    {", ".join(f"coalesce({name}, true) AS {name}" for name in _FLAGS)}, {", ".join(map(_sql_day, _DAYS))}
FROM read_parquet('$deposits')
WHERE trim(deposit_id) <> '' AND trim(account_id) <> '' AND service IN {SERVICES} AND (kind IS NULL OR kind IN {KINDS})
    AND principal_cents IS NOT NULL AND received_date IS NOT NULL
    AND {" AND ".join(map(_sql_bounds, (*_AMOUNTS, *_DAYS)))}
    AND (paid_date >= received_date) IS NOT FALSE AND (remitted_date >= received_date) IS NOT FALSE
    AND ({_NOT_DEPOSIT} OR (service_ended_date >= received_date) IS NOT FALSE)
    AND ({_NOT_DEPOSIT} OR (order_payable_date >= received_date) IS NOT FALSE)"""  # noqa: S608 - our own constants
_COPY: Final = f"""
COPY (
    {AMOUNTS}, results AS (SELECT {", ".join(_KEPT)}, {RESULTS} FROM amounts)
    SELECT {", ".join(_KEPT)}, CASE status {_WORDS} END AS status, accrued_days::INTEGER AS accrued_days,
        {", ".join(f"{name}::BIGINT AS {name}" for name in _FIGURES[:4])}, {", ".join(map(_sql_date, _DATES_OUT))},
        remittance_cents::BIGINT AS remittance_cents
    FROM results WHERE NOT no_rate
) TO '$target' (FORMAT parquet, COMPRESSION {CODEC}, COMPRESSION_LEVEL {CODEC_LEVEL})"""  # noqa: S608 - as above


def in_duckdb(deposits: Path, target: Path) -> Run:
    """Compute with one statement on two threads, rows in order; lookups as in the comparison of `unclaimed`."""
    given = unclaimed_parameters()
    connection = connected(given)
    connection.execute(f"CREATE VIEW cases AS {_CASES.replace('$deposits', str(deposits))}")
    query = _COPY.replace("$target", str(target))
    return lambda: connection.execute(query, named_in(query, given))


def in_pandas(deposits: Path, target: Path) -> Run:
    """Compute whole columns in pandas and NumPy on one thread, with pyarrow files; products as in `in_numpy`."""
    given = unclaimed_parameters()

    def run() -> None:
        frame = pd.read_parquet(deposits, engine="pyarrow", to_pandas_kwargs={"date_as_object": False})
        frame = frame.fillna({"kind": KINDS[DEPOSIT], "posted_cents": 0, "amounts_owed_cents": 0})
        days = {f"{name}_day": _days(frame[f"{name}_date"]) for name in _DAYS}
        first_end = np.minimum(days["paid_day"], days["remitted_day"])
        first_trigger = np.minimum(days["service_ended_day"], days["order_payable_day"])
        received = days["received_day"]
        valid = (
            frame[["deposit_id", "account_id"]].apply(lambda text: text.str.strip().fillna("").ne("")).all(axis=1)
            & frame["service"].isin(SERVICES)
            & frame["kind"].isin(KINDS)
            & frame[[*_AMOUNTS]].apply(lambda cents: cents.between(0, CENTS_MAX)).all(axis=1)
            & (received != NO_DAY)
            & np.all([(each == NO_DAY) | ((each >= FIRST_DAY) & (each <= LAST_DAY)) for each in days.values()], axis=0)
            & (first_end >= received)
            & ((frame["kind"] != KINDS[DEPOSIT]) | (first_trigger >= received))
        ).to_numpy()
        good = frame[valid]
        columns = {
            "kind": pd.Categorical(good["kind"], KINDS).codes,
            **{name: good[name].to_numpy(dtype=np.int64) for name in _AMOUNTS},
            **{name: good[name].fillna(value=True).to_numpy(dtype=np.bool_) for name in _FLAGS},
            **{name: each[valid] for name, each in days.items()},
        }
        figures = in_numpy(columns, given)()
        results = good[[*_KEPT]].assign(
            status=pd.Categorical.from_codes(figures["status"], pd.Index(STATUSES)),
            accrued_days=figures["accrued_days"].astype(np.int32),
            **{name: figures[name] for name in _FIGURES},
            **{f"{name}_date": _dates(figures[f"{name}_day"]) for name in _DATES_OUT},
        )
        results.loc[~figures["no_rate"], [*DEPOSITS.results]].to_parquet(
            target, compression=CODEC, compression_level=CODEC_LEVEL, index=False
        )

    return run


def _days(dates: "pd.Series[Any]") -> Array:
    days = dates.to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(days), NO_DAY, days.astype(np.int64)).astype(np.int32)


def _dates(days: Array) -> Any:  # noqa: ANN401 - pandas gives its extension arrays no type of their own here
    return pd.array(pa.array(days, mask=days == NO_DAY).cast(pa.date32()), dtype=pd.ArrowDtype(pa.date32()))
