"""Twin of when service may be discontinued and when it must be back: 3407(b), (e), 3409(c), (d), 4407, 4409."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tests.reference.calendar import ONE_DAY, add_months
from tests.reference.holidays import is_business_day, is_legal_holiday

NOON = time(12)
OPENS, CLOSES = time(8), time(16)
FRIDAY = 4


@dataclass(frozen=True)
class Account:
    """What is known of an account on the day. Money in cents, temperatures in degrees Fahrenheit."""

    service: str
    past_due_cents: int
    due_date: date
    residential: bool = True
    participant: bool = False
    preexisting_arrearage_cents: int = 0
    medical_certificates: tuple[date, ...] = ()
    leap_applied: date | None = None
    forecast_low_f: int | None = None
    forecast_high_f: int | None = None
    emergency: bool = False


def certificates_that_count(certificates: Iterable[date]) -> list[date]:
    """Medical certificates, ascending, less those within 12 months of one that counts: (e)(VI)(A), "only once"."""
    counted: list[date] = []
    for day in sorted(certificates):
        if not counted or day >= add_months(counted[-1], 12):
            counted.append(day)
    return counted


def _amount_bars(account: Account, day: date) -> dict[str, str]:
    """Bars that lie in what is owed."""
    chapter = "3-3" if account.service == "electric" else "4-4"
    found = {}
    own = account.preexisting_arrearage_cents if account.participant else 0
    if account.past_due_cents - own < 50_00:
        found["less_than_50_dollars"] = f"4 CCR 723-{chapter}407(b)(II)"
    if day < account.due_date + timedelta(days=31):
        found["not_past_due"] = f"4 CCR 723-{chapter}407(b)(I)"
    if own > 0 and own >= account.past_due_cents:
        found["preexisting_arrearage"] = f"4 CCR 723-{chapter}412(e)(VII)(E)"
    return found


def near_a_closed_day(at: datetime, office_closed: Collection[date]) -> bool:
    """Whether it is from noon of the day before to 08:00 of the day after a holiday or a day of closed office."""
    for off in (at.date() - ONE_DAY, at.date(), at.date() + ONE_DAY):
        closed = is_legal_holiday(off) or off in office_closed
        if closed and datetime.combine(off - ONE_DAY, NOON) <= at < datetime.combine(off + ONE_DAY, OPENS):
            return True
    return False


def _protection_bars(account: Account, day: date) -> dict[str, str]:
    """Bars that protect a residential customer."""
    electric = account.service == "electric"
    rule = "4 CCR 723-3-3407" if electric else "4 CCR 723-4-4407"
    found = {}
    for issued in certificates_that_count(account.medical_certificates):
        if issued <= day <= issued + timedelta(days=90):
            found["medical_certificate"] = f"{rule}(e)(VI)(A)"
    if account.forecast_low_f is not None and account.forecast_low_f <= 32:
        found["cold"] = f"{rule}(e)(VII)(A)"
    if electric and account.forecast_high_f is not None and account.forecast_high_f >= 95:
        found["heat"] = f"{rule}(e)(VII)(B)"
    if account.emergency:
        found["emergency"] = f"{rule}(e)(VII)(C)" if electric else f"{rule}(e)(VII)(B)"
    if account.leap_applied is not None and account.leap_applied <= day <= account.leap_applied + timedelta(days=60):
        found["leap_application"] = "HB25-1234"
    return found


def discontinuance(
    account: Account, at: datetime, office_closed: Collection[date] = ()
) -> tuple[dict[str, str], dict[str, str]]:
    """(bars, warnings) on discontinuing service at a local time, each by name with its citation; all that apply.

    Service may be discontinued where there is no bar.
    """
    rule = "4 CCR 723-3-3407" if account.service == "electric" else "4 CCR 723-4-4407"
    bars = _amount_bars(account, at.date())
    in_hours = at.weekday() < FRIDAY and OPENS <= at.time() <= CLOSES
    if not in_hours:
        bars["outside_hours"] = f"{rule}(e)(III)"
    if near_a_closed_day(at, office_closed):
        bars["holiday"] = f"{rule}(e)(IV)"
    if account.residential:
        bars |= _protection_bars(account, at.date())
    warnings = {"after_noon": f"{rule}(e)(V)"} if in_hours and at.time() >= NOON else {}
    return bars, warnings


def hours_after(at: datetime, hours: int) -> datetime:
    """Moment when so many hours of business days have passed: week-ends and legal holidays do not count, 3409(d)."""
    left = timedelta(hours=hours)
    while True:
        midnight = datetime.combine(at.date() + ONE_DAY, time())
        if is_business_day(at.date()):
            if left <= midnight - at:
                return at + left
            left -= midnight - at
        at = midnight


def restoration(
    requested: datetime,
    acted: datetime,
    *,
    service: str = "electric",
    advanced_meter: bool,
    close: time = time(17),
    after_hours_paid: bool = False,
) -> dict[str, object]:
    """Whether service is back on the day of the request, and the moment by which it is: 3409(c), (d), 4409(c), (d).

    Same day: asked Monday to Friday, no holiday, an hour before the close of the customer service division with an
    advanced meter, by 12:59 without one (or for gas). ``by``: the end of that day, or 24 hours of business days after
    the qualifying action, or 12 hours of the clock where after-hours charges are paid; the earliest that applies.
    """
    hour_before_close = datetime.combine(requested.date(), close) - timedelta(hours=1)
    by_one = requested < datetime.combine(requested.date(), time(13))
    in_time = (advanced_meter and requested <= hour_before_close) or (
        (not advanced_meter or service == "gas") and by_one
    )
    same_day = is_business_day(requested.date()) and in_time
    limits = [acted + timedelta(hours=12) if after_hours_paid else hours_after(acted, 24)]
    if same_day:
        limits.append(datetime.combine(requested.date() + ONE_DAY, time()))
    return {"same_day": same_day, "by": min(limits)}
