"""Dates to keep for a new deposit rate: filing and notice under C.R.S. 40-3-104, counted back from its effective date.

Input: an effective date; the statute's periods and words from `data/rates/notice.toml`. Output: `DateToKeep` rows with
the count and the citations, and the same as an iCalendar file. The day of filing is not counted, and the days of notice
end before the effective date (4 CCR 723-1-1210(a)(VI)). A date that is no business day moves to the business day
before.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from calc import datafiles
from calc.errors import DataError
from calc.rules.citation import paragraph
from calc.rules.holidays import business_day_until, day_off

NOTICE_FILE: Final = "rates/notice.toml"
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


_ADDITIONAL_NOTICE: Final = (
    "additional_notice", "additional_notice_by_bill", "additional_notice_by_message", "notice_end", "bill_insert",
    "content", "contact", "proof",
)  # fmt: skip


class Words(NamedTuple):
    """Hold the words of a paragraph that a date rests on, with the paragraph's citation."""

    rule: str
    quote: str


@dataclass(frozen=True, slots=True)
class DateToKeep:
    """Hold one date to keep, or a period.

    Attributes:
        key: Name of the row, the same every year.
        first: First day.
        last: Last day; equal to `first` for a single date.
        what: What is due or happens.
        reckoning: How the date is counted, in words.
        citations: The words that it rests on.
        safe_date: An earlier date that every reading of the rules allows; None if there is no doubt.
        note: What else to know.
    """

    key: str
    first: date
    last: date
    what: str
    reckoning: str
    citations: tuple[Words, ...]
    safe_date: date | None = None
    note: str = ""


def dates_to_keep(effective: date) -> tuple[DateToKeep, ...]:
    """Compute the dates to keep for a rate.

    Args:
        effective: The date on which the rate takes effect.

    Returns:
        The dates, by first day.

    Raises:
        DataError: A quote in `data/rates/notice.toml` is not among the words of the paragraph it names.
    """
    terms = _NoticeTerms()
    days, additional_days = terms.days("notice"), terms.days("additional_notice")
    notice_first, notice_last = effective - timedelta(days=days), effective - timedelta(days=1)
    additional_last = notice_first + timedelta(days=additional_days - 1)
    filing = business_day_until(notice_first - timedelta(days=1))
    posted_last = filing + timedelta(days=terms.days("posting"))
    found = [
        _one_day(
            "window_ends",
            date(effective.year - 1, 9, 30),
            f"Last month of the window of the {effective.year} deposit rate",
            f"twelve months, October {effective.year - 2} through September {effective.year - 1}",
            terms.words("window"),
        ),
        _last_day_to_file(effective, filing, notice_first, notice_last, terms),
        DateToKeep(
            "website_posting",
            filing,
            posted_last,
            f"Notice of the deposit rate effective {effective} on the utility's website",
            f"from the filing, at the latest {filing}, for at least {terms.days('posting')} days, "
            f"{posted_last} included",
            terms.words("posting", "days"),
        ),
        DateToKeep(
            "additional_notice",
            notice_first,
            additional_last,
            f"Additional notice of the deposit rate effective {effective}",
            f"first {additional_days} of the {days} days: {notice_first} through {additional_last}",
            terms.words(*_ADDITIONAL_NOTICE),
            note="Published in newspapers, it runs once a week in two successive weeks of these days, and a bill "
            "insert with the same information goes with each bill of the first regular billing cycle after the filing. "
            "It says what the change amounts to, when it takes effect, whom it affects, how to protest at the "
            "Commission, the utility's website and a toll-free number. Proof of it is filed with the Commission.",
        ),
        _one_day(
            "effective",
            effective,
            f"Deposit rate of {effective.year} effective",
            "the first day of January, or the date set by the Commission",
            terms.words("effective"),
        ),
    ]
    if (effective.month, effective.day) == (1, 1):
        found.insert(-1, _advice_letter(effective, terms))
    return tuple(found)


def _one_day(
    key: str,
    day: date,
    what: str,
    reckoning: str,
    citations: tuple[Words, ...],
    safe_date: date | None = None,
    note: str = "",
) -> DateToKeep:
    return DateToKeep(key, day, day, what, reckoning, citations, safe_date, note)


