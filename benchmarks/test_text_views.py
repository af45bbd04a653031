import numpy as np
import polars as pl
import pytest

from benchmarks.baselines.text_views import BLANK_SUSPECTS, EDGE_SUSPECTS, WORD_CODES
from benchmarks.conftest import Race
from benchmarks.harness import Comparison
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
