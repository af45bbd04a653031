"""Steps of discontinuing service, restoring it and of contributions, rules 3407, 3409, 3411: what each rests on."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from calc.report.explaining.step import Figure, Law, Passage, Step, agree, source, whole_step
from calc.units import format_cents as money

_RESTS_ON: Final = {
    "less_than_50_dollars": "least_past_due_cents",
    "not_past_due": "past_due_from_days",
    "outside_hours": "opens_hour",
    "holiday": "day_before_hour",
    "medical_certificate": "certificate_days",
    "cold": "cold_f",
    "heat": "electric_hot_f",
    "leap_application": "application_hold_days",
    "after_noon": "warned_from_hour",
}
"""Field of the rule that a ground or warning rests on; the others rest on a paragraph without a value."""
_FIGURES: Final[Mapping[str, tuple[str, ...]]] = {
    "less_than_50_dollars": ("past_due_cents", "preexisting_arrearage_cents"),
    "not_past_due": ("due_date",),
    "preexisting_arrearage": ("preexisting_arrearage_cents", "past_due_cents"),
    "medical_certificate": ("certificate_date", "other_certificate_date"),
    "cold": ("forecast_low_f",),
    "heat": ("forecast_high_f",),
    "leap_application": ("leap_applied_date",),
    "holiday": ("office_closed_date",),
}
"""Columns of the row that a ground looks at, beside the time."""


def ground_passage(ground: str, law: Law) -> Passage:
    """Return the paragraph that a ground or a warning rests on.

    Args:
        ground: A word of the results `barred` or `warnings`.
        law: The rules of the service.
    """
    if ground in _RESTS_ON:
        cited = law.own.citations[_RESTS_ON[ground]]
        return Passage(cited.rule, cited.quote, cited.effective_from, source(cited))
    if ground == "emergency":
        return law.passages("cold_f", "(e)(VII)(C)" if law.service == "electric" else "(e)(VII)(B)")[0]
    return law.passages("arrearage_months_max", "(e)(VII)(E)")[0]


def discontinuance_steps(row: Mapping[str, Any], result: Mapping[str, Any], *, law: Law) -> tuple[Step, ...]:
    """Work out what bars discontinuance.

    Args:
        row: A row of the dataset `discontinuances`, with its defaults.
        result: Its result, grounds and warnings as words.
        law: The rules of the service.

    Returns:
        A step for each ground and warning that applies, and one for the answer.

    Raises:
        PuccalcError: The answer does not follow from the grounds.
    """
    found = [_ground_step(ground, row, law, bars=True) for ground in result["barred"]]
    found += [_ground_step(ground, row, law, bars=False) for ground in result["warnings"]]
    agree("may be discontinued", result["may_discontinue"], not result["barred"])
    said = f"barred on {len(result['barred'])} grounds" if result["barred"] else "no ground that was looked at bars it"
    figures: dict[str, Figure] = {"may_discontinue": result["may_discontinue"]}
    note = "Looked at for nonpayment alone; a ground of which nothing was said was not looked at."
    answer = Step("may service be discontinued", figures, said, note=note)
    return (*found, answer)


def _ground_step(ground: str, row: Mapping[str, Any], law: Law, *, bars: bool) -> Step:
    at: datetime = row["discontinue_at"]
    figures: dict[str, Figure] = {"ground": ground, "bars": bars}
    figures |= {name: row[name] for name in _FIGURES.get(ground, ()) if row[name] is not None}
    used = law.parameters(_RESTS_ON[ground]) if ground in _RESTS_ON else ()
    passages = () if used else (ground_passage(ground, law),)
    label = f"{'ground' if bars else 'warning'}: {ground.replace('_', ' ')}"
    return Step(label, figures, f"at {at:%A %Y-%m-%d %H:%M}", parameters=used, passages=passages)


def restoration_steps(row: Mapping[str, Any], result: Mapping[str, Any], *, law: Law) -> tuple[Step, ...]:
    """Work out when service must be back.

    Args:
        row: A row of the dataset `restorations`, with its defaults.
        result: Its result.
        law: The rules of the service.

    Returns:
        Steps for the day of the request, the moment by which service is due, and a delay's credit where it was told.

    Raises:
        PuccalcError: The steps lead to other figures.
    """
    rule, by, due = law.own.restoration, result["restore_by"], result["restore_date"]
    requested: datetime = row["requested_at"]
    acted: datetime = row["acted_at"] or requested
    meter = "an advanced meter" if row["advanced_meter"] else "no advanced meter"
    used = law.parameters("before_close_minutes", "usual_close_minute") if row["advanced_meter"] else ()
    if law.service == "gas" or not row["advanced_meter"]:
        used += law.parameters("latest_request_minute")
    same_day = Step(
        "back on the day of the request",
        {"same_day": result["same_day"]},
        f"asked at {requested:%A %Y-%m-%d %H:%M}, {meter}",
        parameters=used,
        passages=law.passages("restore_hours", "(c)"),
        note="A qualifying communication before, or an emergency after, allows the next day: (c)(I), (II).",
    )
    hours = (
        f"{rule.after_hours_hours} hours" if row["after_hours_paid"] else f"{rule.restore_hours} hours of business days"
    )
    limit = Step(
        "back by",
        {"restore_by": f"{by:%Y-%m-%d %H:%M}", "restore_date": due},
        f"{hours} after {acted:%A %Y-%m-%d %H:%M}{', or by the end of the day of the request' * result['same_day']}",
        parameters=law.parameters("after_hours_hours" if row["after_hours_paid"] else "restore_hours"),
    )
    return (same_day, limit, *_delay(row, result, due, law))


def _delay(row: Mapping[str, Any], result: Mapping[str, Any], due: date, law: Law) -> tuple[Step, ...]:
    """Return the step of the credit for delay, where it was told when service was back."""
    restored: datetime | None = row["restored_at"]
    if restored is None:
        return ()
    late = max(0, (restored.date() - due).days)
    agree("days late", late, result["late_days"])
    each = law.own.restoration.late_day_credit_cents
    credit = result["reconnection_credit_cents"]
    return (
        whole_step(
            "credit for delay, by a proposed text", "reconnection_credit_cents", credit, late * each,
            f"{late} days, or parts of one, after {due} x {money(each)}", law.parameters("late_day_credit_cents"),
        ),
    )  # fmt: skip


def contribution_steps(row: Mapping[str, Any], result: Mapping[str, Any], *, law: Law) -> tuple[Step, ...]:
    """Work out when contributions are transferred and reported.

    Args:
        row: A row of the dataset `contributions`.
        result: Its result.
        law: The rules of the service.
    """
    quarter = result["quarter_first_date"]
    label = "(d)(I)(" + "ABCD"[(quarter.month - 1) // 3] + ")"
    return (
        Step(
            "transfer of the quarter's money",
            {name: result[name] for name in ("transfer_before_date", "transfer_last_date")},
            f"collected {row['collected_date']}, in the quarter {quarter} through {result['quarter_last_date']}",
            parameters=law.parameters("transfer_months"),
            passages=law.passages("transfer_months", label),
        ),
        Step(
            "report of the year's money by month",
            {"report_date": result["report_date"]},
            f"for the calendar year {quarter.year}",
            parameters=law.parameters("report_month"),
        ),
    )
