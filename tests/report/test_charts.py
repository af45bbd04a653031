import itertools
import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from calc.rates.fred.review import review
from calc.rates.fred.series import MonthlyRate
from calc.report.letter import charts
from calc.report.letter.charts import describe_history, describe_months, history_svg, months_svg, until
from calc.report.letter.worksheet import worksheet
from tests.rates.test_snapshot import answer

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [" ".join(element.itertext()) for element in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 - our own SVG


def position(svg: str, text: str) -> tuple[float, float]:
    """Where a text stands: the sum of the shifts of the groups that hold it."""
    root = ET.fromstring(svg)  # noqa: S314 - our own SVG
    parents = {child: parent for parent in root.iter() for child in parent}
    element = next(each for each in root.iter(f"{SVG}text") if each.text == text)
    x = y = 0.0
    while element in parents:
        shift = re.match(r"translate\(([-\d.]+),([-\d.]+)\)", element.get("transform", ""))
        if shift:
            x, y = x + float(shift[1]), y + float(shift[2])
        element = parents[element]
    return x, y


@pytest.fixture(params=["months", "history"])
def svg(request: pytest.FixtureRequest) -> str:
    found = worksheet(2027)
    return months_svg(found) if request.param == "months" else history_svg(found.history, found.rates)


def test_a_screen_reader_finds_title_and_description(svg: str) -> None:
    root = ET.fromstring(svg)  # noqa: S314 - our own SVG
    assert (root.tag, root.get("role"), root.get("width")) == (f"{SVG}svg", "img", "640")
    title, told = list(root)[:2]
    assert (title.tag, told.tag) == (f"{SVG}title", f"{SVG}desc")
    assert root.get("aria-labelledby") == f"{title.get('id')} {told.get('id')}"
    assert "2027" in (title.text or "")
    assert len(told.text or "") > 100


def test_nothing_comes_from_outside_and_no_script(svg: str) -> None:
    assert not re.search(r"<script|<image|href=|url\(|@import", svg)
    ids = re.findall(r'\bid="([^"]+)"', svg)
    assert ids
    assert all("2027" in each for each in ids)  # so that two charts on a page share none


def test_the_same_figures_give_the_same_bytes() -> None:
    found = worksheet(2026)
    first = months_svg(found), history_svg(found.history, found.rates)
    charts._months_svg.cache_clear()
    charts._history_svg.cache_clear()
    assert (months_svg(worksheet(2026)), history_svg(found.history, found.rates)) == first


def test_the_months_the_average_and_the_existing_rate_are_written_beside_their_marks() -> None:
    shown = texts(months_svg(worksheet(2027)))
    for figure in ("3.61", "3.66", "3.54", "3.51", "3.48", "3.67", "3.69", "3.79", "3.91", "4.05", "4.03", "4.37"):
        assert figure in shown
    assert {"average 3.78", "existing rate 4.08", "shaded: ± 0.25"} <= set(shown)
    assert "percent a year; hollow points: derived, not yet published" in shown
    assert {"Oct 2025", "Nov", "Jan 2026", "Sep"} <= set(shown)
    assert "percent a year" in texts(months_svg(worksheet(2026)))


def test_higher_is_more() -> None:
    svg = months_svg(worksheet(2027))
    heights = {figure: position(svg, figure)[1] for figure in ("3.48", "3.61", "4.37")}
    assert heights["3.48"] > heights["3.61"] > heights["4.37"]
    # 3.48 to 4.37 is drawn to one scale: 3.61 lies 13 of 89 parts above the lowest
    share = (heights["3.48"] - heights["3.61"]) / (heights["3.48"] - heights["4.37"])
    assert share == pytest.approx(13 / 89, abs=0.005)


def test_labels_of_equal_rates_do_not_lie_on_each_other() -> None:
    svg = months_svg(worksheet(2025))  # the average is the existing rate, 4.93
    gap = abs(position(svg, "average 4.93")[1] - position(svg, "existing rate 4.93")[1])
    assert gap >= 30
    width = float(ET.fromstring(svg).get("width", "0"))  # noqa: S314 - our own SVG
    assert position(svg, "existing rate 4.93")[0] < width - 100


def test_missing_months_are_named_and_have_no_point() -> None:
    review(answer()).keep()
    shown = texts(months_svg(worksheet(2028)))
    assert shown.count("missing") == 10
    assert "4.31" in shown
    assert "existing rate 3.78" in shown
    assert not [text for text in shown if text.startswith("average")]
    assert texts(months_svg(worksheet(2029))).count("missing") == 12


def test_the_chart_in_words() -> None:
    told = describe_months(worksheet(2027))
    assert "October 2025 is 3.61, " in told
    assert "September 2026 is 4.37 (derived)." in told
    assert "average of 3.78" in told
    assert "existing rate of 4.08, in a shaded band that reaches 0.25 above and below it" in told
    assert "Missing: October 2027, " in describe_months(worksheet(2029))
    found = worksheet(2027)
    told = describe_history(found.history, found.rates)
    assert "highest with 8.71 from January 1, 1990, lowest with 0.08 from January 1, 2022" in told
    assert "and is 3.78 from January 1, 2027" in told
    # the years of the check file with the decision keep and an average that is not the rate
    kept = "1998, 1999, 2008, 2012, 2013, 2014, 2015, 2016, 2017"
    assert told.endswith(f"The average is the rate of its year, but for {kept}.")


def test_the_history_shows_the_last_rate_and_average() -> None:
    found = worksheet(2026)
    shown = texts(history_svg(found.history, found.rates))
    assert {"rate in force 4.08", "average 4.08", "1990", "2025", "percent a year"} <= set(shown)
    provisional = worksheet(2027)
    svg = history_svg(provisional.history, provisional.rates)
    assert "percent a year; dashed and hollow: provisional" in texts(svg)
    assert 'stroke-dasharray="3,3"' in svg


def test_a_rate_from_a_later_day_starts_there() -> None:
    found = worksheet(2026)
    rows = (*found.rates.rows[:-1], replace(found.rates.rows[-1], effective_from=date(2026, 7, 1)))
    assert history_svg(found.history, replace(found.rates, rows=rows)) != history_svg(found.history, found.rates)


def test_a_font_of_ones_own() -> None:
    assert 'font-family="Libertinus Serif"' in months_svg(worksheet(2026), font="Libertinus Serif")


def test_rates_near_zero_stay_above_the_bottom() -> None:
    found = worksheet(2022)
    low = replace(found, months=tuple(MonthlyRate(month, 0, "published") for month, _, _ in found.months))
    svg = months_svg(low)
    assert texts(svg).count("0.00") >= 12
    assert "-0" not in " ".join(texts(svg))


@pytest.mark.parametrize("kind", ["months", "history"])
def test_a_chart_for_a_telephone(kind: str) -> None:
    """340 px wide, every text within them, its labels one above the other and above the plot, ids of its own."""
    found = worksheet(2027)
    wide, narrow = (
        months_svg(found, narrow=each) if kind == "months" else history_svg(found.history, found.rates, narrow=each)
        for each in (False, True)
    )
    root = ET.fromstring(narrow)  # noqa: S314 - our own SVG
    assert root.get("width") == "340"
    ids = [set(re.findall(r'\bid="([^"]+)"', each)) for each in (wide, narrow)]
    assert not ids[0] & ids[1]
    labels = [text for text in texts(narrow) if text.startswith(("average ", "existing rate ", "rate in force "))]
    assert len(labels) == 2
    above = next(text for text in texts(narrow) if text.startswith("percent a year"))
    places = [position(narrow, text) for text in (above, *labels)]
    assert all(0 <= x <= 40 and y >= 9 for x, y in places)
    heights = sorted(y for _, y in places)
    assert all(later - earlier >= 12 for earlier, later in itertools.pairwise(heights))
    assert heights[-1] < position(narrow, "4.37" if kind == "months" else "8")[1]


def test_a_history_until_a_day() -> None:
    """On 29 November 2026: neither the rate of 2027 nor its average, and the rate in force is that of 2026."""
    found = worksheet(2027)
    history, rates = until(found.history, found.rates, date(2026, 11, 29))
    assert (history[-1].year, rates.end_date) == (2026, date(2026, 11, 30))
    svg = history_svg(history, rates)
    assert {"rate in force 4.08", "average 4.08", "percent a year"} <= set(texts(svg))
    assert "Deposit rate in force and twelve-month average, 1990 to 2026" in svg
    assert not [text for text in texts(svg) if "2027" in text or "provisional" in text]
    assert until(found.history, found.rates, date(2029, 1, 1))[1] == found.rates
