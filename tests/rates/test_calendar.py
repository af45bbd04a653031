from datetime import date

import pytest

from calc import datafiles
from calc.errors import DataError
from calc.rates.calendar import DateToKeep, dates_to_keep, icalendar


def dates(effective: date) -> dict[str, DateToKeep]:
    return {each.key: each for each in dates_to_keep(effective)}


@pytest.mark.parametrize(
    ("effective", "file_by", "notice_first", "notice_last"),
    [
        (date(2027, 1, 1), date(2026, 12, 2), date(2026, 12, 3), date(2026, 12, 22)),
        (date(2024, 3, 15), date(2024, 2, 14), date(2024, 2, 15), date(2024, 3, 5)),  # 29 February lies between
        (date(2025, 3, 15), date(2025, 2, 13), date(2025, 2, 14), date(2025, 3, 5)),
        (date(2026, 7, 31), date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 21)),
    ],
)
def test_thirty_days_back_and_the_first_twenty_of_them(
    effective: date, file_by: date, notice_first: date, notice_last: date
) -> None:
    found = dates(effective)
    assert (found["last_day_to_file"].first, found["last_day_to_file"].last) == (file_by, file_by)
    assert (found["additional_notice"].first, found["additional_notice"].last) == (notice_first, notice_last)
    assert (found["website_posting"].first, found["website_posting"].last) == (file_by, effective)
    assert found["effective"].last == effective
    assert found["window_ends"].last == date(effective.year - 1, 9, 30)


@pytest.mark.parametrize(
    ("effective", "safe"),
    [
        (date(2027, 1, 1), date(2026, 12, 1)),  # from 2 December the days would end on the holiday itself
        (date(2029, 1, 1), date(2028, 11, 29)),  # 31 and 30 December 2028 are a Sunday and a Saturday
        (date(2026, 7, 31), date(2026, 7, 1)),  # a Wednesday, and thirty days later a Friday
        (date(2026, 8, 3), date(2026, 7, 1)),  # 4 July is a Saturday; from 3 and 2 July the days end on a week-end
    ],
)
def test_a_filing_day_on_which_no_reading_fails(effective: date, safe: date) -> None:
    assert dates(effective)["last_day_to_file"].safe_date == safe


def test_notice_is_safe_a_day_early() -> None:
    assert dates(date(2027, 1, 1))["additional_notice"].safe_date == date(2026, 12, 21)


def test_every_date_cites_words_of_the_law() -> None:
    cited = {each.key: {words.rule for words in each.citations} for each in dates_to_keep(date(2027, 1, 1))}
    assert {"C.R.S. 40-3-104(1)(a)", "C.R.S. 2-4-108(1)"} <= cited["last_day_to_file"]
    assert {f"C.R.S. 40-3-104(1)(c)(I)({method})" for method in "ABCD"} <= cited["additional_notice"]
    assert cited["effective"] == {"4 CCR 723-3-3403(o)(II)", "4 CCR 723-4-4403(o)(II)"}
    texts = " ".join(
        " ".join(datafiles.read_text(f"authorities/{name}.toml").split())
        for name in ("crs-40-3-104", "crs-2-4-108", "4-ccr-723-3-3403", "4-ccr-723-4-4403")
    )
    assert all(words.quote in texts for each in dates_to_keep(date(2027, 1, 1)) for words in each.citations)


def test_words_that_the_law_does_not_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    read = datafiles.read_text
    monkeypatch.setattr(
        "calc.rates.calendar.datafiles.read_text",
        lambda name: read(name).replace("thirty days'", "ten days'") if name == "rates/notice.toml" else read(name),
    )
    with pytest.raises(DataError, match=r"notice\.toml: notice: .*crs-40-3-104#\(1\)\(a\)"):
        dates_to_keep(date(2027, 1, 1))


def test_calendar_file() -> None:
    content = icalendar(dates_to_keep(date(2027, 1, 1)))
    assert content == icalendar(dates_to_keep(date(2027, 1, 1)))
    raw = content.decode("ascii").split("\r\n")
    assert raw[0] == "BEGIN:VCALENDAR"
    assert raw[-2:] == ["END:VCALENDAR", ""]
    assert max(len(line) for line in raw) <= 75
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 5
    assert len({line for line in lines if line.startswith("UID:")}) == 5
    filing = lines.index("UID:2027-01-01-last_day_to_file@puccalc")
    assert lines[filing + 2 : filing + 4] == ["DTSTART;VALUE=DATE:20261202", "DTEND;VALUE=DATE:20261203"]
    notice = lines.index("UID:2027-01-01-additional_notice@puccalc")
    assert lines[notice + 2 : notice + 4] == ["DTSTART;VALUE=DATE:20261203", "DTEND;VALUE=DATE:20261223"]
    assert "\\, " in lines[filing + 5]
    assert "2026-12-21" in lines[notice + 5]
