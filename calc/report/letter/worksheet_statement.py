"""The statement of a worksheet: all that it states, as JSON values; its hash covers the statement.

Input: a worksheet. Output: plain dictionaries; percentages are decimal text, dates ISO text, as in the command line's
JSON.
"""

from typing import TYPE_CHECKING, Any

from calc.rates.computing.annual import AnnualRateResult
from calc.rates.computing.table import RateRow
from calc.rates.proposal import figures
from calc.rates.register.published import PublishedRate
from calc.report.explaining.step import citation_dict
from calc.report.letter.worksheet_steps import existing_note
from calc.units import PPM_PER_BP, format_percent

if TYPE_CHECKING:
    from calc.report.letter.worksheet import Worksheet


def statement_of(worksheet: "Worksheet") -> dict[str, Any]:
    """Collect months, figures, decision; existing and published rates; register, years since 1990, switches, rules."""
    result = worksheet.result
    return {
        "year": worksheet.year,
        "standing": worksheet.standing,
        **({"months": _months(worksheet)} if result is None else figures(result)),
        "missing": list(worksheet.missing),
        "rate_percent": None if result is None else format_percent(result.rate_ppm),
        "effective_from": None if result is None else result.effective_from.isoformat(),
        "note": worksheet.note,
        "provisional_because": worksheet.provisional_because,
        "existing": None if worksheet.existing is None else _existing(worksheet.existing),
        "published": None if worksheet.letter is None else _published(worksheet.letter),
        "register": [
            {"entry": entry.number, "kind": entry.kind, "sha256": entry.sha256} for entry in worksheet.register
        ],
        "history": [_year(each) for each in worksheet.history],
        "switches": dict(worksheet.rules.switches),
        "rule": _rule(worksheet),
    }


def _months(found: "Worksheet") -> list[dict[str, str | None]]:
    return [
        {
            "month": month,
            "rate_percent": None if rate_bp is None else format_percent(rate_bp * PPM_PER_BP),
            "status": status,
        }
        for month, rate_bp, status in found.months
    ]


def _existing(row: RateRow) -> dict[str, str]:
    return {
        "rate_percent": format_percent(row.rate_ppm),
        "effective_from": row.effective_from.isoformat(),
        "source": row.source,
        "note": existing_note(row),
    }


def _published(letter: PublishedRate) -> dict[str, str]:
    return {
        "rate_percent": format_percent(letter.rate_ppm),
        "effective_from": letter.effective_from.isoformat(),
        "publisher": letter.publisher,
        "where_published": letter.where_published,
        "quote": letter.quote,
    }


def _year(result: AnnualRateResult) -> dict[str, Any]:
    return {
        "year": result.year,
        "average_percent": format_percent(result.average_ppm),
        "rate_percent": format_percent(result.rate_ppm),
        "effective_from": result.effective_from.isoformat(),
        "source": result.source,
    }


def _rule(found: "Worksheet") -> dict[str, Any]:
    return {
        "values": [
            {"service": service, "name": each.name, "value": each.value, "set_by": each.set_by}
            | citation_dict(each.citation)
            for service, each in found.parameters
        ],
        "text": {passage.rule: passage.quote for passage in found.passages},
        "dates": [
            {
                "key": each.key,
                "first": each.first.isoformat(),
                "last": each.last.isoformat(),
                "safe_date": each.safe_date.isoformat() if each.safe_date else None,
                "rules": [words.rule for words in each.citations],
            }
            for each in found.dates
        ],
    }
