"""Arrearage schedules against the twin and by hand."""

from random import Random

import numpy as np

from calc.columns.arrearage import schedules
from tests.reference import arrearage as twin


def test_schedules_against_the_twin() -> None:
    random = Random(11)  # noqa: S311 - test data
    left = [random.choice((0, 1, random.randint(0, 200_000), 10**12)) for _ in range(3000)]
    copayments = [min(total, random.choice((0, 1, random.randint(0, 200_000)))) for total in left]
    months = [random.randint(1, 24) for _ in left]
    found = schedules(np.array(left), np.array(copayments), np.array(months)).tolist()
    assert found == [twin.arrearage_schedule(*row) for row in zip(left, copayments, months, strict=True)]
    for credits_, total, paid in zip(found, left, copayments, strict=True):
        assert sum(credits_) + paid == total


def test_extra_cents_first() -> None:
    assert schedules(np.array([1002]), np.array([0]), np.array([5])).tolist() == [[201, 201, 200, 200, 200]]
