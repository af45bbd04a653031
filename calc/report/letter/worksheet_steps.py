"""The steps of a year's deposit rate: sum, average, rounding, existing rate, test, decision.

Input: what the kernel decided for a year. Output: the steps that lead there, each worked out again in fractions of a
percent; PuccalcError if the two differ. Percentages are `_ppm`, exact ones text "n/d".
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from calc.rates.computing.annual import AnnualRateResult
from calc.rates.computing.table import RateRow
from calc.rates.fred.series import MonthlyRate
from calc.report.explaining.step import Figure, Law, Passage, Step, agree
from calc.units import PPM_PER_BP, PPM_PER_PERCENT, format_fraction, rounded
from calc.units import format_percent as percent

_DECIMALS: Final = 8


def steps_of(
    result: AnnualRateResult, existing: RateRow | None, law: Law, passages: tuple[Passage, ...]
) -> tuple[Step, ...]:
    """Work out a year whose twelve months are known.

    Args:
        result: The year's result.
        existing: Row of the rate table in force on December 31 before, if any.
        law: The rules of the service.
        passages: Paragraphs that the rate rests on.

    Returns:
        The steps.

    Raises:
        PuccalcError: The steps lead to other figures.
    """
    rule = law.own.annual_rate
    exact = Fraction(sum(month.rate_bp or 0 for month in result.months), 1200)
    agree("average", exact, result.average_exact)
    unit = Fraction(PPM_PER_PERCENT, 10**rule.average_decimals)
    average = rounded(exact * PPM_PER_PERCENT / unit, rule.average_rounding) * unit
    agree("average, rounded", average, result.average_ppm)
    return (
        Step(
            "sum of the twelve months",
            {"sum_ppm": result.sum_bp * PPM_PER_BP},
            f"{_sum_text(result.months)} = {percent(result.sum_bp * PPM_PER_BP)}",
            passages=passages,
        ),
        Step(
            "average, to full precision",
            {"average_exact_percent": format_fraction(exact)},
            f"{percent(result.sum_bp * PPM_PER_BP)} / 12 = {decimal(exact)}",
        ),
        Step(
            "average, rounded",
            {"average_ppm": result.average_ppm},
            f"{decimal(exact)} to {rule.average_decimals} decimals = {percent(result.average_ppm)}",
            rounding=rule.average_rounding,
            parameters=law.parameters("average_decimals", "average_rounding"),
        ),
        _existing_step(result.year, existing, result.existing_ppm),
        *_test_steps(result, exact, law),
        Step(
            "rate",
            {
                "rate_ppm": result.rate_ppm,
                "rate_source": result.source,
                "effective_from_date": result.effective_from,
            },
            f"{percent(result.rate_ppm)} percent from {result.effective_from}",
            parameters=law.parameters("published_override") if result.published else (),
            note=result.note,
        ),
    )


def steps_so_far(year: int, months: Sequence[MonthlyRate], existing: RateRow | None, law: Law) -> tuple[Step, ...]:
    """Make the steps of a year whose window lacks months: what is known, and no decision."""
    known = [month for month in months if month.rate_bp is not None]
    sum_bp = sum(month.rate_bp or 0 for month in known)
    found = []
    if known:
        sum_text = percent(sum_bp * PPM_PER_BP)
        exact = Fraction(sum_bp, 100 * len(known))
        found = [
            Step(
                f"sum of the {len(known)} months known so far",
                {"sum_ppm": sum_bp * PPM_PER_BP},
                f"{_sum_text(known)} = {sum_text}",
            ),
            Step(
                "average so far, provisional",
                {"average_exact_percent": format_fraction(exact)},
                f"{sum_text} / {len(known)} = {decimal(exact)}",
                note="The average of the rule is over twelve months.",
            ),
        ]
    missing = [month.month for month in months if month.rate_bp is None]
    return (
        *found,
        *([_existing_step(year, existing, existing.rate_ppm)] if existing else []),
        Step(
            "no decision yet",
            {"missing": ", ".join(missing)},
            f"{len(missing)} of the twelve months are missing",
            parameters=law.parameters("threshold_bp"),
        ),
    )


def decimal(value: Fraction) -> str:
    """Format a fraction >= 0 as a decimal number: at least two decimals, at most eight and then dots."""
    whole, rest = divmod(value, 1)
    digits, beyond = divmod(rest * 10**_DECIMALS, 1)
    text = str(digits).zfill(_DECIMALS)
    return f"{whole}.{text}..." if beyond else f"{whole}.{text.rstrip('0').ljust(2, '0')}"


def existing_note(existing: RateRow) -> str:
    """Say where an existing rate comes from: the window it was computed over, or who published it and where."""
    if existing.source == "published":
        return existing.provenance
    year = existing.effective_from.year
    return f"computed over {year - 2}-10 to {year - 1}-09"


def _sum_text(months: Sequence[MonthlyRate]) -> str:
    return " + ".join(percent((month.rate_bp or 0) * PPM_PER_BP) for month in months)


def _existing_step(year: int, existing: RateRow | None, existing_ppm: int | None) -> Step:
    label = "existing rate"
    if existing_ppm is None:
        return Step(label, {"existing_ppm": None}, f"no rate was in force on {year - 1}-12-31")
    figures: dict[str, Figure] = {"existing_ppm": existing_ppm}
    if existing is None:  # the table begins in 1990, the chain of years long before
        return Step(label, figures, f"{percent(existing_ppm)} percent on {year - 1}-12-31, computed for {year - 1}")
    agree(label, existing.rate_ppm, existing_ppm)
    figures |= {"existing_source": existing.source, "existing_from_date": existing.effective_from}
    formula = (
        f"{percent(existing_ppm)} percent on {year - 1}-12-31: {existing.source}, in force from "
        f"{existing.effective_from}"
    )
    return Step(label, figures, formula, note=existing_note(existing))


def _average_lies(side: str) -> str:
    """Say on which side of the existing rate the average is."""
    return "the average equals the existing rate" if side == "equal" else f"the average is {side} the existing rate"


def _test_steps(result: AnnualRateResult, exact: Fraction, law: Law) -> tuple[Step, ...]:
    """Make the steps of difference and decision."""
    rule = law.own.annual_rate
    if result.existing_ppm is None:
        agree("decision", result.decision, "reset")
        return (Step("decision", {"decision": "reset"}, "no existing rate: the average is the rate"),)
    is_exact = rule.threshold_stage == "unrounded"
    tested_ppm = exact * PPM_PER_PERCENT if is_exact else Fraction(result.average_ppm)
    difference = abs(tested_ppm - result.existing_ppm) / PPM_PER_BP
    agree("difference", difference, result.difference_bp)
    side = "equal" if not difference else "above" if tested_ppm > result.existing_ppm else "below"
    agree("side of the existing rate", side, result.average_is)
    reached = difference >= rule.threshold_bp if rule.threshold_inclusive else difference > rule.threshold_bp
    agree("decision", "reset" if reached else "keep", result.decision)
    tested = decimal(exact) if is_exact else percent(result.average_ppm)
    sign = (">=" if rule.threshold_inclusive else ">") if reached else ("<" if rule.threshold_inclusive else "<=")
    taken = "the newly calculated rate is used" if reached else "the existing rate continues"
    computed = percent(result.computed_ppm)
    difference_text = decimal(difference).removesuffix(".00")
    return (
        Step(
            "difference",
            {"difference_bp": format_fraction(difference)},
            f"|{tested} - {percent(result.existing_ppm)}| = {difference_text} basis points: {_average_lies(side)}",
            parameters=law.parameters("threshold_stage"),
        ),
        Step(
            "decision",
            {"decision": result.decision, "computed_ppm": result.computed_ppm},
            f"{difference_text} {sign} {rule.threshold_bp} basis points: {taken}, {computed} percent",
            parameters=law.parameters("threshold_bp", "threshold_inclusive"),
        ),
    )
