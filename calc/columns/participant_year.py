"""Calculate participants' years by column: twelve bills with credits, grants, arrearage, payments; rules 3412, 4412.

In: participants and their events, both as they come. Out: the participants' yearly figures, as from
`calc.columns.fixed_credit`, twelve rows of `participant_months` for each participant with a first_bill_date, and the
reasons of every event.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import numpy as np

from calc.columns import eligibility, fixed_credit
from calc.columns.blocks import in_blocks
from calc.columns.contract import PARTICIPANT_EVENTS, PARTICIPANT_MONTHS, PARTICIPANTS
from calc.columns.evaluation import Coded, Evaluation, assemble
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.columns.lazy_polars import pl
from calc.columns.owned import Owned
from calc.columns.participant_events import Events, events_of, gated_events, matched, no_events
from calc.columns.participant_terms import RowTerms, plan_terms, row_terms
from calc.columns.plain import plain
from calc.columns.refusals import Refusal
from calc.columns.year_tables import kernel_tables
from calc.errors import Reason
from calc.kernels import participant_year as kernels
from calc.kernels.arrays import Array, Int64
from calc.kernels.fixed_credit import MONTHS
from calc.kernels.participant_events import CAUSES
from calc.kernels.year_columns import Participants, YearBills, YearEvents
from calc.kernels.year_figures import CAUSE_BITS
from calc.rules.guidelines import Guidelines, load_guidelines
from calc.rules.resolve import Rules
from calc.units import NO_DAY, to_day

_INPUTS = (
    "service", "primary_heating", "regulated_gas", "household_income_cents", "share_ppm", "full_annual_bill_cents",
    "basis_bill_cents", "months_remaining", "leap_grant_cents", "arrearage_cents",
)  # fmt: skip
_FIGURES = {
    "bill_date": np.int32,
    "in_program": np.bool_,
    "basis_bill_cents": np.int64,
    "share_ppm": np.int64,
    "expected_bill_cents": np.int64,
    "fixed_credit_cents": np.int64,
    "leap_to_unaffordable_cents": np.int64,
    "program_credit_cents": np.int64,
    "leap_to_arrearage_cents": np.int64,
    "leap_to_account_cents": np.int64,
    "arrearage_credit_cents": np.int64,
    "copayment_cents": np.int64,
    "planned_payment_cents": np.int64,
    "arrearage_outstanding_cents": np.int64,
    "causes": np.int64,
    "due_on_exit_cents": np.int64,
    "credit_to_recover_cents": np.int64,
}
"""What the kernel fills of each month, in its order."""


class Year(NamedTuple):
    """Yearly figures of the participants, the months of the good ones, and each event's reasons (0: good).

    `event_refusals` say which columns the events' reasons are about.
    """

    participants: Evaluation
    months: "pl.DataFrame"
    event_reasons: Int64
    event_refusals: list[Refusal]


class Months(NamedTuple):
    """Rows of participants, and what each of their twelve bills carries: arrays of shape (rows, 12) by column."""

    rows: Int64
    figures: Mapping[str, Array]

    @property
    def by_bill(self) -> dict[str, Array | Coded]:
        """The columns with an entry for each bill, and the bill's month."""
        flat: dict[str, Array | Coded] = {name: column.reshape(-1) for name, column in self.figures.items()}
        month = np.tile(np.arange(1, MONTHS + 1, dtype=np.int32), self.rows.size)
        return {**flat, "month": month, "causes": self.causes}

    @property
    def causes(self) -> Coded:
        """The kinds that took effect with each bill, row by row."""
        packed = self.figures["causes"].reshape(-1)
        places = np.flatnonzero(packed)
        known, codes = np.unique(packed[places], return_inverse=True)
        of_bill = np.zeros(packed.size, dtype=np.int64)
        of_bill[places] = codes + 1
        return Coded(of_bill, ((), *map(_unpacked, known.tolist())))


def evaluate(
    frame: "pl.DataFrame",
    events: "pl.DataFrame | None" = None,
    *,
    rules: Rules,
    as_of: date,
    guidelines: Guidelines | None = None,
    threads: int = 1,
    flagged: Int64 | None = None,
    flagged_events: Int64 | None = None,
) -> Year:
    """Calculate participants' yearly figures and, of those with a first_bill_date, what their twelve bills carry.

    Events may come in any order; those dated after the as-of day have not happened. Participants are refused as in
    `fixed_credit.evaluate` and `participant_events.matched`, and where an event leaves an account without a band
    (no_rule_band) or grants add up to more than 10**12 cents (out_of_range).

    Args:
        frame: Rows of the dataset `participants`.
        events: Rows of the dataset `events`; none by default.
        rules: Rules and tariff of both services.
        as_of: Day of the results.
        guidelines: Income guidelines; the shipped ones by default.
        threads: Number of threads.
        flagged: Bitmask of reasons known before, by participant.
        flagged_events: Bitmask of reasons known before, by event.

    Raises:
        InputError: Columns of either frame are missing or unusable.
    """
    if events is None:
        events = pl.DataFrame(schema={column.name: pl.String for column in PARTICIPANT_EVENTS.columns})
    gated = gate(PARTICIPANTS, frame, flagged)
    given = gated_events(events, flagged_events)
    found = matched(frame, events, gated, given, as_of)
    yearly, months = _evaluated(frame, gated, found, rules=rules, as_of=as_of, guidelines=guidelines, threads=threads)
    return Year(yearly, months, given.reasons, given.refusals)


