"""Compute the eligibility screen and the fixed credit in the baselines."""

from decimal import ROUND_FLOOR, Context
from typing import Any, Final

import numpy as np
import polars as pl

from benchmarks.baselines.engines import duckdb_baseline, polars_baseline
from benchmarks.comparison import Comparison
from benchmarks.harness import Baseline, Baselines, Run
from calc.kernels.arrays import Array
from calc.kernels.fixed_credit import MONTHS
from calc.units import PPM

FLOOR: Final = Context(prec=40, rounding=ROUND_FLOOR)
_SIZES: Final = 9  # of a household in the table of median incomes: 0 to 8


def _numpy_eligibility(comparison: Comparison) -> Run:
    columns, tables = comparison.columns, comparison.parameters
    income, size = columns["income_cents"], columns["household_size"]
    medians = tables["median_limit_cents"]

    def run() -> dict[str, np.ndarray]:
        poverty, leap = tables["poverty_limit_cents"][size], tables["leap_limit_cents"][size]
        small = size < medians.shape[1]
        median = np.where(small, medians[columns["county"], np.where(small, size, 0)], -1)
        helped = columns["leap_qualified"] | (income <= leap)
        basis = np.where(income <= poverty, 1, np.where(income <= median, 2, np.where(helped, 3, 0)))
        dropped = (poverty < 0) + 2 * (median < 0).astype(np.int8) + 4 * (leap < 0).astype(np.int8)
        return {"basis": basis.astype(np.int8), "dropped_bits": dropped}

    return run


