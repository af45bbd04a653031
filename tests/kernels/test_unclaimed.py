"""Month tables and statuses of the unclaimed kernel; whole rows are compared with the twin in tests/columns."""

from datetime import date

import numpy as np
import pytest

from calc.kernels.unclaimed import STATUSES, status_of
from calc.kernels.unclaimed_terms import EXTENDED, term_tables
from calc.units import FIRST_DAY, NO_DAY, to_date, to_day
from tests.reference.holidays import legal_holidays
from tests.reference.unclaimed import EXTENDED as TWIN_EXTENDED
from tests.reference.unclaimed import period_end

HOLIDAYS = np.array([to_day(day) for year in range(1955, 2105) for day in legal_holidays(year)], dtype=np.int64)


def terms(
    trigger: date, *, deemed_after: int = 1, surcharge_after: int = 1, extension: str = "none"
) -> tuple[date, date]:
    deemed_of, surcharge_of = term_tables(24, 4, deemed_after, surcharge_after, EXTENDED[extension], HOLIDAYS)
    place = to_day(trigger) - FIRST_DAY
    return to_date(deemed_of[place]), to_date(surcharge_of[place])


@pytest.mark.parametrize(
    ("trigger", "deemed", "surcharge_from"),
    [
        (date(2024, 3, 15), date(2026, 3, 16), date(2026, 7, 17)),
        (date(2024, 2, 29), date(2026, 3, 1), date(2026, 7, 2)),
        (date(2024, 10, 30), date(2026, 10, 31), date(2027, 3, 1)),
    ],
)
def test_dates_of_the_rules(trigger: date, deemed: date, surcharge_from: date) -> None:
    assert terms(trigger) == (deemed, surcharge_from)


def test_other_readings_by_hand() -> None:
    assert terms(date(2024, 3, 15), deemed_after=0) == (date(2026, 3, 15), date(2026, 7, 16))
    assert terms(date(2024, 3, 15), surcharge_after=0) == (date(2026, 3, 16), date(2026, 7, 16))


@pytest.mark.parametrize(
    ("trigger", "extension", "deemed", "surcharge_from"),
    [
        # 2026-03-15 is a Sunday: the two years end on Monday the 16th, the four months on 2026-07-17, a Friday.
        (date(2024, 3, 15), "statute", date(2026, 3, 17), date(2026, 7, 18)),
        # The four months alone end on Thursday 2026-07-16.
        (date(2024, 3, 15), "payment", date(2026, 3, 16), date(2026, 7, 17)),
        # Four months end on Friday 2026-07-03, when Independence Day, a Saturday, is kept: on to Monday the 6th.
        (date(2024, 3, 2), "none", date(2026, 3, 3), date(2026, 7, 4)),
        (date(2024, 3, 2), "payment", date(2026, 3, 3), date(2026, 7, 7)),
        (date(2024, 3, 2), "statute", date(2026, 3, 3), date(2026, 7, 7)),
        # Two years end on Thanksgiving, 2026-11-26; four months on Saturday 2027-03-27 or, from the 28th, Sunday.
        (date(2024, 11, 26), "payment", date(2026, 11, 27), date(2027, 3, 30)),
        (date(2024, 11, 26), "statute", date(2026, 11, 28), date(2027, 3, 30)),
    ],
)
def test_periods_that_end_on_a_day_off_by_hand(
    trigger: date, extension: str, deemed: date, surcharge_from: date
) -> None:
    assert terms(trigger, extension=extension) == (deemed, surcharge_from)


@pytest.mark.parametrize("extension", EXTENDED)
def test_every_day_against_the_twin(extension: str) -> None:
    deemed_of, surcharge_of = term_tables(24, 4, 1, 1, EXTENDED[extension], HOLIDAYS)
    two_years, four_months = TWIN_EXTENDED[extension]
    for place in range(0, deemed_of.size, 11):
        deemed = period_end(to_date(FIRST_DAY + place), 24, two_years, day_after=True)
        assert to_date(deemed_of[place]) == deemed
        assert to_date(surcharge_of[place]) == period_end(deemed, 4, four_months, day_after=True)


@pytest.mark.parametrize(
    ("paid", "remitted", "deemed", "surcharge_from", "status"),
    [
        (10, 10, 5, 8, "remitted"),  # equal dates
        (9, 10, 5, 8, "returned"),  # paid back earlier
        (10, 9, 5, 8, "remitted"),
        (NO_DAY, NO_DAY, 5, 10, "overdue"),
        (NO_DAY, NO_DAY, 10, 11, "unclaimed"),
        (NO_DAY, NO_DAY, 11, 12, "waiting"),
        (NO_DAY, NO_DAY, NO_DAY, NO_DAY, "active"),
    ],
)
def test_first_status_that_applies(paid: int, remitted: int, deemed: int, surcharge_from: int, status: str) -> None:
    assert STATUSES[status_of(paid, remitted, deemed, surcharge_from, 10)] == status
