"""Drawing for the charts of the deposit rate: a canvas of marks over percent, labels at its right, SVG text.

Input: places along the chart (months or years) and rates in ppm. Output: Altair layers, and the SVG with its title and
description. Sizes are pixels. A rate becomes a float here, only to be drawn.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Any, Final, NamedTuple

import altair as alt
import vl_convert

from calc.units import PPM_PER_PERCENT

INK: Final = "#1b1b1b"
GRAY: Final = "#565c65"
BLUE: Final = "#1a4480"
RED: Final = "#b50909"
_BAND: Final = "#dfe1e2"
_GRID: Final = "#e6e6e6"
_WIDTH: Final = 640
_PADDING: Final = {"left": 40, "right": 152, "top": 30, "bottom": 40}
_NARROW_WIDTH: Final = 340
_NARROW_PADDING: Final = {"left": 34, "right": 10, "top": 72, "bottom": 40}
_INNER_ROLES: Final = re.compile(r' (role|aria-roledescription)="[^"]*"')
"""Of a chart's marks: the whole is one image, with a title and a description."""
_LINE_HEIGHT: Final = 20
"""Of the labels above a narrow plot."""
_FONT_SIZE: Final = 13
_SMALL: Final = 12
_LABEL_HEIGHT: Final = 36
"""From the middle of one two-line label to that of the next."""


class Label(NamedTuple):
    """Hold two lines of text that appear at the right, beside the rate that they name."""

    ppm: int
    text: str
    second: str
    color: str


