"""Month tables and statuses of the unclaimed kernel; whole rows are compared with the twin in tests/columns."""

from datetime import date

import pytest

from calc.kernels.unclaimed import STATUSES, status_of, term_tables
from calc.units import FIRST_DAY, NO_DAY, to_date, to_day
from tests.reference.unclaimed import period_end


def terms(
    trigger: date, *, deemed_after: int = 1, surcharge_after: int = 1, weekends: bool = False
) -> tuple[date, date]:
    deemed_of, surcharge_of = term_tables(24, 4, deemed_after, surcharge_after, weekends)
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
    # 2026-03-15 is a Sunday: the two years end on Monday the 16th, the four months on 2026-07-17, a Friday.
    assert terms(date(2024, 3, 15), weekends=True) == (date(2026, 3, 17), date(2026, 7, 18))


@pytest.mark.parametrize("weekends", [False])
def test_every_day_against_the_twin(weekends: bool) -> None:
    deemed_of, surcharge_of = term_tables(24, 4, 1, 1, weekends)
    extension = "statute" if weekends else "none"
    for place in range(0, deemed_of.size, 11):
        deemed = period_end(to_date(FIRST_DAY + place), 24, extension, day_after=True)
        assert to_date(deemed_of[place]) == deemed
        assert to_date(surcharge_of[place]) == period_end(deemed, 4, extension, day_after=True)


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
