"""Show how far the decision on a year's rate is: the data's age, the days left to file, who proposed and approved it.

Input: the register and the months as they are on the disk now, not as they were when the service started. Output: a
`Decision`, for the pages of rates.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from api.http.visit import Visit
from api.pages import cache
from calc.rates.filing_dates import DateToKeep, dates_to_keep
from calc.rates.fred.snapshot import current_series, current_taken
from calc.rates.register.entries import APPROVAL, Entry, Register, load_register

SCOPE: Final = "register"
"""Scope of a key that may propose and approve."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Hold the state of a year's rate.

    Attributes:
        year: The year.
        today: The day on which it is looked at.
        taken: Day on which the months in use were downloaded.
        last_month: Last month of the data, YYYY-MM.
        derived: Months (YYYY-MM) of the year's window whose figure is not yet published.
        missing: Months (YYYY-MM) of the window without a figure.
        changes: Whether the rate differs from the existing one; None without a rate.
        filing: Last day to file the tariff.
        proposal: The last proposal; None if there is none.
        approval: The approval of that proposal; None while it waits.
        in_use: Whether the service calculates by the register and the months as they are now.
        may_decide: Whether the reader may propose and approve.
        name: The name under which the reader does it; "" if it is asked for.
    """

    year: int
    today: date
    taken: date
    last_month: str
    derived: tuple[str, ...]
    missing: tuple[str, ...]
    changes: bool | None
    filing: DateToKeep
    proposal: Entry | None
    approval: Entry | None
    in_use: bool
    may_decide: bool
    name: str

    @property
    def age_days(self) -> int:
        """Return how many days ago the months were downloaded."""
        return (self.today - self.taken).days

    @property
    def days_left(self) -> int:
        """Return the days from today through the last day to file; negative once it is past."""
        return (self.filing.last - self.today).days

    @property
    def is_own_proposal(self) -> bool:
        """Return whether the reader's own proposal waits: another person approves it."""
        return bool(self.proposal and self.name) and self.proposed["by"].casefold() == self.name.casefold()

    @property
    def proposed(self) -> dict[str, Any]:
        """Return what the proposal holds."""
        return dict(self.proposal.content) if self.proposal else {}

    @property
    def approved(self) -> dict[str, Any]:
        """Return what the approval holds."""
        return dict(self.approval.content) if self.approval else {}


def decision_on(year: int, today: date, visit: Visit) -> Decision:
    """Gather how far the decision on a year's rate is.

    Args:
        year: The year.
        today: The day on which it is looked at.
        visit: Who looks at it.

    Returns:
        The state of the decision.

    Raises:
        DataError: The register or the snapshot of the months is damaged.
    """
    sheet, register = cache.worksheet(year), load_register()
    of_year = tuple(entry for entry in register.entries if entry.content["year"] == year)
    proposal, approval = _last(register, year)
    result = sheet.result
    effective = date.fromisoformat(approval.content["effective_from"]) if approval else date(year, 1, 1)
    known = [month for month, rate_bp, _ in sheet.months if rate_bp is not None]
    key = visit.key
    return Decision(
        year=year,
        today=today,
        taken=current_taken(),
        last_month=known[-1] if known else "",
        derived=sheet.derived,
        missing=sheet.missing,
        changes=None if result is None else result.rate_ppm != result.existing_ppm,
        filing=next(each for each in dates_to_keep(effective) if each.key == "last_day_to_file"),
        proposal=proposal,
        approval=approval,
        in_use=of_year == sheet.register and current_series().checksum == sheet.made_with["series_sha256"],
        may_decide=key is None or SCOPE in key.scopes,
        name=key.name if key else "",
    )


def _last(register: Register, year: int) -> tuple[Entry | None, Entry | None]:
    """Return a year's last proposal and its approval."""
    if waits := register.pending(year):
        return waits, None
    entries = [entry for entry in register.entries if entry.content["year"] == year]
    if not entries or entries[-1].kind != APPROVAL:
        return None, None
    approval = entries[-1]
    return register.entries[approval.content["proposal"] - 1], approval
