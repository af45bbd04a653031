"""Provenance of a result: versions, names and checksums of rules, tariff and rates, and the switches that were set."""

from typing import Any

import calc
from calc.rates.computing.table import RateTable
from calc.rules.resolve import Rules


def provenance(rules: Rules, rates: RateTable | None, rates_name: str, *, provisional: bool) -> dict[str, Any]:
    """Collect the keys that appear in every result.

    Args:
        rules: The rules in force.
        rates: The rates; None if the calculation needs no rate of interest.
        rates_name: What the rates are called; empty without rates.
        provisional: Whether the result rests on a provisional rate.

    Returns:
        JSON values by key.
    """
    return {
        "provisional": provisional,
        "tariff": rules.tariff.name,
        "switches": dict(rules.switches),
        "provenance": {
            "version": calc.__version__,
            "jurisdiction": rules.jurisdiction,
            "rules_on": rules.on.isoformat(),
            "rules_sha256": rules.checksum,
            "tariff_title": rules.tariff.title,
            "tariff_sha256": rules.tariff.checksum,
            "rates": rates_name or None,
            "rates_sha256": rates.checksum if rates else None,
        },
    }
