"""Sum held and limit by customer, rule (j): limits of a customer's accounts for a service, and all held on them.

In: rows of accounts that name a customer, with their own figures. Out: totals by customer and service, one row each,
which may be added up part by part; and, for rows of accounts, the figures that follow from their customer's totals. A
customer with one refused account or deposit is refused: what is missing would suggest room that does not exist.
"""

from typing import Final

import numpy as np

from calc.columns import texts
from calc.columns.contract import SERVICES
from calc.columns.lazy_polars import pl
from calc.columns.plain import plain
from calc.columns.result_type import BOOLEAN, INT64, TEXT
from calc.kernels.arrays import Array, Bool
from calc.kernels.deposit_limit import GROUNDS, MAY_ASK, NO, NOT_CHECKED, YES

KEY: Final = ("customer_id", "service")
SUM_MAX: Final = 1 << 62
"""Cents from which on a customer's totals are refused; sums are cut here, so larger ones cannot be told apart."""
COLUMNS: Final = {
    "customer_id": TEXT, "service": TEXT, "held_cents": INT64, "limit_cents": INT64,
    "ground_bits": INT64, "said": BOOLEAN, "accounts": INT64, "refused": BOOLEAN,
}  # fmt: skip
"""Totals of a customer: bits of the grounds that bar any account, and whether anything was stated about grounds."""


GROUNDS_BY_BITS: Final = tuple(
    tuple(ground for place, ground in enumerate(GROUNDS) if bits >> place & 1) for bits in range(1 << len(GROUNDS))
)
"""Words of the grounds, by bitmask."""


def no_totals() -> "pl.DataFrame":
    """Return totals of no customers."""
    return pl.DataFrame(schema={name: kind.dtype for name, kind in COLUMNS.items()})


def named(frame: "pl.DataFrame") -> "pl.Series | None":
    """Return the customers of rows as text, null where a row names none; None if the frame has no such column."""
    if "customer_id" not in frame.columns:
        return None
    customer = plain(frame["customer_id"]).cast(pl.String)
    blank = pl.Series(texts.blank(customer))
    return pl.select(pl.when(~blank).then(customer)).to_series().alias("customer_id") if blank.any() else customer


def services(codes: Array, unusable: Bool | None = None) -> "pl.Series":
    """Convert codes to words of the service; null where they could not be read."""
    words = pl.Series(SERVICES, dtype=pl.String).gather(pl.Series(codes))
    if unusable is None:
        return words
    return pl.select(pl.when(~pl.Series(unusable)).then(words)).to_series()


def totals_of_rows(
    customer: "pl.Series", service: "pl.Series", held_cents: Array, outputs: dict[str, Array], refused: Bool
) -> "pl.DataFrame":
    """Sum rows of accounts by customer and service; a refused row of an unknown service counts for both services.

    Args:
        customer: Customer of each row; rows with null are left out.
        service: Service of each row; null where unknown.
        held_cents: Held on each row, cents, shape (rows,).
        outputs: Each row's own figures: `limit_cents`, `ground_bits`, `may_ask`.
        refused: Mask of refused rows; their amounts count as 0.

    Returns:
        Rows of COLUMNS.
    """
    rows = pl.DataFrame({
        "customer_id": customer,
        "service": service,
        "held_cents": np.where(refused, 0, held_cents),
        "limit_cents": np.where(refused, 0, outputs["limit_cents"]),
        "ground_bits": np.where(refused, 0, outputs["ground_bits"]).astype(np.int64),
        "said": outputs["may_ask"] != NOT_CHECKED,
        "accounts": (~refused).astype(np.int64),
        "refused": refused,
    })  # fmt: skip
    rows = rows.drop_nulls("customer_id")
    both = [rows.filter(pl.col("service").is_null()).with_columns(service=pl.lit(name)) for name in SERVICES]
    return added_up(pl.concat([rows.drop_nulls("service"), *both]))


