"""Money as people and reports write it, such as $1,234.56, (200.00), 200.00- or 1.234,56, to plain decimals.

In: text and which marks stand in it. Out: text such as -200.00. What is not written so becomes a text that is no
number, for the gate to refuse: thousands in groups of other than three digits, two signs, a currency but the dollar.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

import polars as pl

STYLES: Final = ("1,234.56", "1.234,56", "1 234,56", "1'234.56")
"""One thousand two hundred thirty-four dollars and fifty-six cents in each."""
_CURRENCY: Final = r"(?:(?:US\s*)?\$|USD)?"
_MINUS: Final = "[-\u2212]"
_NO_NUMBER: Final = "not in the style"
_SPACE: Final = "[ \u00a0\u202f]"


@dataclass(frozen=True, slots=True)
class MoneyStyle:
    """A style by its text, and the regular expression of an amount in it."""

    text: str
    pattern: str
    mark: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """A style of STYLES."""
        between, mark = text[1], text[5]
        thousands = _SPACE if between == " " else re.escape(between)
        decimal = re.escape(mark)
        whole = rf"(?:[0-9]{{1,3}}(?:{thousands}[0-9]{{3}})+|[0-9]+)"
        digits = rf"(?P<whole>{whole}?)(?:{decimal}(?P<part>[0-9]+))?"
        # A currency and a minus before the number in either order; parentheses around all, or around the number.
        return cls(
            text,
            rf"^(?P<open>\()?\s*(?P<first>{_MINUS})?\s*{_CURRENCY}\s*(?P<second>{_MINUS})?(?P<inner>\()?{digits}"
            rf"\s*(?:USD)?\s*(?P<last>{_MINUS})?(?P<close>\))?$",
            mark,
        )

    def to_plain(self, text: pl.Series) -> pl.Series:
        """Plain decimals of the amounts; blank where it is blank, else a text that is no number."""
        parts = text.str.strip_chars().str.extract_groups(self.pattern).struct
        given = {
            name: parts.field(name).fill_null("") for name in ("open", "inner", "close", "first", "second", "last")
        }
        opened, closed = ((given[name] != "").cast(pl.Int8) for name in ("open", "close"))
        opened += (given["inner"] != "").cast(pl.Int8)
        minus = sum(((given[name] != "").cast(pl.Int8) for name in ("first", "second", "last")), closed)
        whole = parts.field("whole").str.replace_all("[^0-9]", "")
        part = parts.field("part")
        fits = whole.is_not_null() & (opened == closed) & (minus <= 1) & ((whole != "") | part.is_not_null())
        sign = pl.select(pl.when(minus == 1).then(pl.lit("-")).otherwise(pl.lit(""))).to_series()
        number = sign + pl.select(pl.when(whole == "").then(pl.lit("0")).otherwise(whole)).to_series()
        number += ("." + part).fill_null("")
        blank = text.str.contains(r"^\s*$")
        return pl.select(pl.when(fits).then(number).when(~blank).then(pl.lit(_NO_NUMBER))).to_series().alias(text.name)
