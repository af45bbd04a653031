"""Load a jurisdiction's deposit clauses with switches and a tariff, where it has no folders by service as Colorado has.

Input: the jurisdiction, a date, switches, the tariff's name or path. Output: `Clauses`, the parameters of the
calculators of `calc.columns.clauses`, and the tariff. A topic for which there is no rule is refused by name.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, TypeVar, cast

from calc import datafiles
from calc.errors import DataError, NoRuleError, UsageError
from calc.rules.citation import Citation
from calc.rules.cited_file import Cited, load_cited, parse_cited
from calc.rules.clause_tariff import load_clause_tariff
from calc.rules.deposit_clauses import InterestClauses, LimitClauses, UnclaimedClauses
from calc.rules.income_plan import IncomePlan, wrong_in_plan
from calc.rules.jurisdictions import Jurisdiction, load_jurisdiction
from calc.rules.switches import parse_switches
from calc.rules.tariff_schema import Tariff

T = TypeVar("T")

SWITCHES: Final = ("day_count", "day_ends", "rounding_mode")
"""Switches that act on clauses: readings that every jurisdiction leaves open."""

SCHEMAS: Final[dict[str, type]] = {
    "deposit_interest": InterestClauses,
    "deposit_limit": LimitClauses,
    "unclaimed": UnclaimedClauses,
    "fixed_credit": IncomePlan,
}
"""Schema of each file of clauses."""


@dataclass(frozen=True, slots=True)
class Clauses:
    """Hold what a jurisdiction says of deposits on a day.

    Attributes:
        head: The jurisdiction's name, rule, and which rules it has.
        interest: Its clauses on interest, with switches and the tariff's share of the rate; None if it has none.
        limit: Its limits; None if it has none.
        unclaimed: When deposits are unclaimed; None if it does not say.
        plan: Its percentage-of-income plan; None if it has none.
        citations: Citation of each clause that its files give.
    """

    head: Jurisdiction
    interest: InterestClauses | None
    limit: LimitClauses | None
    unclaimed: UnclaimedClauses | None
    plan: IncomePlan | None
    citations: Mapping[str, Citation]

    def __hash__(self) -> int:
        """Return the hash of what decides results."""
        return hash((self.head, self.interest, self.limit, self.unclaimed, self.plan))

    def require_interest(self) -> InterestClauses:
        """Return the clauses on interest; raise NoRuleError if there are none."""
        return self._required(self.interest, "deposit_interest")

    def require_limit(self) -> LimitClauses:
        """Return the limits; raise NoRuleError if there are none."""
        return self._required(self.limit, "deposit_limit")

    def require(self, rule: str) -> None:
        """Raise NoRuleError unless there is a rule of this name."""
        if rule not in self.head.rules:
            raise NoRuleError(self.head.id, rule)

    def _required(self, found: T | None, rule: str) -> T:
        if found is None:
            raise NoRuleError(self.head.id, rule)
        return found


def has_services(jurisdiction: str) -> bool:
    """Tell whether a jurisdiction's rules stand in folders by service, as Colorado's."""
    return bool(datafiles.names(f"rules/{jurisdiction}/electric"))


def change_days(jurisdiction: str) -> set[date]:
    """Return the days from which a value of a jurisdiction's clauses applies."""
    days: set[date] = set()
    for rule, schema in SCHEMAS.items():
        name = f"rules/{jurisdiction}/{rule}.toml"
        if name in datafiles.names(f"rules/{jurisdiction}"):
            for dated in parse_cited(name, datafiles.read_text(name), cast("Hashable", schema)).values():
                days.update(each.citation.effective_from for each in dated)
    return days


def load_clauses(jurisdiction: str, on: date, switches: Mapping[str, str], tariff: str) -> tuple[Clauses, Tariff]:
    """Load a jurisdiction's clauses in force on a date, and the tariff.

    Args:
        jurisdiction: Folder of `data/rules/`.
        on: The date.
        switches: Values by switch name, as text.
        tariff: "default", a name of `data/tariffs/ID/`, or the path of a .toml file.

    Raises:
        UsageError: The date is before the rules, the tariff is unknown, or a switch does not act on clauses.
        DataError: A file breaks its format.
    """
    others = [name for name in switches if name not in SWITCHES]
    if others:
        raise UsageError(
            f"switch {others[0]} is none of {jurisdiction}'s rules; those that act there: {', '.join(SWITCHES)}"
        )
    interest = _loaded(jurisdiction, "deposit_interest", InterestClauses, on)
    limit = _loaded(jurisdiction, "deposit_limit", LimitClauses, on)
    unclaimed = _loaded(jurisdiction, "unclaimed", UnclaimedClauses, on)
    plan = _loaded(jurisdiction, "fixed_credit", IncomePlan, on)
    chosen, share_bp = load_clause_tariff(jurisdiction, tariff, None if plan is None else plan.values)
    citations: dict[str, Citation] = {}
    for each in (interest, limit, unclaimed, plan):
        citations.update({} if each is None else each.citations)
    own = None if interest is None else _with_choices(interest.values, switches, share_bp)
    clauses = Clauses(
        load_jurisdiction(jurisdiction),
        own,
        None if limit is None else limit.values,
        None if unclaimed is None else unclaimed.values,
        None if plan is None else plan.values,
        citations,
    )
    return clauses, chosen


def _with_choices(clauses: InterestClauses, switches: Mapping[str, str], share_bp: int | None) -> InterestClauses:
    chosen: dict[str, Any] = dict(parse_switches(switches))
    if share_bp is not None:
        chosen["rate_share_bp"] = share_bp
    found = replace(clauses, **chosen)
    if found.day_count == "thirty_e_360" and found.day_ends != "start_included_end_excluded":
        raise UsageError(f"day_count thirty_e_360 does not go with day_ends {found.day_ends}")
    return found


def _loaded(jurisdiction: str, rule: str, schema: type[T], on: date) -> Cited[T] | None:
    name = f"rules/{jurisdiction}/{rule}.toml"
    if name not in datafiles.names(f"rules/{jurisdiction}"):
        return None
    found = load_cited(name, schema, on)
    complaint = wrong_together(found.values)
    if complaint:
        raise DataError(f"{datafiles.data_root() / name}: {complaint}")
    return found


def wrong_together(clauses: object) -> str:
    """Say what is wrong with clauses that no field shows alone; empty if nothing is."""
    if isinstance(clauses, InterestClauses) and (clauses.capitalized_month is None) != (
        clauses.capitalized_day is None
    ):
        return "capitalized_month and capitalized_day go together: give both or neither"
    if isinstance(clauses, UnclaimedClauses):
        total = sum(payee.share_ppm for payee in clauses.payees)
        if total != 1_000_000:
            return f"the shares of payees make {total} ppm; expected 1000000"
    return wrong_in_plan(clauses) if isinstance(clauses, IncomePlan) else ""
