"""What the figures of a quote are called: on a terminal and on a page alike."""

from collections.abc import Mapping
from typing import Any, Final

from calc.columns.contract import EVERY

_BESIDE: Final = {
    "as_of_date": "As of",
    "estimate": "Bill estimated by",
    "remitted_cents": "Remitted",
}
"""Figures of an answer beside the results of a dataset."""
NAMES: Final = {
    **{each.name: each.label for dataset in EVERY.values() for each in dataset.declared_results if each.label},
    **_BESIDE,
}
"""Where the key itself would not do."""


def told_as(figure: str, result: Mapping[str, Any]) -> str:
    """The key by which a figure of a result is named: a remittance that was made is not to be made."""
    made = figure == "remittance_cents" and result.get("status") == "remitted"
    return "remitted_cents" if made else figure


def name_of(figure: str) -> str:
    """What a figure is called where it stands alone."""
    return NAMES.get(figure) or label(figure).capitalize()


def label(figure: str) -> str:
    """A figure's key as words, without the unit: what it is called amid a working."""
    for unit in ("_cents", "_ppm", "_date"):
        figure = figure.removesuffix(unit)
    return figure.replace("_", " ")
