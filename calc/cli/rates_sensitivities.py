"""`puccalc rates sensitivities`: a year's rate under each reading of the rule."""

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

import typer

from calc.cli import terminal
from calc.cli.options import Json, count, print_json, run_uncompiled
from calc.rates.computing import sensitivity
from calc.rules import resolve
from calc.units import format_fraction, format_percent

if TYPE_CHECKING:
    from calc.rates.computing.sensitivity import Sensitivity


def sensitivities(
    year: Annotated[int, typer.Option(parser=count(1990, 2100), metavar="YEAR", help="The calendar year of the rate.")],
    json: Json = False,
) -> None:
    """What each reading of the rule would make of a year's rate, one reading at a time."""
    run_uncompiled()
    found = sensitivity.sensitivities(year, resolve.load_rules(date(year, 1, 1)))
    in_force = next(each for each in found if each.in_force).result.rate_ppm
    shown = [_shown(each, in_force) for each in found]
    if json:
        print_json(shown)
        return
    printed = terminal.Table(title=f"The rate of {year} under each reading")
    printed.add_column("reading", no_wrap=True)
    for name in ("average", "difference", "rate", "effect"):
        printed.add_column(name)
    for each in shown:
        printed.add_row(
            f"{each['switch']}={each['value']}",
            each["average_percent"],
            _points(each["difference_bp"]),
            each["rate_percent"],
            _effect(each),
        )
    terminal.print_tables(printed)


def _effect(shown: dict[str, Any]) -> str:
    """What a reading does to the year's rate, and to how many other years."""
    if shown["in_force"]:
        return "in force"
    others = len(shown["years_changed"]) - shown["changes"]
    if not others:
        return "changes" if shown["changes"] else "none"
    return f"{'also ' * shown['changes']}changes {others} other year{'s' if others > 1 else ''}"


def _points(fraction: str | None) -> str:
    """Basis points >= 0 as a decimal number: two decimals at most, and dots where there are more."""
    if fraction is None:
        return ""
    hundredths, beyond = divmod(Fraction(fraction) * 100, 1)
    text = f"{hundredths // 100}.{hundredths % 100:02}"
    return f"{text}... bp" if beyond else f"{text.rstrip('0').rstrip('.')} bp"


def _shown(each: "Sensitivity", in_force_ppm: int) -> dict[str, Any]:
    result = each.result
    difference = result.difference_bp
    return {
        "switch": each.switch,
        "value": str(each.value).lower(),
        "in_force": each.in_force,
        "reading": each.citation.reading,
        "rule": each.citation.rule,
        "note": each.citation.note,
        "average_percent": format_percent(result.average_ppm),
        "difference_bp": None if difference is None else format_fraction(difference),
        "decision": result.decision,
        "computed_percent": format_percent(result.computed_ppm),
        "rate_percent": format_percent(result.rate_ppm),
        "changes": result.rate_ppm != in_force_ppm,
        "years_changed": list(each.years_changed),
    }