def unmatched_held(rows: "pl.DataFrame") -> "pl.DataFrame":
    """Sum open deposits whose account has no row of its own.

    Args:
        rows: Columns customer_id, service and held_cents (null: refused).

    Returns:
        Rows of COLUMNS.
    """
    return added_up(
        rows.drop_nulls("customer_id").select(
            pl.col("customer_id"),
            pl.col("service").cast(pl.String),
            pl.col("held_cents").fill_null(0),
            limit_cents=pl.lit(0, pl.Int64),
            ground_bits=pl.lit(0, pl.Int64),
            said=pl.lit(value=False),
            accounts=pl.lit(0, pl.Int64),
            refused=pl.col("held_cents").is_null(),
        )
    )


def added_up(totals: "pl.DataFrame") -> "pl.DataFrame":
    """Add up totals to one row per customer and service."""
    cents = (
        pl.col(name).cast(pl.Int128).sum().clip(0, SUM_MAX).cast(pl.Int64) for name in ("held_cents", "limit_cents")
    )
    return totals.group_by(KEY).agg(
        *cents,
        pl.col("ground_bits").bitwise_or(),
        pl.col("said").any(),
        pl.col("accounts").sum(),
        pl.col("refused").any() | pl.any_horizontal(each.ge(SUM_MAX) for each in _sums()),
    )


def _sums() -> "list[pl.Expr]":
    return [pl.col(name).cast(pl.Int128).sum() for name in ("held_cents", "limit_cents")]


def results_of(totals: "pl.DataFrame") -> "pl.DataFrame":
    """Convert totals to results of the dataset `customers`, sorted by key; omit refused and accountless ones."""
    good = totals.filter(~pl.col("refused") & (pl.col("accounts") > 0)).sort(KEY)
    held, limit, bits = (pl.col(name) for name in ("held_cents", "limit_cents", "ground_bits"))
    words = pl.Series([list(each) for each in GROUNDS_BY_BITS], dtype=pl.List(pl.String))
    may_ask = pl.when(bits > 0).then(pl.lit(MAY_ASK[NO])).when("said").then(pl.lit(MAY_ASK[YES]))
    return good.select(
        "customer_id",
        pl.col("service").cast(pl.Enum(SERVICES)),
        "held_cents",
        "limit_cents",
        excess_cents=pl.max_horizontal(0, held - limit),
        available_cents=pl.when(bits > 0).then(0).otherwise(pl.max_horizontal(0, limit - held)),
        may_ask=may_ask.otherwise(pl.lit(MAY_ASK[NOT_CHECKED])).cast(pl.Enum(MAY_ASK)),
        barred=pl.lit(words).gather(bits) if good.height else pl.lit(None, pl.List(pl.String)),
        accounts="accounts",
    )


def put_totals(customer: "pl.Series", service: "pl.Series", totals: "pl.DataFrame", outputs: dict[str, Array]) -> Bool:
    """Replace in rows' outputs what follows from their customer's totals.

    A row without a customer, or whose customer has no totals, keeps its own figures: its account stands for a customer.

    Args:
        customer: Customer of each row, or null.
        service: Service of each row, or null.
        totals: Rows of COLUMNS, one per customer and service.
        outputs: Result columns of the rows; changed.

    Returns:
        Mask of the rows whose customer is refused.
    """
    rows = pl.DataFrame({"customer_id": customer, "service": service})
    found = rows.join(totals, on=KEY, how="left", maintain_order="left")
    has = found["accounts"].is_not_null().to_numpy()
    held, limit, bits = (
        found[name].fill_null(0).to_numpy() for name in ("held_cents", "limit_cents", "ground_bits")
    )  # fmt: skip
    said = found["said"].fill_null(value=False).to_numpy()
    outputs["excess_cents"] = np.where(has, np.maximum(held - limit, 0), outputs["excess_cents"])
    available = np.where(bits > 0, 0, np.maximum(limit - held, 0))
    outputs["available_cents"] = np.where(has, available, outputs["available_cents"])
    may_ask = np.where(bits > 0, NO, np.where(said, YES, NOT_CHECKED))
    outputs["may_ask"] = np.where(has, may_ask, outputs["may_ask"]).astype(np.int8)
    outputs["ground_bits"] = np.where(has, bits, outputs["ground_bits"]).astype(np.int8)
    outputs["limit_of"] = has.astype(np.int8)
    return found["refused"].fill_null(value=False).to_numpy()
