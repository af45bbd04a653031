"""A percentage-of-income plan of another jurisdiction as data: `data/rules/ID/fixed_credit.toml`.

What it leaves out, the plan does not have. The calculators of Colorado's participants take it as a tariff of theirs:
`plan_parameters` gives the bands and `plan_tariff` the choices.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from calc.rules.schema import (
    ACCOUNT_CLASSES,
    MINIMUM_PAYMENT_CLASSES,
    Arrearage,
    Cents,
    FixedCredit,
    ParticipantYear,
    Share,
)
from calc.rules.tariff_schema import FuelTerms, PlanChoices
from calc.units import PPM

AccountClass = Literal[
    "electric_heat", "electric_heat_with_gas", "electric_other_heat", "gas_heat", "gas_electric_heat"
]
Condition = Literal["none", "payment"]
Holding = Annotated[int, (1, 24)]
_NO_SHARE: Final = -1


@dataclass(frozen=True, slots=True)
class PlanShare:
    """The share of income of a class of accounts; None where each household's has to be given."""

    account: AccountClass
    share_ppm: Share | None = None


@dataclass(frozen=True, slots=True)
class IncomePlan:
    """A percentage-of-income plan.

    Attributes:
        shares: Share of income by class of accounts; classes left out do not take part.
        income_base: Whether the share is taken of a year's income, or of a month's and rounded down each month.
        payment_least_cents: Least payment a month.
        payment_most_cents: Highest payment a month.
        credit_least_cents: Least credit of a month in which the bill exceeds the payment.
        credit_most_cents: Highest credit a month.
        credit_condition: Whether a missed or partial payment withholds the next bill's credit.
        grant_offset: Whether an energy assistance grant reduces the bill before the share is taken off.
        arrearage_months: Months over which old debt is credited; None: it is not.
        arrearage_condition: Whether a missed or partial payment withholds the credit on old debt, which then waits for
            the next.
    """

    shares: tuple[PlanShare, ...]
    income_base: Literal["year", "month"] = "year"
    payment_least_cents: Cents = 0
    payment_most_cents: Cents | None = None
    credit_least_cents: Cents = 0
    credit_most_cents: Cents | None = None
    credit_condition: Condition = "none"
    grant_offset: bool = False
    arrearage_months: Holding | None = None
    arrearage_condition: Condition = "none"

    def share_of(self, account: str) -> PlanShare | None:
        """Return the share of a class of accounts; None where the class does not take part."""
        return next((each for each in self.shares if each.account == account), None)

    @property
    def leaves_a_share_open(self) -> bool:
        """Return whether the share of a class has to be given."""
        return any(each.share_ppm is None for each in self.shares)

    @property
    def account_classes(self) -> tuple[str, ...]:
        """Return the classes of accounts that take part."""
        return tuple(each.account for each in self.shares)


def plan_parameters(plan: IncomePlan) -> dict[str, Any]:
    """Return the plan as the parameters of `fixed_credit`, `arrearage` and `participant_year`, by topic.

    Every change of the bill counts at once, no copayment is asked on old debt, and a share that is not the plan's lies
    outside its band. Who is eligible is not among the data: no guideline is looked up.
    """
    bands: dict[str, Any] = {}
    for account in ACCOUNT_CLASSES:
        share = plan.share_of(account)
        fixed = None if share is None else share.share_ppm
        bands[f"{account}_lowest_ppm"] = 0 if fixed is None else fixed
        bands[f"{account}_highest_ppm"] = PPM if fixed is None else fixed
    minimums = {f"{name}_minimum_payment_max_cents": 0 for name in MINIMUM_PAYMENT_CLASSES}
    months: int = plan.arrearage_months or 0
    return {
        "fixed_credit": FixedCredit(
            **bands,
            **minimums,
            recalculation_ppm=0,
            poverty_guideline_ppm=0,
            area_median_income_ppm=0,
            ami_basis="hud_limit",
        ),
        "arrearage": Arrearage(months, months, 0),
        "participant_year": ParticipantYear("remaining"),
    }


def plan_shares(plan: IncomePlan, open_share_ppm: int | None = None) -> dict[str, int]:
    """Return the share of income of each class, ppm; -1 where it has to be given, or the class does not take part.

    Args:
        plan: The plan.
        open_share_ppm: A tariff's share for the classes whose share the plan leaves open.
    """
    otherwise = _NO_SHARE if open_share_ppm is None else open_share_ppm
    shares = {account: plan.share_of(account) for account in ACCOUNT_CLASSES}
    return {
        account: _NO_SHARE if each is None else otherwise if each.share_ppm is None else each.share_ppm
        for account, each in shares.items()
    }


def plan_terms(plan: IncomePlan) -> FuelTerms:
    """Return the plan as what a tariff chooses for one fuel."""
    return FuelTerms(
        leap_offset=plan.grant_offset,
        all_electric_without_leap=False,
        arrearage_months=plan.arrearage_months or 0,
        copayment_ppm=0,
        arrearage_condition=plan.arrearage_condition,
        plan=PlanChoices(
            monthly_income=plan.income_base == "month",
            payment_least_cents=plan.payment_least_cents,
            payment_most_cents=plan.payment_most_cents,
            credit_least_cents=plan.credit_least_cents,
            credit_most_cents=plan.credit_most_cents,
            credit_condition=plan.credit_condition,
            grant_to_arrearage=plan.arrearage_months is not None,
            arrearage_waits=True,
        ),
    )


def wrong_in_plan(plan: IncomePlan) -> str:
    """Say what is wrong with a plan that no field shows alone; empty if nothing is."""
    accounts = plan.account_classes
    if len(set(accounts)) < len(accounts):
        return "shares names a class of accounts twice"
    for least, most in (("payment_least_cents", "payment_most_cents"), ("credit_least_cents", "credit_most_cents")):
        highest = getattr(plan, most)
        if highest is not None and getattr(plan, least) > highest:
            return f"{least} is {getattr(plan, least)}; expected at most {most}, {highest}"
    if plan.arrearage_months is None and plan.arrearage_condition != "none":
        return f"arrearage_condition is {plan.arrearage_condition}; expected arrearage_months beside it"
    return ""
