"""Change a participant's figures by one event, and note what took effect; rules 3412, 4412 (e)(V), (e)(VIII)."""

from typing import Final

from calc.kernels._jit import inner
from calc.kernels.fixed_credit import recalculation_due
from calc.kernels.participant_events import (
    FIRST_NO,
    FIRST_YES,
    HEATING,
    INCOME,
    MOVE,
    NO_WORD,
    NOT_DUE,
    RATE_CHANGE,
    REGULATED_GAS,
)

Figures = tuple[int, int, int, int]
"""Household income (cents), basis bill (cents), code of the primary heat, and 1 with regulated gas service or 0."""

CAUSE_BITS: Final = 4
"""Bits of one cause among a bill's, so that all of them, in their order, fit in an int64."""
_CAUSE: Final = (1 << CAUSE_BITS) - 1


@inner
def is_yes(word: int) -> bool:
    """Tell whether a word switches something on."""
    return FIRST_YES <= word < FIRST_NO


@inner
def new_figures(figures: Figures, event: tuple[int, int, int], recalculation_ppm: int) -> tuple[Figures, int, bool]:
    """Apply one event.

    Args:
        figures: As they are.
        event: Kind, amount (cents) and word (NO_WORD: none).
        recalculation_ppm: Change of the bill, by ppm of its basis, from which new rates count.

    Returns:
        The new figures, the cause to note (a code of CAUSES), and whether credits are to be re-based.
    """
    income, basis, heating, gas = figures
    kind, amount, word = event
    if kind == RATE_CHANGE and not recalculation_due(amount, basis, recalculation_ppm):
        return figures, NOT_DUE, False
    if kind in (MOVE, RATE_CHANGE):
        basis = amount
    elif kind == INCOME:
        income = amount
    elif kind == REGULATED_GAS:
        gas = int(is_yes(word))
    if kind in (MOVE, HEATING) and word != NO_WORD:
        heating = word
    return (income, basis, heating, gas), kind, kind <= RATE_CHANGE


@inner
def with_cause(causes: int, cause: int) -> int:
    """Add a cause behind those of the bill, unless it is among them; each takes CAUSE_BITS, its code plus one."""
    place = 0
    while causes >> place & _CAUSE:
        if causes >> place & _CAUSE == cause + 1:
            return causes
        place += CAUSE_BITS
    return causes | (cause + 1) << place
