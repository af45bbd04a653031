"""Twin of the program's books, rules 3412(b)(I), (g), (h), (k), (m) and 4412: one fuel, one program year.

A program year runs from 1 November to 31 October and bears the year in which it ends. Money is whole cents; a cost that
an offset makes smaller is a negative offset.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from tests.reference.rounding import round_fraction

LEAST_ADMINISTRATIVE_CAP_CENTS = 10_000_00
SET_ASIDE_HUNDREDTHS = 13  # $0.0013 a customer-month, (k)(III), in hundredths of a cent
HIGHEST_RESIDENTIAL_FEE_CENTS = 1_00  # (g)(II)(B)
HIGH_USE = {"electric": 10_000, "gas": 600}  # kWh, therms a year; (i)(II)


def program_year(day: date) -> int:
    """Program year of a bill's date."""
    return day.year + 1 if day.month >= 11 else day.year


def program_year_days(year: int) -> tuple[date, date]:
    """First and last day of a program year."""
    return date(year - 1, 11, 1), date(year, 10, 31)


def administrative_counted(spent_cents: int, credits_cents: int) -> int:
    """Administrative cost up to the larger of 10 % of the credits, rounded down, and 10,000.00: (b)(I)."""
    return min(spent_cents, max(credits_cents // 10, LEAST_ADMINISTRATIVE_CAP_CENTS))


def set_aside_hundredths(customer_months: int) -> int:
    """Set aside for the evaluation, hundredths of a cent: (k)(III)."""
    return customer_months * SET_ASIDE_HUNDREDTHS


def recovery_by_fees(months: Iterable[Mapping[str, int]]) -> int:
    """What monthly fees brought: the sum of customers x fee_cents over the rows of month and class, (g)(II)."""
    return sum(row["customers"] * row["fee_cents"] for row in months)


def highest_residential_fee(other_programs_cents: int = 0) -> int:
    """1.00 a month less what other programs of the fuel charge, at least nothing: (g)(II)(B), (h)(II)."""
    return max(0, HIGHEST_RESIDENTIAL_FEE_CENTS - other_programs_cents)


def books(
    *,
    usage_credits_cents: int,
    arrearage_credits_cents: int,
    administrative_cents: int,
    customer_months: int,
    recovery_cents: int,
    offsets_cents: Sequence[int] = (),
    residential_fee_cents: int,
    other_programs_cents: int = 0,
) -> dict[str, Any]:
    """Cost, recovery and balance of a program year, (g)(II)(D), (g)(III), (g)(IV).

    Out of balance: |net| is more than half of the cost to be recovered; where nothing is to be recovered, any recovery.
    """
    credits_cents = usage_credits_cents + arrearage_credits_cents
    administrative = administrative_counted(administrative_cents, credits_cents)
    hundredths = set_aside_hundredths(customer_months)
    set_aside = round_fraction(Fraction(hundredths, 100), "half_up")
    cost = credits_cents + administrative + set_aside
    to_recover = cost + sum(offsets_cents)
    net = recovery_cents - to_recover
    out_of_balance = 2 * abs(net) > max(0, to_recover)
    return {
        "administrative_counted_cents": administrative,
        "set_aside_hundredths_of_cents": hundredths,
        "set_aside_cents": set_aside,
        "program_cost_cents": cost,
        "cost_to_recover_cents": to_recover,
        "recovery_cents": recovery_cents,
        "net_cents": net,
        "out_of_balance": out_of_balance,
        "filing_due": out_of_balance and residential_fee_cents < highest_residential_fee(other_programs_cents),
    }


def allocate(total_cents: int, weights: Sequence[int]) -> list[int]:
    """Total in proportion to the weights, by largest remainder to the cent; of equal ones the first listed gains."""
    exact = [Fraction(total_cents * weight, sum(weights)) for weight in weights]
    whole = [int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda place: (whole[place] - exact[place], place))
    for place in by_remainder[: total_cents - sum(whole)]:
        whole[place] += 1
    return whole


def proposed_fees(
    classes: Sequence[Mapping[str, Any]],
    net_cents: int,
    projected_cost_cents: int,
    *,
    other_programs_cents: int = 0,
) -> dict[str, dict[str, int]]:
    """Monthly fees of the next twelve months by class, (g)(II)(B)-(D).

    ``classes``: name, revenue_requirement_cents, customer_months, in their order; "residential" is the one with the
    ceiling. To be recovered: projected cost (of this year, as a rule: cost_to_recover_cents) - net, at least nothing.
    fee = allocated / customer-months, half up; residential rounded down and at most the ceiling. What the ceiling cuts
    off is not moved to other classes.
    """
    total = max(0, projected_cost_cents - net_cents)
    shares = allocate(total, [each["revenue_requirement_cents"] for each in classes])
    ceiling = highest_residential_fee(other_programs_cents)
    found = {}
    for each, share in zip(classes, shares, strict=True):
        residential = each["name"] == "residential"
        exact = Fraction(share, each["customer_months"])
        fee = round_fraction(exact, "down" if residential else "half_up")
        cut_off = 0
        if residential and fee > ceiling:
            fee = ceiling
            cut_off = share - ceiling * each["customer_months"]
        found[each["name"]] = {"allocated_cents": share, "fee_cents": fee, "cut_off_cents": cut_off}
    return found


def benefit_charge(table: Mapping[date, int], day: date) -> int | None:
    """System benefit charge in force, cents a month and fuel, (m): the newest not later than the day; None before."""
    start = max((first for first in table if first <= day), default=None)
    return None if start is None else table[start]


def benefit_charge_projection(charge_cents: int, index: Fraction, index_a_year_before: Fraction, mode: str) -> int:
    """A projection and no charge in force: charge x CPI of a month / CPI of that month a year before, rounded."""
    return round_fraction(charge_cents * index / index_a_year_before, mode)


def listed_for_high_use(service: str, use_a_year: Fraction) -> bool:
    """Whether a household is listed for the Colorado Energy Office: more than 10,000 kWh or 600 therms a year."""
    return use_a_year > HIGH_USE[service]
