"""Decide whether service may be discontinued for nonpayment and when it must be back, rules 3407, 3409 and their twins.

Moments are seconds since 1970-01-01T00:00 on a clock in Colorado. Tables of days start at FIRST_DAY - 1, so that the
day before each day is in them.
"""

from typing import Final, NamedTuple

from calc.kernels._jit import inner, kernel
from calc.kernels.arrays import Bool, Int8, Int16, Int32, Int64
from calc.units import DAY_SECONDS, FIRST_DAY, NO_DAY, NO_MOMENT

BARS: Final = (
    "less_than_50_dollars",
    "not_past_due",
    "preexisting_arrearage",
    "outside_hours",
    "holiday",
    "medical_certificate",
    "cold",
    "heat",
    "emergency",
    "leap_application",
)
"""What bars discontinuance; a bar's position is its bit."""
WARNINGS: Final = ("after_noon",)
NO_FORECAST: Final = -999
"""Stands for a temperature that is not known, in degrees Fahrenheit."""
_HOUR: Final = 3_600
_THURSDAY: Final = 3
"""Weekday of the epoch's first day, Monday being 0."""
TABLE_START: Final = FIRST_DAY - 1


@inner
def bar(condition: bool, place: int) -> int:
    """Return the bit of a bar, or 0."""
    return int(condition) << place


@inner
def near_closed_day(at: int, closed_day: int, before_hour: int, after_hour: int) -> bool:
    """Whether a moment lies from an hour of the day before a closed day until an hour of the day after."""
    start = (closed_day - 1) * DAY_SECONDS + before_hour * _HOUR
    return start <= at < (closed_day + 1) * DAY_SECONDS + after_hour * _HOUR


class Notices(NamedTuple):
    """Columns of notices of discontinuance, shape (rows,).

    Attributes:
        at: Moment, shape (rows,).
        past_due_cents: What is past due, cents.
        due_day: Epoch day on which it was due.
        residential: Whether the customer is residential; protections by certificate, weather and hold are for these.
        participant: Whether the customer takes part in the affordability program.
        preexisting_cents: A participant's arrearage from before the program within what is past due, cents.
        certificate_day: Epoch day of a medical certificate, or NO_DAY.
        other_certificate_day: Epoch day of another one, or NO_DAY.
        applied_day: Epoch day of an application to LEAP that is pending, or NO_DAY.
        low_f: Lowest temperature forecast for the next 24 hours, degrees Fahrenheit, or NO_FORECAST.
        high_f: Highest one, or NO_FORECAST.
        emergency: Whether an emergency or safety event affects the local area.
        office_closed_day: Epoch day on which the local office is closed, or NO_DAY.
    """

    at: Int64
    past_due_cents: Int64
    due_day: Int32
    residential: Bool
    participant: Bool
    preexisting_cents: Int64
    certificate_day: Int32
    other_certificate_day: Int32
    applied_day: Int32
    low_f: Int64
    high_f: Int64
    emergency: Bool
    office_closed_day: Int32


@kernel(fills=("bars", "warnings"))
def discontinuance(
    notices: Notices,
    rule: Int64,
    holiday: Bool,
    next_certificate_day: Int32,
    bars: Int16,
    warnings: Int8,
) -> None:
    """Fill the bars on discontinuing service at a moment, and the warnings, as bits.

    Args:
        notices: Columns of notices of discontinuance, shape (rows,).
        rule: The rule's values in the order of `calc.rules.schema.Discontinuance`; a heat of 0: no rule of heat.
        holiday: Whether each day from TABLE_START is a state or federal holiday.
        next_certificate_day: From TABLE_START, the first day on which another certificate counts after one of that day.
        bars: Filled.
        warnings: Filled.
    """
    at, preexisting_cents, participant = notices.at, notices.preexisting_cents, notices.participant
    past_due_cents, due_day, office_closed_day = notices.past_due_cents, notices.due_day, notices.office_closed_day
    residential, certificate_day, other_certificate_day = (
        notices.residential,
        notices.certificate_day,
        notices.other_certificate_day,
    )
    low_f, high_f, emergency = notices.low_f, notices.high_f, notices.emergency
    applied_day = notices.applied_day
    least, past_due_from, opens, closes, last_weekday = rule[0], rule[1], rule[2], rule[3], rule[4]
    before, after, warned, certificate = rule[5], rule[6], rule[7], rule[8]
    cold, hot, hold = rule[10], rule[11], rule[12]
    for row in range(at.size):
        moment = at[row]
        day = moment // DAY_SECONDS
        second = moment - day * DAY_SECONDS
        in_hours = (day + _THURSDAY) % 7 < last_weekday and opens * _HOUR <= second <= closes * _HOUR
        own = preexisting_cents[row] if participant[row] else 0
        found = bar(past_due_cents[row] - own < least, 0)
        found |= bar(day < int(due_day[row]) + past_due_from, 1)
        found |= bar(own > 0 and own >= past_due_cents[row], 2)
        found |= bar(not in_hours, 3)
        closed = office_closed_day[row] != NO_DAY and near_closed_day(
            moment, int(office_closed_day[row]), before, after
        )
        for off in range(day - 1, day + 2):
            closed = closed or (holiday[off - TABLE_START] and near_closed_day(moment, off, before, after))
        found |= bar(closed, 4)
        if residential[row]:
            first = min(int(certificate_day[row]), int(other_certificate_day[row]))
            second_one = max(int(certificate_day[row]), int(other_certificate_day[row]))
            holds = first != NO_DAY and first <= day <= first + certificate
            if second_one != NO_DAY and second_one >= next_certificate_day[first - TABLE_START]:
                holds = holds or second_one <= day <= second_one + certificate
            found |= bar(holds, 5)
            found |= bar(low_f[row] != NO_FORECAST and low_f[row] <= cold, 6)
            found |= bar(hot > 0 and high_f[row] != NO_FORECAST and high_f[row] >= hot, 7)
            found |= bar(emergency[row], 8)
            applied = int(applied_day[row])
            found |= bar(hold > 0 and applied != NO_DAY and applied <= day <= applied + hold, 9)
        bars[row] = found
        warnings[row] = bar(in_hours and second >= warned * _HOUR, 0)


