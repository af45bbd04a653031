"""The jurisdictions at hand as JSON values: name, rule, what each has rules for, and the days that have rates."""

from datetime import timedelta
from typing import Any

from calc import datafiles
from calc.errors import NoRuleError, RatesMissingError
from calc.rates.ruled.table import load_ruled_table
from calc.rules.jurisdictions import jurisdiction_ids, load_jurisdiction


def listing() -> list[dict[str, Any]]:
    """Return every jurisdiction by id; `rates_from` and `rates_through` are None where rates have to be given."""
    return [_entry(each) for each in jurisdiction_ids()]


def _entry(jurisdiction: str) -> dict[str, Any]:
    head = load_jurisdiction(jurisdiction)
    try:
        table = load_ruled_table(jurisdiction)
        first, last = table.rows[0].effective_from.isoformat(), (table.end_date - timedelta(days=1)).isoformat()
    except (RatesMissingError, NoRuleError):
        first, last = None, None
    return {
        "id": head.id,
        "name": head.name,
        "rule": head.rule,
        "rules": list(head.rules),
        "rates_from": first,
        "rates_through": last,
        "note": head.note,
        "rules_sha256": datafiles.checksum((f"rules/{jurisdiction}/",)),
    }
