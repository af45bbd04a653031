"""Dates to keep for a new deposit rate: filing and notice under C.R.S. 40-3-104, reckoned back from its effective date.

In: an effective date; the statute's days and words from `data/rates/notice.toml`. Out: `DateToKeep` rows with the count
and the citations, and the same as an iCalendar file. A period of days excludes its first day and includes its last one
(C.R.S. 2-4-108(1)). Legal holidays but 1 January are not known here.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from calc import datafiles
from calc.errors import DataError
from calc.rules.citation import paragraph

NOTICE_FILE: Final = "rates/notice.toml"
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Words(NamedTuple):
    """The words of a paragraph on which a date rests."""

    rule: str
    quote: str


@dataclass(frozen=True, slots=True)
class DateToKeep:
    """A day, or days from `first` through `last`; `safe_date` is a last day that every reading of the law allows."""

    key: str
    first: date
    last: date
    what: str
    reckoning: str
    citations: tuple[Words, ...]
    safe_date: date | None = None
    note: str = ""


def dates_to_keep(effective: date) -> tuple[DateToKeep, ...]:
    """Dates for a rate effective on a day, by first day; DataError where a quoted word is not in the law at hand."""
    law = _Law()
    filing = effective - timedelta(days=law.days("notice"))
    notice_last = filing + timedelta(days=law.days("additional_notice"))
    safe_filing = _safe_filing(filing, law.days("notice"))
    return (
        DateToKeep(
            "window_ends",
            date(effective.year - 1, 9, 30),
            date(effective.year - 1, 9, 30),
            f"Last month of the window of the {effective.year} deposit rate",
            f"twelve months, October {effective.year - 2} through September {effective.year - 1}",
            law.words("window"),
        ),
        DateToKeep(
            "last_day_to_file",
            filing,
            filing,
            f"Last day to file the tariff with the deposit rate effective {effective}",
            f"{law.days('notice')} days: {filing} excluded, {effective} included",
            law.words("notice", "days", "days_off", "no_change", "less_notice"),
            safe_filing,
            "Days that end on a Saturday, Sunday or legal holiday run on to the next working day: filed by "
            f"{safe_filing}, they are over before {effective} (of holidays only 1 January is counted). Nothing is "
            "filed where the rate does not change; the Commission may allow less notice by order.",
        ),
        DateToKeep(
            "website_posting",
            filing,
            filing + timedelta(days=law.days("posting")),
            f"Notice of the deposit rate effective {effective} on the utility's website",
            f"from the filing, at the latest {filing}, for {law.days('posting')} days",
            law.words("posting", "days"),
        ),
        DateToKeep(
            "additional_notice",
            filing + timedelta(days=1),
            notice_last,
            f"Additional notice of the deposit rate effective {effective}",
            f"first {law.days('additional_notice')} of the {law.days('notice')} days: {filing} excluded, {notice_last} "
            "included",
            law.words(
                "additional_notice", "additional_notice_by_bill", "additional_notice_by_message", "days", "proof"
            ),
            notice_last - timedelta(days=1),
            f"Read as the {law.days('notice')} days before {effective} itself, the first "
            f"{law.days('additional_notice')} end a day earlier. Published in newspapers, it runs once a week in two "
            "successive weeks of these days. Proof of it is filed with the Commission.",
        ),
        DateToKeep(
            "effective",
            effective,
            effective,
            f"Deposit rate of {effective.year} effective",
            "the first day of January, or the date set by the Commission",
            law.words("effective"),
        ),
    )


def icalendar(dates: tuple[DateToKeep, ...]) -> bytes:
    """Dates as an iCalendar file of whole days (RFC 5545); the same dates give the same bytes on any day."""
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


class _Law:
    """The file of days and words, each quote checked against the paragraphs that it names."""

    def __init__(self) -> None:
        self._tables: dict[str, Any] = tomllib.loads(datafiles.read_text(NOTICE_FILE))

    def days(self, name: str) -> int:
        """Days of a period."""
        days: int = self._tables[name]["days"]
        return days

    def words(self, *names: str) -> tuple[Words, ...]:
        """Rule and quote of every paragraph that the tables name."""
        found: list[Words] = []
        for name in names:
            quote = self._tables[name]["quote"]
            for reference in self._tables[name]["authorities"]:
                rule, text = paragraph(reference)
                if quote not in text:
                    raise DataError(f"{NOTICE_FILE}: {name}: the quote is not among the words of {reference}")
                found.append(Words(rule, quote))
        return tuple(found)


def _safe_filing(filing: date, days: int) -> date:
    """Last filing day, not after the given one, that is no day off and whose last day of notice is none either."""
    while _is_off(filing) or _is_off(filing + timedelta(days=days)):
        filing -= timedelta(days=1)
    return filing


def _is_off(day: date) -> bool:
    return day.weekday() >= 5 or (day.month, day.day) == (1, 1)


def _escaped(text: str) -> str:
    for character in ("\\", ";", ","):
        text = text.replace(character, f"\\{character}")
    return text


def _folded(line: str) -> str:
    """An ASCII line in pieces of at most 75 characters, each further one behind a space."""
    pieces = [line[:75], *(line[start : start + 74] for start in range(75, len(line), 74))]
    return "\r\n ".join(pieces) + "\r\n"
