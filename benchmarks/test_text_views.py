import numpy as np
import polars as pl
import pytest

from benchmarks.baselines.text_views import BLANK_SUSPECTS, EDGE_SUSPECTS, PLAIN_DATES, PLAIN_NUMBERS, WORD_CODES
from benchmarks.comparison import Comparison
from benchmarks.conftest import Race
from benchmarks.portfolio import SIZES, draw, flags, unwritten
from calc.columns.buffers import buffers_of
from calc.kernels import text_views as kernels

WORDS = ("electric", "gas")


@pytest.mark.parametrize("rows", SIZES)
def test_word_codes(race: Race, rows: int) -> None:
    """The words of a column of services."""
    electric = pl.Series(flags(draw(rows), rows, 0.6))
    texts = pl.select(pl.when(electric).then(pl.lit(WORDS[0])).otherwise(pl.lit(WORDS[1]))).to_series()
    views = buffers_of(texts)
    comparison = Comparison(
        kernels.word_codes,
        rows,
        columns={"views": views.values},
        parameters={"given": views.present, "words": buffers_of(pl.Series(WORDS)).values},
        results={"codes": unwritten(rows, np.int8)},
    )
    race(comparison, WORD_CODES)


@pytest.mark.parametrize("rows", SIZES)
def test_blank_suspects(race: Race, rows: int) -> None:
    """Ids, of which one in a thousand is empty."""
    number = pl.int_range(rows, eager=True)
    blank = pl.Series(flags(draw(rows), rows, 0.001))
    texts = pl.select(pl.when(blank).then(pl.lit("")).otherwise(pl.format("D{}", number))).to_series()
    views = buffers_of(texts)
    comparison = Comparison(
        kernels.blank_suspects,
        rows,
        columns={"views": views.values},
        parameters={"given": views.present},
        results={"suspects": unwritten(rows, np.bool_)},
    )
    race(comparison, BLANK_SUSPECTS)


@pytest.mark.parametrize("rows", SIZES)
def test_edge_suspects(race: Race, rows: int) -> None:
    """Ids, of which one in a thousand ends with a blank."""
    number = pl.int_range(rows, eager=True)
    padded = pl.Series(flags(draw(rows), rows, 0.001))
    texts = pl.select(pl.when(padded).then(pl.format("D{} ", number)).otherwise(pl.format("D{}", number))).to_series()
    views = buffers_of(texts)
    comparison = Comparison(
        kernels.edge_suspects,
        rows,
        columns={"views": views.values},
        parameters={"given": views.present},
        results={"suspects": unwritten(rows, np.bool_)},
    )
    race(comparison, EDGE_SUSPECTS)


@pytest.mark.parametrize("rows", SIZES)
def test_plain_numbers(race: Race, rows: int) -> None:
    """Dollars with two decimals."""
    cents = pl.Series(draw(rows).integers(0, 100_000, rows))
    texts = pl.select(pl.format("{}.{}", cents // 100, (cents % 100).cast(pl.String).str.zfill(2))).to_series()
    views = buffers_of(texts)
    comparison = Comparison(
        kernels.plain_numbers,
        rows,
        columns={"views": views.values},
        parameters={"given": views.present, "decimals": 2, "lowest": 0, "highest": 10**13, "missing": 0, "null": False},
        results={"numbers": unwritten(rows), "open_rows": unwritten(rows, np.bool_)},
    )
    race(comparison, PLAIN_NUMBERS, copy_most=20)


@pytest.mark.parametrize("rows", SIZES)
def test_plain_dates(race: Race, rows: int) -> None:
    """Days of half a century."""
    days = pl.Series(draw(rows).integers(0, 20_000, rows).astype(np.int32)).cast(pl.Date)
    views = buffers_of(days.cast(pl.String))
    comparison = Comparison(
        kernels.plain_dates,
        rows,
        columns={"views": views.values},
        parameters={"given": views.present, "first": -5_479, "last": 47_846, "missing": 0, "null": False},
        results={"days": unwritten(rows, np.int32), "open_rows": unwritten(rows, np.bool_)},
    )
    race(comparison, PLAIN_DATES, copy_most=20)
