"""Check participants' events by column and match them with their participants; rules 3412, 4412.

In: a part of the participants and these participants' events, both as they come. Out: the events that count, by
participant, day and order within the day, and the reasons of every event.
"""

from datetime import date
from typing import NamedTuple

import numpy as np

from calc.columns.contract import NONE, PARTICIPANT_EVENTS, SERVICES
from calc.columns.datasets.participant_year import ADD_UP, NEEDS_AMOUNT, NEEDS_WORD, WORDS_OF
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.columns.lazy_polars import pl
from calc.columns.owned import Owned
from calc.columns.plain import plain
from calc.errors import Reason
from calc.kernels.arrays import Array, Bool, Int64
from calc.kernels.participant_events import KINDS, NO_WORD, WORDS
from calc.units import FIRST_DAY, NO_DAY, to_day

_KEY = ["participant_id", "service"]
_VALUES = ("date", "kind", "amount_cents", "word")
_DAY_BITS, _KIND_BITS = 16, 4
"""Enough for the days from FIRST_DAY through LAST_DAY, and for KINDS."""


class Events(NamedTuple):
    """Sound events by participant: row r has those at offset[r] ... offset[r + 1] - 1, in the order in which they act.

    `columns` are day (epoch days), kind (code), amount (cents, NONE without one) and word (code or NO_WORD).
    """

    offset: Int64
    columns: tuple[Array, Array, Array, Array]

    def at(self, places: Int64) -> "Events":
        """Return the events of some of the participants, in their order."""
        counts = np.diff(self.offset)[places]
        offset = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        of = np.repeat(self.offset[places] - offset[:-1], counts) + np.arange(offset[-1])
        day, kind, amount, word = (column[of] for column in self.columns)
        return Events(offset, (day, kind, amount, word))


def no_events() -> Owned:
    """Return no event at all."""
    values = {name: np.empty(0, dtype=PARTICIPANT_EVENTS.column(name).dtype) for name in _VALUES}
    return Owned(np.empty(0, dtype=np.int64), values)


def act_once(gated_events: Gated, as_of: date) -> Bool:
    """Mark events that have happened and are of a kind that a participant may have once a day."""
    happened = gated_events.values["date"] <= to_day(as_of)
    return happened & ~_is_one_of(gated_events.values["kind"], ADD_UP)


def gated_events(frame: "pl.DataFrame", flagged: Int64 | None = None) -> Gated:
    """Gate events by themselves, as `check_events`.

    Raises:
        InputError: Columns are missing or unusable.
    """
    gated_events = gate(PARTICIPANT_EVENTS, frame, flagged)
    check_events(gated_events)
    return gated_events


def check_events(gated_events: Gated) -> None:
    """Refuse events that lack the amount or word of their kind (missing_value) or have another kind's (unknown_value).

    What a kind does not take is set aside.
    """
    kind, amount, word = (gated_events.values[name] for name in ("kind", "amount_cents", "word"))
    takes = np.zeros((len(KINDS), len(WORDS) + 1), dtype=np.bool_)
    takes[:, NO_WORD] = True
    for name, words in WORDS_OF.items():
        takes[KINDS.index(name), [WORDS.index(each) for each in words]] = True
    has_words = _is_one_of(kind, tuple(WORDS_OF))
    without_amount = _is_one_of(kind, NEEDS_AMOUNT) & (amount == NONE)
    without_word = _is_one_of(kind, NEEDS_WORD) & (word == NO_WORD)
    gated_events.refuse(without_amount, Reason.missing_value, "amount_cents", "kind")
    gated_events.refuse(without_word, Reason.missing_value, "word", "kind")
    gated_events.refuse(has_words & ~takes[kind, word], Reason.unknown_value, "word", "kind")
    gated_events.values["word"] = np.where(has_words, word, NO_WORD).astype(word.dtype)


def matched(frame: "pl.DataFrame", events: "pl.DataFrame", gated: Gated, gated_events: Gated, as_of: date) -> Events:
    """Match gated events with gated participants and refuse what is refused of either.

    Events are refused without a participant of their id and service in the frame (unknown_participant), and where two
    of one kind that have happened fall on one day (duplicate_key). A participant is refused with a refused event
    (depends_on_quarantined), with events but no first_bill_date (missing_value), and, with events, where its key is
    repeated (duplicate_key).

    Args:
        frame: Rows of the dataset `participants`.
        events: Rows of the dataset `events`.
        gated: The participants as gated; reasons are added to it.
        gated_events: The events as gated; reasons are added to it.
        as_of: Day of the results.
    """
    owner = _owners(frame, events, gated, gated_events)
    gated_events.refuse(owner < 0, Reason.unknown_participant, *_KEY)
    return events_of(owner, gated, gated_events, as_of)


