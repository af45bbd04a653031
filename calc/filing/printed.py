"""Print a report: as a page (HTML) and as PDF/UA-1, from the same cells; the same report gives the same bytes."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from calc.extras import require
from calc.filing.report import EVERY_FIGURE, Cell, Report, Section
from calc.report.letter.typesetting import pdf

_TEMPLATES: Final = Path(__file__).with_name("templates")
_BAR: Final = 320
"""Length of the longest bar of a page's chart, in pixels."""


def page(report: Report) -> bytes:
    """Return a report as a page that can be printed, with its charts."""
    import jinja2  # noqa: PLC0415 - for pages alone

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    parts = [
        (part, [(each, bars(each)) for each in of]) for part, of in groupby(report.sections, lambda each: each.part)
    ]
    return environment.get_template("report.html").render(report=report, parts=parts).encode("utf-8")


def printed(report: Report) -> bytes:
    """Return a report as PDF, with its charts.

    Raises:
        ExtraMissingError: The packages of the extra `letter` are not installed.
    """
    require("letter", "A report as PDF")
    return pdf(_TEMPLATES / "report.typ", _content(report), date.fromisoformat(report.due))


def bars(section: Section) -> list[tuple[str, int, str]]:
    """Return name, length in pixels and text of each bar of a section's chart, where something of it was given.

    A chart of a column, or of each figure, leaves out the total; a chart of a row draws it by the headings.
    """
    if not section.chart:
        return []
    drawn: list[tuple[str, Cell]] = []
    body = section.rows[: -1 if section.total else None]
    if section.chart in section.heads:
        column = section.heads.index(section.chart) - 1
        drawn = [(name, cells[column]) for name, cells in body]
    elif section.chart == EVERY_FIGURE:
        drawn = [
            (f"{name}: {head}", cell)
            for name, cells in body
            for head, cell in zip(section.heads[1:], cells, strict=True)
            if cell.unit == cells[-1].unit
        ]
    else:
        drawn = list(zip(section.heads[1:], dict(section.rows)[section.chart], strict=True))
    if all(cell.status != "given" for _, cell in drawn):
        return []
    amounts = [cell.value if isinstance(cell.value, int) else 0 for _, cell in drawn]
    most = max([1, *amounts])
    return [
        (name, max(0, amount) * _BAR // most, cell.text) for (name, cell), amount in zip(drawn, amounts, strict=True)
    ]


def _content(report: Report) -> dict[str, Any]:
    """Collect all that the PDF writes, as JSON values."""
    public = (
        f"Public form: figures of fewer than {report.suppressed_below} households, and those that would give them "
        "away, are suppressed."
    )
    whose = f"{report.utility}. " if report.utility else ""
    return {
        "title": f"{report.title}, {report.year}",
        "utility": report.utility,
        "facts": f"{whose}{report.period}. Rules {report.rule}; due {report.due}.",
        "public": public if report.public else "",
        "parts": [
            {"name": part[:1].upper() + part[1:], "sections": [_section(each) for each in of]}
            for part, of in groupby(report.sections, lambda each: each.part)
        ],
    }


def _section(section: Section) -> Mapping[str, Any]:
    last = len(section.rows) - 1
    return {
        "item": section.item,
        "title": section.title,
        "note": section.note,
        "heads": section.heads,
        "rows": [
            {
                "name": name,
                "total": section.total and place == last,
                "cells": [{"text": cell.text, "status": cell.status} for cell in cells],
            }
            for place, (name, cells) in enumerate(section.rows)
        ],
        "bars": [{"name": name, "share": length / _BAR, "text": text} for name, length, text in bars(section)],
    }
