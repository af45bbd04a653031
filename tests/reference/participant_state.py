"""Twin of what holds for a participant at a bill: credits, grants, arrearage and budget plan, 3412(e), (g)(V), 4412."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.reference.arrearage import monthly_spread
from tests.reference.fixed_credit import (
    BANDS_PPM,
    MINIMUM_PAYMENT_OF,
    account_class,
    affordable_annual,
    unaffordable,
)

YEAR = 12


@dataclass
class State:
    """What holds at a bill. Money in cents; lists have twelve entries, index 0 for month 1."""

    service: str
    heating: str
    regulated_gas: bool
    income: int
    basis: int
    given_share_ppm: int | None
    terms: Mapping[str, Any]
    share_ppm: int = 0
    expected: list[int] = field(default_factory=lambda: [0] * YEAR)
    gross: list[int] = field(default_factory=lambda: [0] * YEAR)
    program: list[int] = field(default_factory=lambda: [0] * YEAR)
    pool: int = 0  # of grants, what is still to cover gross credits
    recovered: int = 0  # under grant_timing = annual: credits given that grants have covered afterwards
    arrearage: int = 0
    arrearage_months: int = 0  # left, this month's included
    copayments: int = 0  # left
    budget: bool = False
    carried: int = 0  # under budget billing: billed so far less paid so far
    level: int = 0  # the budget plan's payment until its settlement

    def rebase(self, month: int) -> None:
        """New credits and expected bills from a month on: the first entries of the spreads over twelve months."""
        band = account_class(self.service, self.heating, self.regulated_gas)
        lowest, highest = BANDS_PPM[band]
        given = self.given_share_ppm
        self.share_ppm = given if given is not None and lowest <= given <= highest else self.terms["share_ppm"][band]
        minimum = self.terms["minimum_monthly_payment_cents"][MINIMUM_PAYMENT_OF[band]]
        credit = unaffordable(self.basis, affordable_annual(self.income, self.share_ppm, minimum))
        left = YEAR + 1 - month
        self.gross[month - 1 :] = monthly_spread(credit, YEAR)[:left]
        self.expected[month - 1 :] = monthly_spread(self.basis, YEAR)[:left]

    def cover(self, month: int, grant: int, grant_timing: str) -> tuple[int, int]:
        """(to the arrearage, to the account) of a grant, after it covers the gross credits from a month on.

        remaining: it covers those of the months left. annual: those of the whole year, so that program credits already
        given can come back to the program; the participant's bills never change by that.
        """
        if not self.terms["leap_offset"]:
            self.program[month - 1 :] = self.gross[month - 1 :]
            return 0, grant
        earlier = slice(0, month - 1)
        left = YEAR + 1 - month
        total = sum(self.gross[month - 1 :])
        given = {"remaining": 0, "annual": sum(self.program[earlier]) - self.recovered}[grant_timing]
        covered = min(self.pool + grant, total + given)
        over = self.pool + grant - covered
        to_arrearage = min(over, self.arrearage)
        back = max(0, covered - total)
        self.recovered += back
        self.pool = covered - back
        self.program[month - 1 :] = monthly_spread(total - self.pool, left)
        return to_arrearage, over - to_arrearage

    def release(self) -> tuple[int, int]:
        """(to the arrearage, to the account) of what is left of the grants on exit."""
        to_arrearage = min(self.pool, self.arrearage)
        to_account = self.pool - to_arrearage
        self.pool = 0
        return to_arrearage, to_account

    def pay_arrearage(self, *, withheld: bool) -> tuple[int, int]:
        """(credit, copayment) of this month, the first of what is left spread over the months left.

        A credit that is withheld is spread over the months after this one; in the last month it is not withheld.
        """
        if self.arrearage_months == 0:
            return 0, 0
        self.copayments = min(self.copayments, self.arrearage)
        copayment = monthly_spread(self.copayments, self.arrearage_months)[0]
        credit = monthly_spread(self.arrearage - self.copayments, self.arrearage_months)[0]
        if withheld and self.arrearage_months > 1:
            credit = 0
        self.copayments -= copayment
        self.arrearage -= credit + copayment
        self.arrearage_months -= 1
        return credit, copayment

    def payment(self, month: int, *, changed: bool) -> int:
        """Expected bill less gross credit; under budget billing the plan's payment, settled in month 12.

        The plan is reckoned anew where figures or the plan itself ``changed``: what is still to be billed this year and
        what was billed and not paid, over the months left, rounded down.
        """
        net = [bill - credit for bill, credit in zip(self.expected, self.gross, strict=True)][month - 1 :]
        if not self.budget:
            due = net[0] + self.carried
            self.carried = 0
            return due
        if changed:
            self.level = (sum(net) + self.carried) // len(net)
        due = self.level if month < YEAR else net[0] + self.carried
        self.carried += net[0] - due
        return due
