"""What a jurisdiction's rate of a period rests on, as JSON values: figures, average, decision, citations, sources."""

from datetime import date
from fractions import Fraction
from typing import Any

from calc import datafiles
from calc.rates.computing.table import RateRow
from calc.rates.ruled.observations import load_series
from calc.rates.ruled.periods import FIRST_RULES
from calc.rates.ruled.rate import RuledRate
from calc.rules.rate_rule import rate_rule
from calc.units import PPM_PER_BP, PPM_PER_PERCENT, format_fraction, format_percent, rounded


def figures(jurisdiction: str, rate: RuledRate) -> dict[str, Any]:
    """Return a period's rate and how it comes about.

    Exact figures are text "n/d" in lowest terms, in percent; `average_percent` is rounded half up to two decimals.
    """
    average = rate.average_ppm
    existing = rate.existing_ppm
    compared = rate.computed_ppm is not None and existing is not None
    return {
        "jurisdiction": jurisdiction,
        "year": rate.starts_on.year,
        "period": rate.period,
        **_window(rate),
        "average_exact": None if average is None else format_fraction(average / PPM_PER_PERCENT),
        "average_percent": None
        if average is None
        else format_percent(rounded(average / PPM_PER_BP, "half_up") * PPM_PER_BP),
        "existing_percent": _percent(existing),
        "difference_bp": _whole(Fraction(abs((rate.rounded_ppm or 0) - (existing or 0)), PPM_PER_BP))
        if compared
        else None,
        "decision": rate.decision,
        "computed_percent": _percent(rate.computed_ppm),
        "published_percent": None if rate.published is None else format_percent(rate.published.rate_ppm),
        "rate_percent": format_percent(rate.rate_ppm),
        "effective_from": rate.starts_on.isoformat(),
        "source": rate.source,
        "note": rate.note,
        "citations": citations(jurisdiction, rate.starts_on),
        "provenance": _provenance(jurisdiction, rate),
    }


def row_figures(row: RateRow) -> dict[str, str]:
    """Return a row of the rate table as JSON values."""
    return {
        "effective_from": row.effective_from.isoformat(),
        "rate_percent": format_percent(row.rate_ppm),
        "source": row.source,
        "known_on": row.known_on.isoformat(),
        "note": row.note,
        "provenance": row.provenance,
    }


def citations(jurisdiction: str, on: date) -> list[dict[str, str]]:
    """Return the citation of each value of the rate rule in force on a day."""
    found = rate_rule(jurisdiction, max(on, FIRST_RULES)).citations
    return [
        {"value": name, "rule": each.rule, "quote": each.quote, "reading": each.reading, "note": each.note}
        for name, each in found.items()
    ]


def _window(rate: RuledRate) -> dict[str, Any]:
    window = rate.window
    if window is None:
        return {}
    by_month = rate.rule.method == "mean_of_months"
    shown = [
        {
            "month" if by_month else "date": each.label,
            "rate_percent": format_percent(each.rate_bp * PPM_PER_BP),
            "status": "derived" if each.is_derived else "published",
        }
        for each in window.figures
    ]
    total = sum(each.rate_bp for each in window.figures)
    return {
        "method": rate.rule.method,
        "window_first": window.first.isoformat(),
        "window_last": window.last.isoformat(),
        "months" if by_month else "days": shown,
        "sum_percent": format_percent(total * PPM_PER_BP),
    }


def _provenance(jurisdiction: str, rate: RuledRate) -> dict[str, str]:
    shown = {"rules_sha256": datafiles.checksum((f"rules/{jurisdiction}/",))}
    if rate.rule.series is not None:
        series = load_series(rate.rule.series)
        shown |= {"series": series.provenance, "series_sha256": series.checksum}
    if rate.published is not None:
        shown["published"] = f"{rate.published.publisher}, {rate.published.where_published}"
    return shown


def _percent(ppm: int | None) -> str | None:
    return None if ppm is None else format_percent(ppm)


def _whole(value: Fraction) -> int | str:
    return value.numerator if value.denominator == 1 else format_fraction(value)