def events_of(owner: Int64, gated: Gated, gated_events: Gated, as_of: date) -> Events:
    """Order the sound events of participants; `owner` is each event's row among these, -1 for none."""
    refuse_repeated(owner, gated_events, as_of)
    refused = np.unique(owner[(gated_events.reasons != 0) & (owner >= 0)])
    gated.refuse_at(refused, Reason.depends_on_quarantined, *_KEY)
    return sound_events(owner, gated, gated_events)


def events_of_rows(owner: Int64, gated: Gated, gated_events: Gated, as_of: date) -> Events:
    """Match gated events that come within their participants' rows; what is wrong with an event refuses its row.

    Args:
        owner: Each event's row.
        gated: The participants as gated; reasons are added to it.
        gated_events: The events as gated; reasons are added to it.
        as_of: Day of the results.
    """
    refuse_repeated(owner, gated_events, as_of)
    for reason, _, places in [*gated_events.refusals]:
        gated.refuse_at(np.unique(owner[places]), reason, "events")
    return sound_events(owner, gated, gated_events)


def sound_events(owner: Int64, gated: Gated, gated_events: Gated) -> Events:
    """Order the sound events of good participants, and refuse participants that lack the first_bill_date they need.

    Args:
        owner: Each event's row among the participants, -1 for none.
        gated: The participants; reasons are added to it.
        gated_events: The events with all their reasons.
    """
    has_events = np.zeros(gated.reasons.size, dtype=np.bool_)
    has_events[owner[owner >= 0]] = True
    gated.refuse(has_events & (gated.values["first_bill_date"] == NO_DAY), Reason.missing_value, "first_bill_date")
    kept = np.flatnonzero((owner >= 0) & (gated_events.reasons == 0))
    kept = kept[gated.reasons[owner[kept]] == 0]
    order = _order(owner[kept], gated_events.values["date"][kept], gated_events.values["kind"][kept])
    if (np.diff(order) < 0).any():
        kept = kept[np.argsort(order, kind="stable")]
    counts = np.bincount(owner[kept], minlength=gated.reasons.size)
    offset = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    day, kind, amount, word = (gated_events.values[name][kept] for name in _VALUES)
    return Events(offset, (day, kind, amount, word))


def refuse_repeated(owner: Int64, gated_events: Gated, as_of: date) -> None:
    """Refuse all events of one participant, kind and day where there are two, unless the kind adds up.

    What is dated after the as-of day has not happened, and refuses nothing.
    """
    sound = np.flatnonzero((owner >= 0) & (gated_events.reasons == 0) & act_once(gated_events, as_of))
    order = _order(owner[sound], gated_events.values["date"][sound], gated_events.values["kind"][sound])
    _, group, counts = np.unique(order, return_inverse=True, return_counts=True)
    gated_events.refuse_at(sound[counts[group] > 1], Reason.duplicate_key, *_KEY, "date", "kind")


def _order(owner: Int64, day: Array, kind: Array) -> Int64:
    """Return numbers that sort events by participant, day and order of kinds within the day."""
    days: Int64 = (owner << _DAY_BITS) + (day.astype(np.int64) - FIRST_DAY)
    return (days << _KIND_BITS) + kind


def _is_one_of(kind: Array, names: tuple[str, ...]) -> Bool:
    table = np.array([name in names for name in KINDS])
    found: Bool = table[kind]
    return found


def _owners(frame: "pl.DataFrame", events: "pl.DataFrame", gated: Gated, gated_events: Gated) -> Int64:
    """Return the row of each event's participant, -1 if there is none; refuse repeated participants with events."""
    keys, owners = _keys(events, gated_events), _keys(frame, gated).with_row_index("row")
    concerned = owners.join(keys, on=_KEY, how="semi")
    repeated = concerned.filter(concerned.select(_KEY).is_duplicated())
    gated.refuse_at(repeated["row"].cast(pl.Int64).to_numpy(), Reason.duplicate_key, *_KEY)
    found = keys.join(concerned.unique(_KEY), on=_KEY, how="left", maintain_order="left")
    owner: Int64 = found["row"].cast(pl.Int64).fill_null(-1).to_numpy()
    return owner


def _keys(frame: "pl.DataFrame", gated: Gated) -> "pl.DataFrame":
    """Return participant and service of each row, nulls where either is unusable."""
    ids = plain(frame["participant_id"]).cast(pl.String)
    service = pl.Series(SERVICES, dtype=pl.String).gather(pl.Series(gated.values["service"]).cast(pl.UInt32))
    usable = np.ones(frame.height, dtype=np.bool_)
    for name in _KEY:
        if name in gated.unusable:
            usable &= ~gated.unusable[name]
    return pl.DataFrame({"participant_id": ids, "service": service}).select(pl.when(pl.Series(usable)).then(pl.all()))
