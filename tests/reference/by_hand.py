"""Readings, rates and a row that the twins' tests share; their results are worked out by hand in the tests."""

from datetime import date

from tests.reference.rate_table import RateTable, rates_from

DAY_COUNTS = ["actual_actual", "actual_365", "actual_360", "thirty_e_360"]
DAY_ENDS = ["start_included_end_excluded", "start_excluded_end_included", "both", "neither"]
TEN_PERCENT = RateTable(lambda _: 100_000)  # on 3,650.00 and over 365 days: a dollar a day, the six points 60 cents
STEPS = rates_from({date(1990, 1, 1): 73_300, date(2023, 3, 15): 16_900, date(2024, 1, 31): 49_301}, date(2027, 1, 1))
STEP_TABLE = RateTable(STEPS)
ENDED = {"service_ended_date": date(2024, 3, 15)}  # deemed 2026-03-16, points from 2026-07-17
