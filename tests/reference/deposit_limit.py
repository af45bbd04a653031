"""Twin of the deposit's ceiling, the bars to asking for one and its return: rules 3403(c), (d), (e), (j), (l)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from tests.reference.calendar import add_months

OPEN = ("active", "waiting", "unclaimed", "overdue")
GROUND_COLUMNS = ("clean_past_service", "good_payment_ended_date", "assistance_last_date", "assistance_now")


def estimate(row: Mapping[str, Any]) -> tuple[str, int, int]:
    """(source, billed cents, days they cover): the account's own bills, else the premises', else the class average."""
    for source, prefix in (("account", ""), ("premises", "premises_"), ("class", "class_")):
        billed_cents, billed_days = row.get(f"{prefix}billed_cents"), row.get(f"{prefix}billed_days")
        if billed_cents is not None and billed_days is not None:
            return source, billed_cents, billed_days
    raise ValueError("no billing figures: neither the account's, nor the premises', nor the class's")


def limit_from_months(bills: list[int], method: str, months: int) -> int:
    """Ceiling in cents from monthly bills in order, 3403(j).

    monthly_average: floor(sum x months / number of bills); peak_consecutive: the largest sum of ``months`` bills in a
    row. ValueError with fewer bills than that (or none), and with a month that is missing.
    """
    if not 1 <= months <= len(bills) or None in bills:
        raise ValueError(f"{len(bills)} monthly bills do not give {months} months")
    if method == "monthly_average":
        return sum(bills) * months // len(bills)
    if method == "peak_consecutive":
        return max(sum(bills[i : i + months]) for i in range(len(bills) - months + 1))
    raise ValueError(f"unknown method {method!r}")


def return_due(
    row: Mapping[str, Any],
    held_cents: int,
    *,
    return_window: str = "last_12",
    late_payments_max: int = 2,
    as_of: date = date.max,
) -> bool:
    """Whether a deposit is due back, 3403(l): something is held, and late payments in twelve months are at most two.

    last_12: the count of the last twelve months, where it is known. any_12: that, or twelve such months that the
    records first showed on ``return_qualified_date``, once that day has come; a later lapse does not undo it.
    """
    late = row.get("late_payments_12m")
    qualified = row.get("return_qualified_date")
    last_twelve = late is not None and late <= late_payments_max
    earlier = qualified is not None and qualified <= as_of
    good = {"last_12": last_twelve, "any_12": last_twelve or earlier}[return_window]
    return held_cents > 0 and good


def deposit_limit(
    row: Mapping[str, Any],
    held_cents: int,
    *,
    limit_days: int = 90,
    limit_in_advance_days: int = 60,
    limit_months: int = 3,
    limit_in_advance_months: int = 2,
    estimate_method: str = "average_daily",
    return_window: str = "last_12",
    late_payments_max: int = 2,
    as_of: date = date.max,
) -> dict[str, Any]:
    """limit = floor(billed x D / days billed), D = 90, or 60 where bills come in advance; 3403(j).

    Under the other estimates the limit is that of ``limit_from_months`` over 3 or 2 months of the account's own
    ``monthly_bill_cents``: ValueError without them. excess = max(0, held - limit); available = max(0, limit - held),
    whatever bars a deposit. Due back: ``return_due``.
    """
    in_advance = bool(row.get("bills_in_advance"))
    if estimate_method == "average_daily":
        source, billed_cents, billed_days = estimate(row)
        limit_cents = billed_cents * (limit_in_advance_days if in_advance else limit_days) // billed_days
    else:
        source = "account"
        months = limit_in_advance_months if in_advance else limit_months
        limit_cents = limit_from_months(row.get("monthly_bill_cents") or [], estimate_method, months)
    return {
        "held_cents": held_cents,
        "limit_cents": limit_cents,
        "excess_cents": max(0, held_cents - limit_cents),
        "available_cents": max(0, limit_cents - held_cents),
        "return_due": return_due(
            row, held_cents, return_window=return_window, late_payments_max=late_payments_max, as_of=as_of
        ),
        "estimate_source": source,
    }


def grounds(
    applied: date,
    clean_past_service: bool,
    good_payment_ended: date | None,
    assistance_last: date | None,
    *,
    assistance_now: bool = False,
    participates: bool = False,
    window_days: int = 60,
    window_months: int = 12,
) -> list[str]:
    """All grounds that bar a deposit on the day of the application: 3403(c), (d), (e), in that order.

    (d): applied - 60 days <= end of the good payments <= applied. (e): help now, said without a day or by a row among
    the night's participants; or applied - 12 months <= last day of help, and one on or after the application is help
    now.
    """
    found = []
    if clean_past_service:
        found.append("past_service")
    if good_payment_ended is not None and applied - timedelta(days=window_days) <= good_payment_ended <= applied:
        found.append("good_payment_history")
    helped = assistance_last is not None and add_months(applied, -window_months) <= assistance_last
    if assistance_now or participates or helped:
        found.append("energy_assistance")
    return found


def barred(
    row: Mapping[str, Any],
    as_of: date,
    *,
    participates: bool = False,
    window_days: int = 60,
    window_months: int = 12,
) -> tuple[str, list[str]]:
    """(may_ask, grounds) of an account's columns: "no" where one applies, "not_checked" where none was spoken of.

    The day is that of the application, or the as-of date where there was none by then. A ground that is spoken of and
    does not apply (a flag that is false, a day too long ago) is checked: "yes".
    """
    applied = row.get("applied_date")
    found = grounds(
        applied if applied is not None and applied <= as_of else as_of,
        bool(row.get("clean_past_service")),
        row.get("good_payment_ended_date"),
        row.get("assistance_last_date"),
        assistance_now=bool(row.get("assistance_now")),
        participates=participates,
        window_days=window_days,
        window_months=window_months,
    )
    if found:
        return "no", found
    return ("not_checked" if all(row.get(name) is None for name in GROUND_COLUMNS) else "yes"), []


def held_by_account(deposits: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], int]:
    """Cents held by (account_id, service): principal of the open rows of kind deposit."""
    held: dict[tuple[str, str], int] = defaultdict(int)
    for row in deposits:
        if (row.get("kind") or "deposit") == "deposit" and row["status"] in OPEN:
            held[row["account_id"], row["service"]] += row["principal_cents"]
    return dict(held)


def account(
    row: Mapping[str, Any],
    held_cents: int,
    as_of: date,
    participants: Collection[tuple[str, str]] = (),
    *,
    window_days: int = 60,
    window_months: int = 12,
    **limits: Any,  # noqa: ANN401 - words and counts: the keywords of ``deposit_limit``
) -> dict[str, Any]:
    """Result of one account on a night: ``deposit_limit`` with the bars; nothing is available where one applies.

    ``participants``: (account_id, service) of the night's participants, whom 3403(e) bars.
    """
    may_ask, found = barred(
        row,
        as_of,
        participates=(row["account_id"], row["service"]) in participants,
        window_days=window_days,
        window_months=window_months,
    )
    result = deposit_limit(row, held_cents, as_of=as_of, **limits)
    available = 0 if may_ask == "no" else result["available_cents"]
    return result | {"available_cents": available, "may_ask": may_ask, "barred": found}


def customers(accounts: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Totals by (customer_id, service), ascending, from (accounts row, its result); rows without a customer are left.

    limit and held are summed and then compared, 3403(j): "the total deposit a utility may require or hold", "bill of
    the customer". One account that is barred bars its customer for the service: nothing is available.
    """
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row, result in accounts:
        if row.get("customer_id") is not None:
            groups[row["customer_id"], row["service"]].append(result)
    totals = []
    for (customer_id, service), results in sorted(groups.items()):
        held = sum(result["held_cents"] for result in results)
        limit = sum(result["limit_cents"] for result in results)
        is_barred = any(result["may_ask"] == "no" for result in results)
        totals.append(
            {
                "customer_id": customer_id,
                "service": service,
                "held_cents": held,
                "limit_cents": limit,
                "excess_cents": max(0, held - limit),
                "available_cents": 0 if is_barred else max(0, limit - held),
                "accounts": len(results),
            }
        )
    return totals
