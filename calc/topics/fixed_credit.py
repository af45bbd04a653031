"""Declare the topic `fixed-credit`: credits of the percentage-of-income program, rules 3412 and 4412."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from calc.columns import docstring_examples, fixed_credit
from calc.columns.contract import PARTICIPANTS
from calc.columns.declared_columns import day
from calc.columns.evaluation import Outputs
from calc.columns.gated import Gated
from calc.columns.rows import Rows
from calc.errors import Reason
from calc.report.explaining import fixed_credit as report
from calc.report.explaining import income_plan, quote
from calc.report.explaining.quote import Outcome, Row
from calc.report.explaining.row import filled
from calc.report.explaining.step import Law
from calc.topics import caller_figures, participants
from calc.topics.service import SERVICE
from calc.topics.topic import Example, Group, Names, Question, QuoteField, Topic
from calc.units import PPM, format_percent

_ROWS: Final = Rows(PARTICIPANTS)


def _outcomes(rows: Sequence[Row], question: Question) -> list[Outcome]:
    complete = [filled(PARTICIPANTS, row) for row in rows]
    county, limits = participants.county_and_limits(complete, question)

    def compute(gated: Gated) -> Outputs:
        return fixed_credit.compute(gated, county, limits, rules=question.law.rules)

    return quote.outcomes(_ROWS, complete, compute)


def _refusals(outcome: Outcome, question: Question, named: Names) -> dict[Reason, str]:
    """Word refusals: the rule has no band for the account, the share is outside it, copayments exceed the limit."""
    law, row = question.law, outcome.row
    if law.rules.clauses is not None:
        return _refused_by_plan(law, named)
    service, heating, share = named("service"), named("primary_heating"), named("share_ppm")
    most = law.parameters("copayment_max_ppm")[0]
    texts = {
        Reason.out_of_range: f"{named('arrearage_copay_cents')} exceeds "
        f"{format_percent(law.own.arrearage.copayment_max_ppm)} % of {named('household_income_cents')}, the most that "
        f"{most.citation.rule} allows: give a smaller one"
    }
    if any("arrearage_elapsed_months" in columns for _, columns in outcome.refusals):
        texts[Reason.out_of_range] = (
            f"{named('arrearage_elapsed_months')} leaves no month of credits while an arrearage is left: give fewer "
            f"than {named('arrearage_months')}"
        )
    account = report.class_of(row["service"], row["primary_heating"], row["regulated_gas"])
    if account is None:
        texts[Reason.no_rule_band] = (
            f"{service} gas with {heating} other: the rule sets no share of income for such an account; give the "
            "primary heat that LEAP found, gas or electric"
        )
        return texts
    lowest, highest = law.parameters(f"{account}_lowest_ppm", f"{account}_highest_ppm")
    texts[Reason.share_outside_band] = (
        f"{share} lies outside the band of {account}, {format_percent(int(lowest.value))} to "
        f"{format_percent(int(highest.value))} percent by {highest.citation.rule}: give a share within it"
    )
    return texts


def _refused_by_plan(law: Law, named: Names) -> dict[Reason, str]:
    """Word what the plan of another jurisdiction refuses."""
    whose, plan = law.rules.jurisdiction, income_plan.plan_of(law)
    months = f"its {plan.arrearage_months} months" if plan.arrearage_months else "no months: it credits no old debt"
    return {
        Reason.no_rule_band: f"{whose} has no share of income for {named('service')} {law.service} with this "
        f"{named('primary_heating')}: give an account of {', '.join(plan.account_classes)}",
        Reason.share_outside_band: f"{named('share_ppm')} is not the share that {whose} sets: leave it out",
        Reason.missing_value: f"{whose} leaves the share of income to be set: give {named('share_ppm')}, or a "
        "tariff that sets it",
        Reason.out_of_range: f"{whose} asks no {named('arrearage_copay_cents')}, and {named('arrearage_months')} has "
        f"{months}: leave both out, and give {named('arrearage_elapsed_months')} below it",
    }


def _remarks(outcome: Outcome, question: Question, named: Names) -> tuple[str, ...]:
    if question.law.rules.clauses is not None:
        return (f"no income limit of {question.law.rules.jurisdiction} is at hand: who may take part is not screened",)
    county = outcome.row["county_fips"]
    if county is None or county in question.guidelines().ami_usd:
        return ()
    name = named("county_fips")
    return (f"{name} is none of the guidelines' counties: the area median income was not tested; see its digits",)


TOPIC: Final = Topic(
    name="fixed-credit",
    title="Bill affordability credit",
    asks="What does a household of the percentage-of-income program pay, and what is credited?",
    paragraphs="3412, 4412",
    meaning="Bill and arrearage credits, rules 3412 and 4412",
    row_meaning="A household of a percentage-of-income program, by the guidelines of as_of_date (by default today).",
    dataset=PARTICIPANTS,
    groups=(
        Group(
            "The household",
            (
                SERVICE,
                QuoteField(
                    PARTICIPANTS.column("primary_heating"), "Primary heat", "As LEAP has found it", needed=True,
                    choices=("Electricity", "Gas", "Other"),
                ),
                QuoteField(PARTICIPANTS.column("regulated_gas"), "Also has gas service of a regulated utility"),
                QuoteField(
                    PARTICIPANTS.column("household_income_cents"), "Household income", "Gross, a year", needed=True,
                    option="income",
                ),
                QuoteField(PARTICIPANTS.column("household_size"), "Persons", "1 through 30", needed=True),
                QuoteField(PARTICIPANTS.column("county_fips"), "County", "For the area median income", option="county"),
                QuoteField(PARTICIPANTS.column("leap_qualified"), "LEAP has found it qualified"),
            ),
        ),
        Group(
            "The bill",
            (
                QuoteField(
                    PARTICIPANTS.column("full_annual_bill_cents"), "Full annual bill", "At present standard rates",
                    needed=True, option="annual-bill",
                ),
                QuoteField(
                    replace(PARTICIPANTS.column("share_ppm"), highest=PPM), "Share of income",
                    "Within the rule's band; empty: the tariff's",
                ),
                QuoteField(
                    day("as_of_date", "Day of the guidelines and rules; by default today.", optional=True), "As of",
                    "Whose guidelines and rules apply; today, if left empty",
                ),
            ),
        ),
        Group(
            "A change during the year, LEAP grant, arrearage",
            (
                QuoteField(
                    PARTICIPANTS.column("basis_bill_cents"), "Annual bill before", "That the present credits rest on"
                ),
                QuoteField(
                    PARTICIPANTS.column("months_remaining"), "Months left", "In the program year, 0 through 12"
                ),
                QuoteField(PARTICIPANTS.column("leap_grant_cents"), "LEAP grant"),
                QuoteField(PARTICIPANTS.column("arrearage_cents"), "Arrearage", "From before the program"),
                QuoteField(
                    PARTICIPANTS.column("arrearage_months"), "Months of arrearage credits", "1-24; empty: the tariff's"
                ),
                QuoteField(
                    PARTICIPANTS.column("arrearage_elapsed_months"), "Months elapsed", "Of them, in earlier years"
                ),
                QuoteField(
                    PARTICIPANTS.column("arrearage_copay_cents"), "Arrearage copayments", "In all; empty: the tariff's"
                ),
            ),
            folded=True,
        ),
    ),
    day="as_of_date",
    day_source="given",
    headline=("affordable_annual_cents", "fixed_credit_annual_cents", "eligible_basis"),
    rules=("fixed_credit", "arrearage"),
    outcomes=_outcomes,
    steps=participants.explained_by(report),
    evaluate=participants.evaluated_by(fixed_credit),
    refusals=_refusals,
    remarks=_remarks,
    caller_figures=caller_figures.month_of_the_program,
    frame_example=docstring_examples.FIXED_CREDIT,
    example=Example(
        "A household of three with electric heat",
        {
            "service": "electric",
            "primary_heating": "electric",
            "household_income_cents": 1_800_000,
            "household_size": 3,
            "full_annual_bill_cents": 180_000,
            "as_of_date": "2026-09-30",
        },
    ),
)  # fmt: skip