def _polars_eligibility(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:
    tables = {name: pl.lit(pl.Series(table.reshape(-1))) for name, table in comparison.parameters.items()}
    income, size = pl.col("income_cents"), pl.col("household_size")
    place = pl.col("county") * _SIZES + pl.min_horizontal(size, _SIZES - 1)
    limited = cases.select(
        "income_cents",
        "leap_qualified",
        poverty=tables["poverty_limit_cents"].gather(size),
        median=pl.when(size < _SIZES).then(tables["median_limit_cents"].gather(place)).otherwise(-1),
        leap=tables["leap_limit_cents"].gather(size),
    )
    helped = pl.col("leap_qualified") | (income <= pl.col("leap"))
    basis = pl.when(income <= pl.col("poverty")).then(1).when(income <= pl.col("median")).then(2)
    names = ("poverty", "median", "leap")
    dropped = pl.sum_horizontal(*((pl.col(name) < 0).cast(pl.Int8) * 2**bit for bit, name in enumerate(names)))
    return limited.select(basis=basis.when(helped).then(3).otherwise(0).cast(pl.Int8), dropped_bits=dropped)


ELIGIBILITY: Final[Baselines] = {
    "NumPy": Baseline(_numpy_eligibility),
    "Polars": polars_baseline(_polars_eligibility),
    "DuckDB": duckdb_baseline(
        f"""WITH limits AS (
               SELECT income_cents, leap_qualified, poverty_limit_cents[household_size + 1] AS poverty,
                   leap_limit_cents[household_size + 1] AS leap,
                   CASE WHEN household_size < {_SIZES}
                       THEN median_limit_cents[county * {_SIZES} + household_size + 1] ELSE -1 END AS median
               FROM cases, given)
           SELECT CASE WHEN income_cents <= poverty THEN 1 WHEN income_cents <= median THEN 2
               WHEN leap_qualified OR income_cents <= leap THEN 3 ELSE 0 END::TINYINT AS basis,
               ((poverty < 0)::TINYINT + 2 * (median < 0)::TINYINT + 4 * (leap < 0)::TINYINT)::TINYINT AS dropped_bits
           FROM limits"""  # noqa: S608 - our own constants
    ),
    "Python": "compares amounts and computes none",
}


def _numpy_credit(comparison: Comparison) -> Run:
    columns, by_service = comparison.columns, comparison.parameters
    income, new, given = (columns[name] for name in ("income_cents", "full_annual_bill_cents", "basis_bill_cents"))
    month = np.arange(MONTHS)

    def spread(total: Array, place: Array) -> Array:
        each, extra = np.divmod(total, MONTHS)
        shares: Array = each[:, None] + (place < extra[:, None])
        return shares

    def run() -> dict[str, np.ndarray]:
        basis = np.where(given >= 0, given, new)
        quarter = by_service["recalculation_ppm"][columns["service"]]
        due = (new != basis) & (np.abs(new - basis) * PPM >= basis * quarter)
        bill = np.where(due, new, basis)
        limit = np.where(income == 0, MONTHS * columns["minimum_monthly_cents"], income * columns["share_ppm"] // PPM)
        grant = columns["leap_grant_cents"]
        offset_grant = np.where(by_service["leap_offset"][columns["service"]], grant, 0)
        credit = np.maximum(0, bill - limit)
        to_unaffordable = np.minimum(offset_grant, credit)
        to_arrearage = np.minimum(offset_grant - to_unaffordable, columns["arrearage_cents"])
        program = credit - to_unaffordable
        basis_credit = np.maximum(0, basis - limit)
        basis_program = basis_credit - np.minimum(offset_grant, basis_credit)
        kept = np.where(due, MONTHS - columns["months_remaining"], MONTHS)[:, None]
        monthly = np.where(month < kept, spread(basis_program, month), spread(program, month - kept))
        return {
            "affordable_annual_cents": limit,
            "fixed_credit_annual_cents": credit,
            "program_credit_annual_cents": program,
            "leap_to_unaffordable_cents": to_unaffordable,
            "leap_to_arrearage_cents": to_arrearage,
            "leap_to_account_cents": grant - to_unaffordable - to_arrearage,
            "due": due,
            "monthly_credit_cents": monthly,
        }

    return run


def _polars_credit(cases: pl.LazyFrame, comparison: Comparison) -> pl.LazyFrame:
    quarter, offsets = (
        pl.lit(pl.Series(comparison.parameters[name])).gather("service")
        for name in ("recalculation_ppm", "leap_offset")
    )
    income, new, grant = pl.col("income_cents"), pl.col("full_annual_bill_cents"), pl.col("leap_grant_cents")
    basis, due, bill, limit = pl.col("basis"), pl.col("due"), pl.col("bill"), pl.col("affordable_annual_cents")
    credit, part, owed = (
        pl.col("fixed_credit_annual_cents"),
        pl.col("leap_to_unaffordable_cents"),
        pl.col("leap_to_arrearage_cents"),
    )
    offset_grant = pl.when(offsets).then(grant).otherwise(0)
    basis_credit = pl.max_horizontal(0, basis - limit)
    before, after, kept = pl.col("before"), pl.col("program_credit_annual_cents"), pl.col("kept")

    def spread(total: pl.Expr, place: pl.Expr | int) -> pl.Expr:
        return total // MONTHS + (total % MONTHS > place).cast(pl.Int64)

    monthly = [
        pl.when(kept > month).then(spread(before, month)).otherwise(spread(after, month - kept))
        for month in range(MONTHS)
    ]
    given = pl.col("basis_bill_cents")
    return (
        cases.with_columns(
            basis=pl.when(given >= 0).then(given).otherwise(new),
            affordable_annual_cents=pl.when(income == 0)
            .then(MONTHS * pl.col("minimum_monthly_cents"))
            .otherwise(income * pl.col("share_ppm") // PPM),
        )
        .with_columns(due=(new != basis) & ((new - basis).abs() * PPM >= basis * quarter))
        .with_columns(bill=pl.when(due).then(new).otherwise(basis))
        .with_columns(fixed_credit_annual_cents=pl.max_horizontal(0, bill - limit))
        .with_columns(leap_to_unaffordable_cents=pl.min_horizontal(offset_grant, credit))
        .with_columns(
            leap_to_arrearage_cents=pl.min_horizontal(offset_grant - part, "arrearage_cents"),
            program_credit_annual_cents=credit - part,
            before=basis_credit - pl.min_horizontal(offset_grant, basis_credit),
            kept=pl.when(due).then(MONTHS - pl.col("months_remaining")).otherwise(MONTHS),
        )
        .with_columns(leap_to_account_cents=grant - part - owed, monthly_credit_cents=pl.concat_list(monthly))
        .select(*comparison.results)
    )


def _decimal_credit(comparison: Comparison) -> Run:
    quarters, offsets = (comparison.parameters[name].tolist() for name in ("recalculation_ppm", "leap_offset"))
    rows = list(zip(*(column.tolist() for column in comparison.columns.values()), strict=True))

    def spread(total: int) -> list[int]:
        each, extra = FLOOR.divmod(FLOOR.create_decimal(total), MONTHS)
        return [int(each) + (month < extra) for month in range(MONTHS)]

    def run() -> dict[str, list[Any]]:
        results: dict[str, list[Any]] = {name: [] for name in comparison.results}
        for service, income, share, minimum, new, given, months, grant, arrearage in rows:
            basis = given if given >= 0 else new
            due = new != basis and abs(new - basis) * PPM >= basis * quarters[service]
            limit = MONTHS * minimum
            if income:
                limit = int(FLOOR.to_integral_value(FLOOR.divide(FLOOR.multiply(income, share), PPM)))
            offset_grant = grant if offsets[service] else 0
            credit = max(0, (new if due else basis) - limit)
            to_unaffordable = min(offset_grant, credit)
            to_arrearage = min(offset_grant - to_unaffordable, arrearage)
            basis_credit = max(0, basis - limit)
            monthly = spread(basis_credit - min(offset_grant, basis_credit))
            if due and months:
                monthly = monthly[:-months] + spread(credit - to_unaffordable)[:months]
            figures = (
                limit, credit, credit - to_unaffordable, to_unaffordable, to_arrearage,
                grant - to_unaffordable - to_arrearage, due, monthly,
            )  # fmt: skip
            for column, figure in zip(results.values(), figures, strict=True):
                column.append(figure)
        return results

    return run


FIXED_CREDIT: Final[Baselines] = {
    "NumPy": Baseline(_numpy_credit),
    "Polars": polars_baseline(_polars_credit),
    "DuckDB": duckdb_baseline(
        f"""WITH bases AS (
               SELECT *, CASE WHEN basis_bill_cents >= 0 THEN basis_bill_cents ELSE full_annual_bill_cents END AS basis,
                   full_annual_bill_cents <> basis
                       AND abs(full_annual_bill_cents - basis) * {PPM} >= basis * recalculation_ppm[service + 1] AS due,
                   CASE WHEN due THEN full_annual_bill_cents ELSE basis END AS bill,
                   CASE WHEN income_cents = 0 THEN 12 * minimum_monthly_cents
                       ELSE income_cents * share_ppm // {PPM} END AS affordable_annual_cents,
                   CASE WHEN leap_offset[service + 1] THEN leap_grant_cents ELSE 0 END AS offset_grant
               FROM cases, given),
           credits AS (
               SELECT *, greatest(0, bill - affordable_annual_cents) AS fixed_credit_annual_cents,
                   least(offset_grant, fixed_credit_annual_cents) AS leap_to_unaffordable_cents,
                   least(offset_grant - leap_to_unaffordable_cents, arrearage_cents) AS leap_to_arrearage_cents,
                   fixed_credit_annual_cents - leap_to_unaffordable_cents AS program_credit_annual_cents,
                   greatest(0, basis - affordable_annual_cents) AS basis_credit,
                   basis_credit - least(offset_grant, basis_credit) AS before,
                   CASE WHEN due THEN 12 - months_remaining ELSE 12 END AS kept
               FROM bases)
           SELECT affordable_annual_cents, fixed_credit_annual_cents, program_credit_annual_cents,
               leap_to_unaffordable_cents, leap_to_arrearage_cents,
               leap_grant_cents - leap_to_unaffordable_cents - leap_to_arrearage_cents AS leap_to_account_cents, due,
               [CASE WHEN month < kept THEN before // 12 + (month < before % 12)::BIGINT
                   ELSE program_credit_annual_cents // 12 + (month - kept < program_credit_annual_cents % 12)::BIGINT
                   END FOR month IN range(12)] AS monthly_credit_cents
           FROM credits"""  # noqa: S608 - our own constants
    ),
    "Python": Baseline(_decimal_credit, per_row=True),
}
