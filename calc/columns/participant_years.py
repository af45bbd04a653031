"""Calculate participants' years, one row a participant, with its events and months within it; rules 3412, 4412.

For quotes and batches: a row's events come with it, a bad one refuses the row for what is wrong with the event, and the
twelve months are one result of the row. Files have datasets of their own for both (`participant_year`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import numpy as np

from calc.columns import eligibility, fixed_credit, participant_year
from calc.columns.contract import PARTICIPANT_EVENTS, PARTICIPANT_YEARS
from calc.columns.datasets.participant_year import NEEDS_AMOUNT, NEEDS_WORD, SUMMED, WORDS_OF
from calc.columns.eligibility import Limits
from calc.columns.evaluation import Evaluation, Outputs, Records, assemble
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.columns.lazy_polars import pl
from calc.columns.participant_events import check_events, events_of_rows
from calc.columns.participant_terms import row_terms
from calc.columns.rows import Rows
from calc.errors import ColumnError, Reason
from calc.kernels.arrays import Int64
from calc.kernels.fixed_credit import MONTHS
from calc.rules.guidelines import Guidelines
from calc.rules.resolve import Rules

EVENTS: Final = "events"
_WITHIN: Final = replace(
    PARTICIPANT_EVENTS, columns=tuple(each for each in PARTICIPANT_EVENTS.columns if each.name != "participant_id")
)
"""Events whose participant is the row that holds them; the service is its as well."""
_EVENT_ROWS: Final = Rows(_WITHIN)


def evaluate(
    frame: "pl.DataFrame",
    *,
    rules: Rules,
    as_of: date,
    guidelines: Guidelines,
    threads: int = 1,
    flagged: Int64 | None = None,
) -> Evaluation:
    """Calculate the years of participants.

    Args:
        frame: Rows of the dataset `participant_years`; a column `events`, where there is one, holds lists of records.
        rules: Rules and tariff of both services.
        as_of: Day of the results; later events have not happened.
        guidelines: Income guidelines.
        threads: Number of threads.
        flagged: Bitmask of reasons known before.

    Raises:
        ColumnError: A column is missing or its type cannot hold its values.
    """
    gated = gate(PARTICIPANT_YEARS, frame, flagged)
    events = _exploded(frame)
    given = gate(_WITHIN, events.drop("row"))
    check_events(given)
    limits = eligibility.limits_in_force(rules, as_of, guidelines)
    county = fixed_credit.county_places(frame, gated, limits)
    owner = events["row"].cast(pl.Int64).to_numpy()
    outputs = compute(gated, (owner, given), county, limits, rules=rules, as_of=as_of, threads=threads)
    return assemble(PARTICIPANT_YEARS, frame, outputs, gated, {})


def gated_events_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Int64, Gated]:
    """Gate the events of rows of Python values; return each event's row, and the events.

    Args:
        rows: Rows with their service; `events` lists records of date, kind, amount_cents (int) and word.
    """
    events = [(place, {**each, "service": row["service"]}) for place, row in enumerate(rows) for each in row[EVENTS]]
    given = _EVENT_ROWS.gate([event for _, event in events])
    check_events(given)
    return np.array([place for place, _ in events], dtype=np.int64), given


def compute(
    gated: Gated,
    events: tuple[Int64, Gated],
    county: Int64,
    limits: Limits,
    *,
    rules: Rules,
    as_of: date,
    threads: int = 1,
) -> Outputs:
    """Compute results of gated rows of the dataset `participant_years`.

    Args:
        gated: Gated rows; reasons are added to it, those of their events among them.
        events: Each event's row, and the gated events.
        county: Each row's position in `county_codes`.
        limits: Limits of the income guidelines on the day.
        rules: Rules and tariff of both services.
        as_of: Day of the results.
        threads: Number of threads.

    Returns:
        Result columns by name, over all rows.
    """
    owner, given = events
    terms = row_terms(gated, rules)
    yearly = fixed_credit.compute(gated, county, limits, rules=rules, threads=threads, terms=terms)
    sound = events_of_rows(owner, gated, given, as_of)
    months = participant_year.compute(gated, sound, terms, rules=rules, as_of=as_of, threads=threads)
    rows = gated.reasons.size

    def by_row(figures: Int64) -> Int64:
        whole = np.zeros(rows, dtype=np.int64)
        whole[months.rows] = figures
        return whole

    counts = by_row(np.full(months.rows.size, MONTHS))
    return {
        **{name: yearly[name] for name in PARTICIPANT_YEARS.results if name in yearly},
        **{name: by_row(months.figures[column].sum(axis=1)) for name, column in SUMMED.items()},
        "arrearage_outstanding_cents": by_row(months.figures["arrearage_outstanding_cents"][:, -1]),
        "months": Records(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), months.by_bill),
    }


def what_events_take(reason: Reason) -> str:
    """Say what events would need for a reason not to apply."""
    return {
        Reason.missing_value: f"an amount with {', '.join(NEEDS_AMOUNT)}; a word with {', '.join(NEEDS_WORD)}",
        Reason.unknown_value: "; ".join(f"with {kind} {', '.join(words)}" for kind, words in WORDS_OF.items()),
        Reason.duplicate_key: "one event of a kind on a day, but for grants and payments",
    }.get(reason, "events within the bounds of their columns")


def _exploded(frame: "pl.DataFrame") -> "pl.DataFrame":
    """Return events of all rows as rows of their own, each with the position of its row."""
    names = [each.name for each in _WITHIN.columns if each.name != "service"]
    if EVENTS not in frame.columns or frame[EVENTS].dtype == pl.Null:
        return pl.DataFrame(schema={"row": pl.Int64, **dict.fromkeys(("service", *names), pl.String)})
    dtype = frame[EVENTS].dtype
    fields = dtype.inner.fields if isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Struct) else ()
    if not fields or {field.name for field in fields} - set(names):
        wrong = f"is no list of records of {', '.join(names)}"
        raise ColumnError(f"column {EVENTS} {wrong}", {EVENTS: wrong})
    rows = pl.DataFrame({"row": np.arange(frame.height), "service": frame["service"], EVENTS: frame[EVENTS]})
    some = rows.filter(rows[EVENTS].list.len().fill_null(0) > 0)
    return some.explode(EVENTS).unnest(EVENTS)