def evaluate_owned(
    frame: "pl.DataFrame", own: Owned | None, *, rules: Rules, as_of: date, flagged: Int64 | None = None
) -> Evaluation:
    """Calculate participants' years with events that were gated and matched before; as `evaluate` otherwise.

    Returns:
        The yearly figures; the evaluation gives the rows of `participant_months` as well.

    Raises:
        InputError: Columns of the frame are missing or unusable.
    """
    gated = gate(PARTICIPANTS, frame, flagged)
    own = own or no_events()
    found = events_of(own.rows, gated, own.gated, as_of)
    yearly, months = _evaluated(frame, gated, found, rules=rules, as_of=as_of)
    return yearly._replace(gives={PARTICIPANT_MONTHS.name: months})


def _evaluated(
    frame: "pl.DataFrame",
    gated: Gated,
    events: Events,
    *,
    rules: Rules,
    as_of: date,
    guidelines: Guidelines | None = None,
    threads: int = 1,
) -> tuple[Evaluation, "pl.DataFrame"]:
    """Return yearly figures of gated participants, and the months of the good ones."""
    limits = eligibility.limits_in_force(rules, as_of, guidelines or load_guidelines())
    county = fixed_credit.county_places(frame, gated, limits)
    terms = row_terms(gated, rules)
    outputs = fixed_credit.compute(gated, county, limits, rules=rules, threads=threads, terms=terms)
    months = compute(gated, events, terms, rules=rules, as_of=as_of, threads=threads)
    return fixed_credit.assembled(frame, gated, outputs), months_frame(frame, gated, months)


def compute(
    gated: Gated, events: Events, terms: RowTerms, *, rules: Rules, as_of: date, threads: int = 1
) -> Months:  # fmt: skip
    """Compute the months of gated participants that are good so far and have a first_bill_date.

    Args:
        gated: Gated rows of the dataset `participants`; reasons are added to it.
        events: Their events.
        terms: From `row_terms`.
        rules: Rules and tariff of both services.
        as_of: Day of the results.
        threads: Number of threads.

    Returns:
        The rows that are good now, with their months.
    """
    values = gated.values
    rows: Int64 = np.flatnonzero((gated.reasons == 0) & (values["first_bill_date"] != NO_DAY))
    every = rows.size == gated.reasons.size
    own = events if every else events.at(rows)
    given = [
        column if every else column[rows]
        for column in (
            *(values[name] for name in _INPUTS), terms.arrearage_months, terms.copayment_cents,
            values["first_bill_date"],
        )
    ]  # fmt: skip
    figures: dict[str, Array] = {name: np.empty((rows.size, MONTHS), dtype=dtype) for name, dtype in _FIGURES.items()}
    refused = np.empty(rows.size, dtype=np.int8)
    tables, plan = kernel_tables(rules), plan_terms(rules)

    def work(part: slice) -> None:
        kernels.participant_year(
            YearEvents(own.offset[part.start : part.stop + 1], *own.columns),
            Participants(*(column[part] for column in given)),
            to_day(as_of),
            tables,
            plan,
            YearBills(refused[part], *(column[part] for column in figures.values())),
        )

    in_blocks(rows.size, threads, work)
    gated.refuse_at(rows[refused == kernels.NO_BAND], Reason.no_rule_band, "primary_heating", "service")
    gated.refuse_at(rows[refused == kernels.BEYOND], Reason.out_of_range, "leap_grant_cents")
    good = refused == kernels.GOOD
    if good.all():
        return Months(rows, figures)
    return Months(rows[good], {name: column[good] for name, column in figures.items()})


def months_frame(frame: "pl.DataFrame", gated: Gated, months: Months) -> "pl.DataFrame":
    """Build rows of `participant_months`, twelve for each participant, in the participants' order."""
    of_bill = np.repeat(months.rows, MONTHS)
    ids = plain(frame["participant_id"]).cast(pl.String).gather(pl.Series(of_bill))
    outputs = {**months.by_bill, "service": gated.values["service"][of_bill]}
    every = Gated({}, np.zeros(of_bill.size, dtype=np.int64), {}, [])
    return assemble(PARTICIPANT_MONTHS, pl.DataFrame({"participant_id": ids}), outputs, every, {}).results


def _unpacked(causes: int) -> tuple[str, ...]:
    """Return the words of packed causes, in their order."""
    found = []
    while causes:
        found.append(CAUSES[(causes & (1 << CAUSE_BITS) - 1) - 1])
        causes >>= CAUSE_BITS
    return tuple(found)
