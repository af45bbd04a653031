"""Twin of the deposits that are returned, rules 3403(j), (l): a night's results of an account's deposits in, rows out.

A result: deposit_id, account_id, service, kind, status, received_date, principal_cents, interest_due_cents.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.reference.deposit_limit import OPEN, return_due


def _open_deposits(account: Mapping[str, Any], results: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Open deposits of an account and service among the night's results; a construction advance is no deposit."""
    key = account["account_id"], account["service"]
    return [
        each
        for each in results
        if (each["account_id"], each["service"]) == key
        and (each.get("kind") or "deposit") == "deposit"
        and each["status"] in OPEN
    ]


def returns(
    account: Mapping[str, Any],
    results: Iterable[Mapping[str, Any]],
    **window: Any,  # noqa: ANN401 - the keywords of ``return_due``
) -> list[dict[str, Any]]:
    """Where an account is due back under (l), every open deposit of it: principal + interest due to the day.

    Interest due below zero is not taken from the principal: it is to_recover, as with postings.
    """
    deposits = _open_deposits(account, results)
    if not return_due(account, sum(each["principal_cents"] for each in deposits), **window):
        return []
    return [
        {
            "deposit_id": each["deposit_id"],
            "principal_cents": each["principal_cents"],
            "interest_due_cents": max(0, each["interest_due_cents"]),
            "to_recover_cents": max(0, -each["interest_due_cents"]),
            "amount_cents": each["principal_cents"] + max(0, each["interest_due_cents"]),
        }
        for each in deposits
    ]


def excess_returns(
    account: Mapping[str, Any], results: Iterable[Mapping[str, Any]], limit_cents: int
) -> list[dict[str, Any]]:
    """What is held above the limit, 3403(j), from the newest deposits back; of one day, in order of deposit_id.

    Principal alone: interest stays with the deposit's running total and is posted when the deposit is returned.
    """
    deposits = sorted(_open_deposits(account, results), key=lambda each: str(each["deposit_id"]))
    deposits.sort(key=lambda each: each["received_date"], reverse=True)
    left = max(0, sum(each["principal_cents"] for each in deposits) - limit_cents)
    found = []
    for each in deposits:
        part = min(left, each["principal_cents"])
        left -= part
        if part:
            found.append({"deposit_id": each["deposit_id"], "principal_cents": part})
    return found
