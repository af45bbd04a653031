"""Leave out of a public form what tells of few households, and what would give that away by subtraction.

A figure of at least one but fewer households than the threshold is suppressed. Where a total of a column is shown, the
suppressed figures together must be of at least two cells and of as many households as the threshold: the cells of the
fewest households are suppressed besides until they are, or else the total too.
"""

from collections.abc import Sequence
from dataclasses import replace

from calc.filing.report import Cell, Report, Section


def suppressed_places(households: Sequence[int], least: int) -> tuple[set[int], bool]:
    """Return which of some figures are suppressed, and whether their total is.

    Args:
        households: Households of each figure.
        least: Fewest households of which a figure is shown.
    """
    found = {place for place, number in enumerate(households) if 0 < number < least}
    if not found:
        return found, 0 < sum(households) < least
    others = sorted((number, place) for place, number in enumerate(households) if number >= least)
    while len(found) < 2 or sum(households[place] for place in found) < least:
        if not others:
            return found, True
        found.add(others.pop(0)[1])
    return found, False


def public_form(report: Report, least: int) -> Report:
    """Return a report as it is published.

    Args:
        report: The report as it is filed.
        least: Fewest households of which a figure is shown.
    """
    sections = tuple(_section(each, least) for each in report.sections)
    return replace(report, sections=sections, public=True, suppressed_below=least)


def _section(section: Section, least: int) -> Section:
    body = section.rows[:-1] if section.total else section.rows
    cells = [list(row) for _, row in section.rows]
    for column in range(len(section.heads) - 1):
        households = [row[column].households or 0 for _, row in body]
        if section.total:
            places, total = suppressed_places(households, least)
            if section.total_goes_first:
                places = {place for place, number in enumerate(households) if 0 < number < least}
                total = bool(places)
            if total or _few(cells[-1][column], least):
                places = {*places, len(body)}
        else:
            places = {place for place, (_, row) in enumerate(body) if _few(row[column], least)}
        for place in places:
            cells[place][column] = cells[place][column].without_value
    names = [name for name, _ in section.rows]
    return replace(section, rows=tuple(zip(names, map(tuple, cells), strict=True)))


def _few(cell: Cell, least: int) -> bool:
    return cell.households is not None and 0 < cell.households < least
