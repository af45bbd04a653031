from datetime import date

import pytest

from calc import datafiles
from calc.errors import DataError
from calc.rates.filing_dates import DateToKeep, dates_to_keep, icalendar
from tests.reference.notice import notice_dates


def dates(effective: date) -> dict[str, DateToKeep]:
    return {each.key: each for each in dates_to_keep(effective)}


@pytest.mark.parametrize(
    ("effective", "file_by", "notice_first", "notice_last", "posted_last"),
    [
        # 2 to 31 December are thirty days; the day of filing is not one of them. 2 to 21 December are the first twenty.
        (date(2027, 1, 1), date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 21), date(2026, 12, 31)),
        # 29 February lies between: 14 February to 14 March are thirty days.
        (date(2024, 3, 15), date(2024, 2, 13), date(2024, 2, 14), date(2024, 3, 4), date(2024, 3, 14)),
        (date(2025, 3, 15), date(2025, 2, 12), date(2025, 2, 13), date(2025, 3, 4), date(2025, 3, 14)),
        (date(2026, 7, 31), date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 20), date(2026, 7, 30)),
        # 1 December 2024 is a Sunday: the Friday before, and the website from then on.
        (date(2025, 1, 1), date(2024, 11, 29), date(2024, 12, 2), date(2024, 12, 21), date(2024, 12, 29)),
        # 26 November 2026 is Thanksgiving.
        (date(2026, 12, 27), date(2026, 11, 25), date(2026, 11, 27), date(2026, 12, 16), date(2026, 12, 25)),
        # Friday 3 July 2026: Independence Day as the federal government keeps it; Monday 5 October: Cabrini Day.
        (date(2026, 8, 3), date(2026, 7, 2), date(2026, 7, 4), date(2026, 7, 23), date(2026, 8, 1)),
        (date(2026, 11, 5), date(2026, 10, 2), date(2026, 10, 6), date(2026, 10, 25), date(2026, 11, 1)),
    ],
)
def test_thirty_days_that_end_before_and_the_first_twenty_of_them(
    effective: date, file_by: date, notice_first: date, notice_last: date, posted_last: date
) -> None:
    found = dates(effective)
    assert (found["last_day_to_file"].first, found["last_day_to_file"].last) == (file_by, file_by)
    assert (found["additional_notice"].first, found["additional_notice"].last) == (notice_first, notice_last)
    assert (found["website_posting"].first, found["website_posting"].last) == (file_by, posted_last)
    assert found["effective"].last == effective
    assert found["window_ends"].last == date(effective.year - 1, 9, 30)


def test_every_day_of_a_century_against_the_twin() -> None:
    for offset in range(0, 36_500, 13):
        effective = date.fromordinal(date(1991, 1, 1).toordinal() + offset)
        found, expected = dates(effective), notice_dates(effective)
        assert found["last_day_to_file"].last == expected["file_by"]
        assert found["additional_notice"].first == expected["additional_first"]
        assert found["additional_notice"].last == expected["additional_last"]
        assert found["website_posting"].first == expected["posted_first"]
        assert found["website_posting"].last == expected["posted_last"]


@pytest.mark.parametrize(
    ("effective", "safe"),
    [
        (date(2027, 1, 1), None),  # 31 December 2026 is a Thursday
        # 31 December 2027 is kept for New Year's Day; from 30 November the days end on Thursday 30 December.
        (date(2028, 1, 1), date(2027, 11, 30)),
        # 31 and 30 December 2028 are a Sunday and a Saturday.
        (date(2029, 1, 1), date(2028, 11, 29)),
        (date(2026, 7, 31), None),
    ],
)
def test_a_filing_day_on_which_no_reading_fails(effective: date, safe: date | None) -> None:
    filing = dates(effective)["last_day_to_file"]
    assert filing.safe_date == safe
    assert ("C.R.S. 2-4-108(2)" in {words.rule for words in filing.citations}) == (safe is not None)


@pytest.mark.parametrize(
    ("effective", "due"),
    [
        (date(2027, 1, 1), date(2026, 12, 30)),  # a Wednesday
        (date(2029, 1, 1), date(2028, 12, 29)),  # 30 December 2028 is a Saturday
        (date(2026, 7, 31), None),  # the practice is that of a calendar year's rate
    ],
)
def test_the_commissions_practice(effective: date, due: date | None) -> None:
    letter = dates(effective).get("advice_letter")
    assert (letter and letter.last) == due
    if letter:
        assert letter.citations[0].rule == "Colorado PUC, https://puc.colorado.gov/tariffs"


def test_a_day_off_is_named() -> None:
    assert dates(date(2026, 12, 27))["last_day_to_file"].reckoning == (
        "30 days before 2026-12-27, 2026-11-27 through 2026-12-26, the day of filing not counted; "
        "2026-11-26 is no business day: Thanksgiving; so the one before it"
    )


def test_additional_notice_says_what_belongs_to_it() -> None:
    found = dates(date(2027, 1, 1))["additional_notice"]
    assert "bill insert" in found.note
    assert {"C.R.S. 40-3-104(1)(c)(II)", "C.R.S. 40-3-104(1)(c)(VI)"} <= {words.rule for words in found.citations}
    quotes = [words.quote for words in found.citations]
    assert "a bill insert containing the same information contained in the notice by newspaper publication" in quotes


def test_every_date_cites_words_of_the_law() -> None:
    cited = {each.key: {words.rule for words in each.citations} for each in dates_to_keep(date(2027, 1, 1))}
    assert {"C.R.S. 40-3-104(1)(a)", "4 CCR 723-1-1210(a)(VI)", "C.R.S. 2-4-108(1)"} <= cited["last_day_to_file"]
    assert {f"C.R.S. 40-3-104(1)(c)(I)({method})" for method in "ABCD"} <= cited["additional_notice"]
    assert cited["effective"] == {"4 CCR 723-3-3403(o)(II)", "4 CCR 723-4-4403(o)(II)"}
    texts = " ".join(
        " ".join(datafiles.read_text(f"authorities/{name}.toml").split())
        for name in ("crs-40-3-104", "crs-2-4-108", "4-ccr-723-1-1210", "4-ccr-723-3-3403", "4-ccr-723-4-4403")
    )
    quoted = [words for each in dates_to_keep(date(2027, 1, 1)) for words in each.citations]
    assert {words.rule for words in quoted if words.quote not in texts} == {
        "Colorado PUC, https://puc.colorado.gov/tariffs"
    }


def test_words_that_the_law_does_not_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    read = datafiles.read_text
    monkeypatch.setattr(
        "calc.rates.filing_dates.datafiles.read_text",
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
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 6
    assert len({line for line in lines if line.startswith("UID:")}) == 6
    filing = lines.index("UID:2027-01-01-last_day_to_file@puccalc")
    assert lines[filing + 2 : filing + 4] == ["DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20261202"]
    notice = lines.index("UID:2027-01-01-additional_notice@puccalc")
    assert lines[notice + 2 : notice + 4] == ["DTSTART;VALUE=DATE:20261202", "DTEND;VALUE=DATE:20261222"]
    assert "\\, " in lines[filing + 5]
    assert "2026-12-21" in lines[notice + 5]
    letter = lines.index("UID:2027-01-01-advice_letter@puccalc")
    assert lines[letter + 2] == "DTSTART;VALUE=DATE:20261230"
