"""Calculate the dataset `annual_bills` by column: use by month and a rate schedule to the full annual bill, (e)(V)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from calc.columns.blocks import in_blocks
from calc.columns.contract import ANNUAL_BILLS, SERVICES
from calc.columns.evaluation import Evaluation, Outputs, assemble
from calc.columns.gate import gate
from calc.columns.gated import Gated
from calc.columns.lazy_polars import pl as polars
from calc.columns.lists import Lists
from calc.columns.plain import plain
from calc.errors import Reason
from calc.kernels import annual_bill as kernels
from calc.kernels.arrays import Int64
from calc.kernels.fixed_credit import MONTHS
from calc.rules.rate_schedule_schema import RateSchedule
from calc.rules.resolve import Rules
from calc.units import CENTS_MAX, NO_DAY, PPM, to_day

if TYPE_CHECKING:
    import polars as pl

_USE: Final = "monthly_use_thousandths"
_SCHEDULE: Final = "rate_schedule"
_NO_END: Final = 2**62


class SchedulesInForce(NamedTuple):
    """Hold the rate schedules in force on a day, and their prices with a row of zeros behind them for refused rows."""

    schedules: tuple[RateSchedule, ...]
    prices: kernels.Prices

    def place_of(self, code: str | None) -> int:
        """Return the position of a schedule by its code; behind the last one where there is none."""
        codes = [each.code for each in self.schedules]
        return codes.index(code) if code in codes else len(codes)


def schedules_in_force(rules: Rules, on: date) -> SchedulesInForce:
    """Return the tariff's rate schedules in force on a day.

    Args:
        rules: Rules with the tariff.
        on: The day.
    """
    versions = rules.tariff.rate_schedules.values()
    found = tuple(each for own in versions if (each := version_in_force(own, on)))
    return SchedulesInForce(found, _prices_of(found))


def version_in_force(versions: Iterable[RateSchedule], on: date) -> RateSchedule | None:
    """Return the version of a schedule in force on a day; None before the first one."""
    current = [each for each in versions if each.effective_from <= on]
    return current[-1] if current else None


def _prices_of(schedules: Sequence[RateSchedule]) -> kernels.Prices:
    fixed, riders, base, charges = (np.zeros((len(schedules) + 1) * MONTHS, dtype=np.int64) for _ in range(4))
    base += PPM
    charges += PPM
    lengths, through, price = [0], [], []
    for row, (each, month) in enumerate((each, month) for each in schedules for month in range(1, MONTHS + 1)):
        own = [rider for rider in each.riders if month in rider.months]
        fixed[row] = each.fixed_charge_micros
        riders[row] = sum(rider.price_micros for rider in own)
        base[row] += sum(rider.share_ppm for rider in own)
        charges[row] += sum(rider.share_ppm for rider in own if rider.of == "charges")
        tiers = each.tiers[month - 1]
        lengths.append(len(tiers))
        through += [_NO_END if tier.through_thousandths is None else tier.through_thousandths for tier in tiers]
        price += [tier.price_micros for tier in tiers]
    offset = np.cumsum([*lengths, *[0] * MONTHS], dtype=np.int64)
    tiers_of = (np.array(each, dtype=np.int64) for each in (through, price))
    return kernels.Prices(fixed, riders, base, charges, offset, *tiers_of)


def evaluate(
    frame: "pl.DataFrame", *, rules: Rules, as_of: date, threads: int = 1, flagged: Int64 | None = None
) -> Evaluation:  # fmt: skip
    """Calculate full annual bills of the rows of a frame of the dataset `annual_bills`.

    Args:
        frame: The rows.
        rules: Rules and tariff; the tariff names the file of rate schedules.
        as_of: Day whose prices are in force; they apply to all twelve months.
        threads: Number of threads.
        flagged: Bitmask of reasons known before, shape (rows,).

    Raises:
        ColumnError: A column is missing or its type cannot hold its values.
    """
    gated = gate(ANNUAL_BILLS, frame, flagged)
    in_force = schedules_in_force(rules, as_of)
    codes = plain(frame[_SCHEDULE]).cast(polars.String)
    known = {each.code: place for place, each in enumerate(in_force.schedules)}
    place = codes.replace_strict(known, default=len(known), return_dtype=polars.Int64).to_numpy()
    outputs = compute(gated, place, in_force, rules=rules, threads=threads)
    return assemble(ANNUAL_BILLS, frame, outputs, gated, {})


def compute(gated: Gated, place: Int64, in_force: SchedulesInForce, *, rules: Rules, threads: int = 1) -> Outputs:
    """Compute bills of gated rows.

    Rows are refused without a schedule of their service in force (unknown_value), for other than twelve months of use
    (missing_value, out_of_range), and where the year's bill is below zero or beyond all money (negative_amount,
    out_of_range).

    Args:
        gated: Gated rows of the dataset `annual_bills`; reasons are added to it.
        place: Each row's position in the schedules, shape (rows,), as from `place_of`.
        in_force: The schedules.
        rules: Rules of both services.
        threads: Number of threads.

    Returns:
        Result columns by name, over all rows; amounts in cents.
    """
    values, rows = gated.values, place.size
    service_of = np.array([SERVICES.index(each.service) for each in in_force.schedules] + [-1], dtype=np.int8)
    gated.refuse(
        service_of[place] != values["service"], Reason.unknown_value, _SCHEDULE, rests_on=(_SCHEDULE, "service")
    )
    use = _of_twelve(gated)
    outputs = {name: np.empty(rows, dtype=np.int64) for name in ("annual", "monthly")}
    outputs["monthly"] = np.empty((rows, MONTHS), dtype=np.int64)
    change = np.empty(rows, dtype=np.int8)
    recalculation_ppm = np.array([own.fixed_credit.recalculation_ppm for own in (rules.electric, rules.gas)])

    def work(part: slice) -> None:
        kernels.annual_bill(
            values["service"][part], place[part], values["first_month"][part], use[part],
            values["basis_bill_cents"][part], in_force.prices, recalculation_ppm, outputs["monthly"][part],
            outputs["annual"][part], change[part],
        )  # fmt: skip

    in_blocks(rows, threads, work)
    good = gated.reasons == 0
    about = (_SCHEDULE, _USE)
    gated.refuse(good & (outputs["annual"] < 0), Reason.negative_amount, *about)
    gated.refuse(good & (outputs["annual"] > CENTS_MAX), Reason.out_of_range, *about)
    days = np.array([to_day(each.effective_from) for each in in_force.schedules] + [NO_DAY], dtype=np.int32)
    return {
        "service": values["service"],
        "rates_effective_from": days[place],
        "full_annual_bill_cents": outputs["annual"],
        "monthly_bill_cents": Lists(np.arange(rows + 1, dtype=np.int64) * MONTHS, outputs["monthly"].reshape(-1)),
        "bill_change": change,
    }


def _of_twelve(gated: Gated) -> Int64:
    """Return the use of twelve months, zeros where a row has other than twelve; such rows are refused."""
    lists = gated.lists[_USE]
    lengths = np.diff(lists.offset)
    gated.refuse(lengths < MONTHS, Reason.missing_value, _USE)
    gated.refuse(lengths > MONTHS, Reason.out_of_range, _USE)
    use = np.zeros((lengths.size, MONTHS), dtype=np.int64)
    whole = lengths == MONTHS
    use[whole] = (
        lists.values.reshape(-1, MONTHS) if whole.all() else lists.at(np.flatnonzero(whole)).values.reshape(-1, MONTHS)
    )
    return use