@inner
def after_business_hours(start: int, seconds: int, business: Bool) -> int:
    """Return the moment when so many seconds of business days have passed; other days do not count."""
    moment = start
    left = seconds
    while True:
        day = moment // DAY_SECONDS
        midnight = (day + 1) * DAY_SECONDS
        if business[day - TABLE_START]:
            if left <= midnight - moment:
                return moment + left
            left -= midnight - moment
        moment = midnight


class Requests(NamedTuple):
    """Columns of requests for service to be restored, shape (rows,).

    Attributes:
        requested: Moment of the request, shape (rows,).
        acted: Moment of the customer's qualifying action.
        gas: Whether the service is gas.
        advanced_meter: Whether the customer has an advanced meter.
        closes: Moment at which customer service closes on the day of the request, or NO_MOMENT: the usual one.
        after_hours_paid: Whether the customer pays the tariff's after-hours charges.
        restored: Moment at which service was back, or NO_MOMENT.
    """

    requested: Int64
    acted: Int64
    gas: Bool
    advanced_meter: Bool
    closes: Int64
    after_hours_paid: Bool
    restored: Int64


class Restored(NamedTuple):
    """Results of requests, shape (rows,).

    Attributes:
        same_day: Whether service is due back on the day of the request.
        restore_by: The earliest moment that applies.
        due_day: Epoch day on which service should have been back.
        late_days: Days, or parts of one, after that day without service; 0 while it is not told.
        credit_cents: What a proposed text would credit for them, cents.
    """

    same_day: Bool
    restore_by: Int64
    due_day: Int32
    late_days: Int64
    credit_cents: Int64


@kernel(fills=("results",))
def restoration(
    requests: Requests,
    rule: Int64,
    business: Bool,
    results: Restored,
) -> None:
    """Fill whether service is due back on the day of the request, the moment by which it is, and a delay's credit.

    Args:
        requests: Columns of requests for service to be restored, shape (rows,).
        rule: The rule's values in the order of `calc.rules.schema.Restoration`.
        business: Whether each day from TABLE_START is a business day.
        results: Results of requests, shape (rows,).
    """
    requested, closes, advanced_meter = requests.requested, requests.closes, requests.advanced_meter
    gas, acted, after_hours_paid = requests.gas, requests.acted, requests.after_hours_paid
    restored = requests.restored
    same_day, restore_by, due_day = results.same_day, results.restore_by, results.due_day
    late_days, credit_cents = results.late_days, results.credit_cents
    hours, after_hours, before_close = rule[0], rule[1], rule[2]
    latest_minute, usual_close, credit = rule[3], rule[4], rule[5]
    for row in range(requested.size):
        day = requested[row] // DAY_SECONDS
        minute = (requested[row] - day * DAY_SECONDS) // 60
        close = closes[row]
        if close == NO_MOMENT:
            close = day * DAY_SECONDS + usual_close * 60
        by_meter = advanced_meter[row] and requested[row] <= close - before_close * 60
        by_noon = (gas[row] or not advanced_meter[row]) and minute <= latest_minute
        today = business[day - TABLE_START] and (by_meter or by_noon)
        by = acted[row] + after_hours * _HOUR
        if not after_hours_paid[row]:
            by = after_business_hours(acted[row], hours * _HOUR, business)
        due = by // DAY_SECONDS
        if today and (day + 1) * DAY_SECONDS <= by:
            by = (day + 1) * DAY_SECONDS
            due = day
        late = 0
        if restored[row] != NO_MOMENT:
            late = max(0, restored[row] // DAY_SECONDS - due)
        same_day[row] = today
        restore_by[row] = by
        due_day[row] = due
        late_days[row] = late
        credit_cents[row] = late * credit
