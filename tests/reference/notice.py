"""Twin of the days on which a change of a rate is filed and announced: C.R.S. 40-3-104, 4 CCR 723-1-1210(a)(VI)."""

from datetime import date, timedelta

from tests.reference.holidays import business_day_until

NOTICE_DAYS = 30  # C.R.S. 40-3-104(1)(a): thirty days' notice to the Commission and the public
ADDITIONAL_DAYS = 20  # (1)(c)(I)(A)-(D): the first twenty days of the thirty
POSTED_DAYS = 30  # (1)(c)(I): on the website for at least thirty days


def notice_dates(
    effective: date, *, notice_days: int = NOTICE_DAYS, additional_days: int = ADDITIONAL_DAYS
) -> dict[str, date]:
    """Days of a change that takes effect on ``effective``.

    notice_first .. notice_last: the thirty days, which end on the day before the effective date. filing_day_reckoned:
    the day before notice_first, since the filing day is not counted. file_by: that day, or the business day before it.
    additional_first .. additional_last: the first twenty of the thirty days. posted_first .. posted_last: the shortest
    notice on the website, from the filing on; its first day is excluded and its last one included, C.R.S. 2-4-108(1).
    """
    notice_last = effective - timedelta(days=1)
    notice_first = effective - timedelta(days=notice_days)
    filing_day_reckoned = notice_first - timedelta(days=1)
    file_by = business_day_until(filing_day_reckoned)
    return {
        "filing_day_reckoned": filing_day_reckoned,
        "file_by": file_by,
        "notice_first": notice_first,
        "notice_last": notice_last,
        "additional_first": notice_first,
        "additional_last": notice_first + timedelta(days=additional_days - 1),
        "posted_first": file_by,
        "posted_last": file_by + timedelta(days=POSTED_DAYS),
    }


def earliest_effective(filed: date, *, notice_days: int = NOTICE_DAYS) -> date:
    """First day on which what was filed on ``filed`` can take effect: thirty days pass, the filing day not counted."""
    return filed + timedelta(days=notice_days + 1)