def _last_day_to_file(
    effective: date, filing: date, notice_first: date, notice_last: date, terms: "_NoticeTerms"
) -> DateToKeep:
    """Return the day before the notice period, or the business day before it.

    If the last day of notice is no business day, add a safe date for the reading that extends the period.
    """
    days = terms.days("notice")
    reckoned = notice_first - timedelta(days=1)
    reckoning = f"{days} days before {effective}, {notice_first} through {notice_last}, the day of filing not counted"
    if filing != reckoned:
        reckoning += f"; {reckoned} is no business day: {day_off(reckoned)}; so the one before it"
    safe_date, note = None, ""
    names = ["notice", "notice_end", "days", "no_change", "less_notice"]
    if day_off(notice_last):
        safe_date = filing
        while day_off(safe_date) or day_off(safe_date + timedelta(days=days)):
            safe_date -= timedelta(days=1)
        names.append("days_off")
        note = (
            f"The last of the days, {notice_last}, is no business day: {day_off(notice_last)}. Should it run on to "
            f"the next one, notice filed by {safe_date} is over in time all the same. "
        )
    note += "Nothing is filed where the rate does not change; the Commission may allow less notice by order."
    what = f"Last day to file the tariff with the deposit rate effective {effective}"
    return _one_day("last_day_to_file", filing, what, reckoning, terms.words(*names), safe_date, note)


def _advice_letter(effective: date, terms: "_NoticeTerms") -> DateToKeep:
    """Return the day by which the Commission generally has the new advice letter on a calendar year's rate."""
    month, day = terms.practice("advice_letter")
    usual = date(effective.year - 1, month, day)
    due = business_day_until(usual)
    reckoning = f"the Commission's practice: generally due by {usual}"
    if due != usual:
        reckoning += f", which is no business day: {day_off(usual)}; so the one before it"
    return _one_day(
        "advice_letter",
        due,
        f"New advice letter on the deposit rate effective {effective}",
        reckoning,
        terms.words("advice_letter", "less_notice"),
        note=f"Filed on less than {terms.days('notice')} days' notice, it takes effect in time only where the "
        "Commission allows that.",
    )


def icalendar(dates: tuple[DateToKeep, ...]) -> bytes:
    """Write dates as an iCalendar file of whole days (RFC 5545); the same dates give the same bytes on any day."""
    stamp = f"{dates[-1].last.year - 1}0101T000000Z"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//puccalc//dates to keep//EN", "CALSCALE:GREGORIAN"]
    for each in dates:
        cited = ", ".join(words.rule for words in each.citations)
        safe = f" To be safe: by {each.safe_date}." if each.safe_date else ""
        lines += [
            "BEGIN:VEVENT",
            f"UID:{dates[-1].last}-{each.key}@puccalc",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{each.first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{each.last + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(each.what)}",
            f"DESCRIPTION:{_escaped(f'{each.reckoning}.{safe} {each.note}'.rstrip() + f' {cited}')}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(_folded(line) for line in [*lines, "END:VCALENDAR"]).encode()


class _NoticeTerms:
    """Read the file of periods and words, and check each quote against the paragraphs that it names."""

    def __init__(self) -> None:
        self._tables: dict[str, Any] = tomllib.loads(datafiles.read_text(NOTICE_FILE))

    def days(self, name: str) -> int:
        """Return the length of a period in days."""
        days: int = self._tables[name]["days"]
        return days

    def practice(self, name: str) -> tuple[int, int]:
        """Return the month and day of a date that the Commission keeps by practice."""
        return self._tables[name]["month"], self._tables[name]["day"]

    def words(self, *names: str) -> tuple[Words, ...]:
        """Return citation and quote of every paragraph that the tables name; for text that is not law, its source."""
        found: list[Words] = []
        for name in names:
            quote = self._tables[name]["quote"]
            if "source" in self._tables[name]:
                found.append(Words(self._tables[name]["source"], quote))
                continue
            for reference in self._tables[name]["authorities"]:
                rule, text = paragraph(reference)
                if quote not in text:
                    raise DataError(f"{NOTICE_FILE}: {name}: the quote is not among the words of {reference}")
                found.append(Words(rule, quote))
        return tuple(found)


def _escaped(text: str) -> str:
    for character in ("\\", ";", ","):
        text = text.replace(character, f"\\{character}")
    return text


def _folded(line: str) -> str:
    """Split an ASCII line into pieces of at most 75 characters, each after the first behind a space."""
    pieces = [line[:75], *(line[start : start + 74] for start in range(75, len(line), 74))]
    return "\r\n ".join(pieces) + "\r\n"
