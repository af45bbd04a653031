"""A night of participants with three events each, against the same without events; in turn, least processor times.

Twelve months a participant are written both times. Beside it: the same night without first bills, so without months.
"""

import time
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.portfolio import AS_OF, draw
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.sample.draw import ids
from calc.units import to_day

Keep = Callable[[str, float], None]

ROWS: Final = 10**6
EVENTS_EACH: Final = 3
ROUNDS: Final = 3
MOST: Final = 3
"""Guard: events make a night take at most this many times as much of a processor."""
KINDS: Final = ("move", "income", "rate_change", "leap_grant", "missed_payment", "partial_payment", "payment", "exit")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Participants of both services, and three events of three kinds each, in no order."""
    folder, random = tmp_path_factory.mktemp("years"), draw(ROWS)
    number = np.arange(ROWS)
    first_bill = to_day(date(2025, 11, 1)) + random.integers(0, 300, ROWS)
    participants = pl.DataFrame({
        "participant_id": ids("P", number), "account_id": ids("A", number),
        "service": pl.Series(("electric", "gas")).gather(number % 2),
        "primary_heating": pl.Series(("electric", "gas")).gather(random.integers(0, 2, ROWS)),
        "regulated_gas": random.integers(0, 2, ROWS) == 1,
        "household_income_cents": random.integers(0, 6_000_000, ROWS),
        "household_size": random.integers(1, 8, ROWS), "county_fips": np.full(ROWS, "08031"),
        "leap_qualified": np.full(ROWS, fill_value=False),
        "full_annual_bill_cents": random.integers(40_000, 360_000, ROWS),
        "leap_grant_cents": random.integers(0, 50_000, ROWS), "arrearage_cents": random.integers(0, 100_000, ROWS),
        "first_bill_date": pl.Series(first_bill.astype(np.int32)).cast(pl.Date),
    })  # fmt: skip
    owner = random.permutation(np.repeat(number, EVENTS_EACH))
    place = np.empty(owner.size, dtype=np.int64)
    order = np.argsort(owner, kind="stable")
    place[order] = np.tile(np.arange(EVENTS_EACH), ROWS)
    day = first_bill[owner] + random.integers(0, 340, owner.size)
    events = pl.DataFrame({
        "participant_id": participants["participant_id"].gather(owner),
        "service": participants["service"].gather(owner),
        "date": pl.Series(day.astype(np.int32)).cast(pl.Date),
        "kind": pl.Series(KINDS).gather((owner + place) % len(KINDS)),
        "amount_cents": random.integers(10_000, 300_000, owner.size),
        "word": pl.Series([None], dtype=pl.String).new_from_index(0, owner.size),
    })  # fmt: skip
    paths = {name: str(folder / f"{name}.parquet") for name in ("participants", "events", "yearly")}
    participants.write_parquet(paths["participants"])
    participants.drop("first_bill_date").write_parquet(paths["yearly"])
    events.write_parquet(paths["events"])
    return paths


def test_a_million_years_with_three_events_each(
    benchmark: BenchmarkFixture, keep_seconds: Keep, keep_ratio: Keep, inputs: dict[str, str], tmp_path: Path
) -> None:
    nights = {
        "without months": NightlyJob(AS_OF, None, tmp_path / "a", participants=inputs["yearly"]),
        "without events": NightlyJob(AS_OF, None, tmp_path / "b", participants=inputs["participants"]),
        "with events": NightlyJob(
            AS_OF, None, tmp_path / "c", participants=inputs["participants"], events=inputs["events"],
            max_bad_share=Fraction(1),
        ),
    }  # fmt: skip
    rows = run_nightly(nights["with events"])["rows"]  # compiled from here on
    assert rows["events"] == {"in": EVENTS_EACH * ROWS, "out": EVENTS_EACH * ROWS, "quarantined": 0}
    assert rows["participant_months"]["out"] == 12 * ROWS
    seconds: dict[str, list[float]] = {name: [] for name in nights}

    def one_of_each() -> None:
        for name, job in nights.items():
            began = time.process_time()
            run_nightly(job)
            seconds[name].append(time.process_time() - began)

    benchmark.pedantic(one_of_each, rounds=ROUNDS)  # type: ignore[no-untyped-call] # it ships none
    least = {name: min(times) for name, times in seconds.items()}
    for name, time_taken in least.items():
        keep_seconds(f"1 M participants: nightly run {name}, of a processor", time_taken)
    for name in ("without months", "without events"):
        keep_ratio(f"1 M participants: with events / {name}", least["with events"] / least[name])
    assert least["with events"] <= MOST * least["without events"]