class Canvas:
    """Draw on a plot over places with named ticks, high enough for the rates; later marks cover earlier ones."""

    def __init__(
        self,
        span: tuple[float, float],
        ticks: Mapping[int, tuple[str, ...]],
        rates_ppm: Sequence[int],
        *,
        height: int,
        y_format: str = ".2f",
        narrow: bool = False,
    ) -> None:
        """Start an empty plot, from zero to one percent if there is no rate.

        Args:
            span: First and last place.
            ticks: One or two lines of text by place.
            rates_ppm: Rates that must fit.
            height: Height in pixels.
            y_format: Format of the percentages at the axis.
            narrow: Whether the chart is for a telephone: about half as wide, its labels above the plot.
        """
        self._narrow = narrow
        self._padding = _NARROW_PADDING if narrow else _PADDING
        self._plot_width = (_NARROW_WIDTH if narrow else _WIDTH) - self._padding["left"] - self._padding["right"]
        low, high = min(rates_ppm, default=0), max(rates_ppm, default=PPM_PER_PERCENT)
        room = max((high - low) // 8, 1000)
        self._low_ppm, self._high_ppm = max(0, low - room), high + room
        self._span, self._height = span, height
        names = json.dumps({str(place): lines for place, lines in ticks.items()})
        self._x = alt.X(
            "x:Q",
            scale=alt.Scale(domain=list(span), nice=False),
            axis=alt.Axis(
                title=None, values=list(ticks), grid=False, labelOverlap=False, labelExpr=f"({names})[datum.value]"
            ),
        )
        self._y = alt.Y(
            "y:Q",
            scale=alt.Scale(domain=[_percent(self._low_ppm), _percent(self._high_ppm)], nice=False),
            axis=alt.Axis(title=None, tickCount=6, format=y_format, labelOverlap=False),
        )
        self._layers: list[Any] = []

    def band(self, low_ppm: int, high_ppm: int) -> None:
        """Draw an area across the whole plot."""
        start, stop = self._span
        beside_axis = start + (stop - start) / 400
        row = {"x": beside_axis, "x2": stop, "y": _percent(max(0, low_ppm)), "y2": _percent(high_ppm)}
        self._layers.append(self._marks([row]).mark_rect(color=_BAND).encode(x2="x2", y2="y2"))

    def level(self, ppm: int, color: str, dash: Sequence[int] = ()) -> None:
        """Draw a line across the whole plot."""
        row = {"x": self._span[0], "x2": self._span[1], "y": _percent(ppm)}
        self._layers.append(
            self._marks([row]).mark_rule(color=color, strokeWidth=2, strokeDash=list(dash)).encode(x2="x2")
        )

    def line(self, points: Iterable[tuple[float, int]], color: str) -> None:
        """Draw a thin line through points (place, rate in ppm)."""
        rows = [{"x": place, "y": _percent(ppm)} for place, ppm in points]
        self._layers.append(self._marks(rows).mark_line(color=color, strokeWidth=1.5))

    def points(self, points: Iterable[tuple[float, int, bool]], color: str, size: int = 50) -> None:
        """Draw points (place, rate in ppm, whether filled) of a size in square pixels."""
        rows = [{"x": place, "y": _percent(ppm), "fill": color if full else "white"} for place, ppm, full in points]
        self._layers.append(
            self._marks(rows)
            .mark_point(size=size, opacity=1, stroke=color, strokeWidth=1.6, filled=True)
            .encode(fill=alt.Fill("fill:N", scale=None))
        )

    def texts(self, texts: Iterable[tuple[float, int, str]]) -> None:
        """Write texts above their points (place, rate in ppm, text), legible over lines."""
        marks = self._marks([{"x": place, "y": _percent(ppm), "text": text} for place, ppm, text in texts])
        halo = marks.mark_text(
            dy=-13, fontSize=_SMALL, color="white", stroke="white", strokeWidth=3, strokeJoin="round"
        )
        words = marks.mark_text(dy=-13, fontSize=_SMALL, color=INK)
        self._layers += [each.encode(text="text:N") for each in (halo, words)]

    def absences(self, places: Iterable[int], text: str) -> None:
        """Write a text upright at each place where a point is missing."""
        rows = [{"x": place, "y": _percent(self._low_ppm), "text": text} for place in places]
        marks = self._marks(rows).mark_text(
            angle=270, align="left", baseline="middle", dx=6, fontSize=_SMALL, color=INK
        )
        self._layers.append(marks.encode(text="text:N"))

    def steps(self, steps: Sequence[tuple[float, float, int, bool]], color: str) -> None:
        """Draw levels (from, to, rate in ppm, whether dashed), joined if one follows the other."""
        rows = [
            {"x": start, "x2": stop, "y": _percent(ppm), "dash": [3, 3] if dashed else [1, 0]}
            for start, stop, ppm, dashed in steps
        ]
        rises = [
            {"x": stop, "y": _percent(before), "y2": _percent(after)}
            for (_, stop, before, _), (_, _, after, _) in pairwise(steps)
        ]
        self._layers += [
            self._marks(rises).mark_rule(color=color, strokeWidth=1).encode(y2="y2"),
            self._marks(rows)
            .mark_rule(color=color, strokeWidth=3)
            .encode(x2="x2", strokeDash=alt.StrokeDash("dash:N", scale=None)),
        ]

    def labels(self, labels: Iterable[Label]) -> None:
        """Write labels at the right in the order of their rates, without overlap, with a short line to each rate."""
        placed = sorted(labels, key=lambda label: -label.ppm)
        if self._narrow:
            self._labels_above(placed)
            return
        wanted = [self._pixel(label.ppm) for label in placed]
        for label, at, y in zip(placed, wanted, _apart(wanted, self._height), strict=True):
            tie = _chart([{}]).mark_rule(color=label.color, strokeWidth=1)
            text = _chart([{"text": label.text}]).mark_text(
                align="left", baseline="middle", color=label.color, fontSize=_FONT_SIZE, fontWeight="bold"
            )
            second = _chart([{"text": label.second}]).mark_text(
                align="left", baseline="middle", color=label.color, fontSize=_SMALL
            )
            edge, stop, x = (alt.value(self._plot_width + gap) for gap in (0, 10, 12))
            self._layers += [
                tie.encode(x=edge, x2=stop, y=alt.value(at), y2=alt.value(y)),
                text.encode(x=x, y=alt.value(y - 8 * bool(label.second)), text="text:N"),
                second.encode(x=x, y=alt.value(y + 8), text="text:N"),
            ]

    def _labels_above(self, labels: Sequence[Label]) -> None:
        """Write each label in a line of its own above the plot, the lowest rate last."""
        for lines_below, label in enumerate(reversed(labels)):
            text = _chart([{"text": f"{label.text}, {label.second}"}]).mark_text(
                align="left", baseline="middle", color=label.color, fontSize=_SMALL, fontWeight="bold"
            )
            y = alt.value(-14 - lines_below * _LINE_HEIGHT)
            self._layers.append(text.encode(x=alt.value(8 - self._padding["left"]), y=y, text="text:N"))

    def svg(self, name: str, title: str, description: str, *, above: str, font: str) -> str:
        """Render the chart.

        Args:
            name: Prefix that makes the ids of title and description unique within a page.
            title: Title for a screen reader.
            description: Description for a screen reader.
            above: Line of text above the plot.
            font: Font family.

        Returns:
            SVG text.
        """
        chart = (
            alt.layer(*self._layers)
            .properties(
                width=self._plot_width,
                height=self._height,
                padding=self._padding,
                autosize="none",
                title=alt.TitleParams(
                    above,
                    anchor="start",
                    frame="group",
                    dx=-30,
                    fontSize=_SMALL,
                    fontWeight="normal",
                ),
            )
            .configure(aria=False, font=font, background="white")
            .configure_view(stroke=None)
            .configure_axis(labelFontSize=_SMALL, labelColor=INK, gridColor=_GRID, domainColor=GRAY, tickColor=GRAY)
        )
        drawn = _INNER_ROLES.sub("", vl_convert.vegalite_to_svg(chart.to_json(), allowed_base_urls=[]))
        head = f'role="img" aria-labelledby="{name}-title {name}-told" style="max-width: 100%; height: auto"'
        told = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-told">{escape(description)}</desc>'
        opening, _, rest = drawn.partition(">")
        return f"{opening} {head}>{told}{rest}"

    def _marks(self, rows: list[dict[str, Any]]) -> alt.Chart:
        return _chart(rows).encode(x=self._x, y=self._y)

    def _pixel(self, ppm: int) -> int:
        return (self._high_ppm - ppm) * self._height // (self._high_ppm - self._low_ppm)


def _chart(rows: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.Data(values=rows))  # type: ignore[no-untyped-call] # Altair leaves this class untyped


def _percent(ppm: int) -> float:
    return ppm / PPM_PER_PERCENT


def _apart(wanted: Sequence[int], height: int) -> list[int]:
    """Move pixels from the top, ascending, down or up until they are one label's height apart."""
    placed: list[int] = []
    for y in wanted:
        placed.append(max(y, placed[-1] + _LABEL_HEIGHT) if placed else y)
    limit = height
    for place in range(len(placed) - 1, -1, -1):
        placed[place] = min(placed[place], limit)
        limit = placed[place] - _LABEL_HEIGHT
    return placed
