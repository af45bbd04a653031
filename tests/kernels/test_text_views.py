"""The text kernels against their twin: any texts, of any length, null, cut out of a longer column."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.columns.buffers import buffers_of
from calc.columns.texts import blank, word_codes
from calc.kernels import text_views as kernels
from tests.reference import text_views as twin

WORDS = ("gas", "twelve bytes", "thirteen byte", "electric", "é", "construction_advance")
NEAR = [
    "ga",
    "gas ",
    "Gas",
    "twelve bytez",
    "thirteen bytE",
    "constructionXadvance",
    "",
    " ",
    "\t\n",
    "\u00a0",
    "\x00",
    "\x1c",
    "\u2003",
]
TEXTS = st.lists(st.none() | st.sampled_from([*WORDS, *NEAR]) | st.text(max_size=15), max_size=30)


@settings(deadline=None)
@given(TEXTS, st.integers(0, 3), st.integers(0, 3))
def test_words_and_blanks_are_those_of_the_twin(texts: list[str | None], before: int, after: int) -> None:
    column = pl.Series([*["gas"] * before, *texts, *[None] * after], dtype=pl.String).slice(before, len(texts))
    assert word_codes(column, WORDS).tolist() == twin.word_codes(texts, WORDS)
    assert blank(column).tolist() == twin.blank(texts)


@settings(deadline=None)
@given(TEXTS)
def test_every_text_that_could_be_blank_is_suspected(texts: list[str | None]) -> None:
    suspects = np.empty(len(texts), dtype=np.bool_)
    kernels.blank_suspects(*buffers_of(pl.Series(texts, dtype=pl.String)), suspects)
    assert suspects.tolist() == twin.may_be_blank(texts)


@settings(deadline=None)
@given(TEXTS)
def test_every_text_that_could_have_a_blank_at_an_edge_is_suspected(texts: list[str | None]) -> None:
    suspects = np.empty(len(texts), dtype=np.bool_)
    kernels.edge_suspects(*buffers_of(pl.Series(texts, dtype=pl.String)), suspects)
    assert suspects.tolist() == twin.may_have_edge_blanks(texts, kernels.INLINE_BYTES)


def test_short_words_are_settled_by_their_views() -> None:
    texts = ["electric", None, "gas", "gas works", "twelve bytes"]
    codes = np.empty(len(texts), dtype=np.int8)
    words = buffers_of(pl.Series(["gas", "electric", "twelve bytes"])).values
    kernels.word_codes(*buffers_of(pl.Series(texts)), words, codes)
    assert codes.tolist() == [1, kernels.UNSETTLED, 0, kernels.UNSETTLED, 2]


def test_texts_of_another_form_are_refused() -> None:
    with pytest.raises(TypeError, match="double"):
        buffers_of(pl.Series([1.0, 2.0]))
