"""Compare two tables of rates, date by date."""

from calc.rates.computing.table import RateRow, RateTable


def rate_changes(before: RateTable, after: RateTable) -> list[tuple[RateRow | None, RateRow | None]]:
    """List the rows that two tables do not share.

    Args:
        before: One table.
        after: The other.

    Returns:
        Pairs by effective date with another rate or source; None for a row that one table lacks.
    """
    pairs = [{row.effective_from: row for row in table.rows} for table in (before, after)]
    rows = [tuple(rows.get(day) for rows in pairs) for day in sorted(pairs[0].keys() | pairs[1].keys())]
    return [(was, now) for was, now in rows if _figure(was) != _figure(now)]


def _figure(row: RateRow | None) -> tuple[int, str] | None:
    return None if row is None else (row.rate_ppm, row.source)
