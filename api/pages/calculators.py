"""The four calculators as forms: which fields of a topic's quote are asked for, in which order, under which words.

A field's name is the model's (`api.schemas`), so that a form asks what the command line and the JSON quotes ask. What
is seldom needed stands folded; so do the tariff and the switches of the rules that the topic rests on.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from api import law
from api.pages.fields import BILLS, CHOICE, COUNTY, DAY, MONEY, NO, PERCENT, RATES, SAID, WHOLE, YES, Choices, Field
from api.pages.wording import NAMES_OF_SWITCHES, words
from api.topics import TOPICS, Topic, today
from calc import datafiles
from calc.report.figures import HEADLINE
from calc.rules.fields import fields as rule_fields
from calc.rules.schema import SWITCHES

SWITCH: Final = "set_"
"""What the names of a form's switches begin with."""


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under a heading; `folded` ones are shown on demand."""

    title: str
    fields: tuple[Field, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Calculator:
    """A form. `rules` are the topics of the rules whose switches count.

    `not_together` is the field to which an error points that is of several fields.
    """

    name: str
    title: str
    asks: str
    rule: str
    groups: tuple[Group, ...]
    rules: tuple[str, ...] = ()
    not_together: str = ""

    @property
    def topic(self) -> Topic:
        """The topic of quotes and batches."""
        return TOPICS[self.name]

    @property
    def headline(self) -> tuple[str, ...]:
        """The figures that answer the question."""
        return HEADLINE[self.name]

    @property
    def path(self) -> str:
        """Where the form stands."""
        return f"/calculators/{self.name}"

    def fields(self) -> Iterator[Field]:
        """Every field but tariff and switches."""
        for group in self.groups:
            yield from group.fields

    def every_field(self) -> Iterator[Field]:
        """Every field."""
        yield from self.fields()
        yield TARIFF
        yield from self.switches()

    def usual_texts(self) -> dict[str, str]:
        """What an empty form begins with: a day through which is counted is most often this one."""
        return {field.id: f"{today():%m/%d/%Y}" for field in self.fields() if field.name == "through_date"}

    def switches(self) -> tuple[Field, ...]:
        """A field for each switch that the topic rests on and no field asks for; empty, what is in force counts."""
        asked = {field.name for field in self.fields()}
        own = [
            field
            for field in rule_fields().values()
            if field.name in SWITCHES and field.topic in self.rules and field.name not in asked
        ]
        in_force = law.rules_on(today(), "default", ()).electric
        found = []
        for field in own:
            value = getattr(getattr(in_force, field.topic), field.name)
            usual = _said(value)
            title = NAMES_OF_SWITCHES[field.name]
            name = f"{SWITCH}{field.name}"
            if field.bounds:
                hint = f"{field.bounds[0]} through {field.bounds[1]}; in force: {usual}"
                found.append(Field(name, title, WHOLE._replace(read=str), hint))
                continue
            values = field.words or ("true", "false")
            others = ((each, _said(each)) for each in values if _said(each) != usual)
            choices: Choices = (("", f"{usual} (in force)"), *others)
            found.append(Field(name, title, CHOICE, choices=choices))
        return tuple(found)


def _said(value: object) -> str:
    return words({"true": True, "false": False}.get(str(value), value))


@law.kept(1)
def counties() -> Choices:
    """The counties by their FIPS codes."""
    rows = csv.DictReader(io.StringIO(datafiles.read_text("guidelines/colorado_ami.csv")))
    named = {row["county_fips"]: row["county"] for row in rows}
    return (("", "not known"), *((code, f"{name} ({code})") for code, name in named.items()))


TARIFF: Final = Field("tariff", "Tariff", CHOICE, "The utility's choices within the rules")
_SERVICE: Final = Field(
    "service", "Service", CHOICE, "Whose rules apply", choices=(("electric", "Electric"), ("gas", "Gas"))
)
_RATES: Final = Group(
    "Other rates than those in force",
    (
        Field("rate_ppm", "One flat rate", PERCENT, "A year, instead of the rates in force"),
        Field("rates", "A table of rates", RATES, "A line for each: the day from which it is in force, and percent"),
    ),
    folded=True,
)
_KINDS: Final = (
    ("deposit", "Deposit"),
    ("construction_advance", "Construction advance"),
    ("overcharge_refund", "Overcharge refund"),
    ("cost_adjustment_credit", "Cost adjustment credit"),
)
_ESTIMATES: Final = (
    ("", "in force: average daily"),
    ("average_daily", "Average daily bill"),
    ("monthly_average", "Average month"),
    ("peak_consecutive", "Highest consecutive months"),
)

_SAID: Final = (("", "not said"), ("yes", "Yes"), ("no", "No"))

CALCULATORS: Final = {
    each.name: each
    for each in (
        Calculator(
            "interest",
            "Interest on a deposit",
            "What does a deposit earn between two days?",
            "3403(o), 4403(o)",
            (
                Group(
                    "The deposit",
                    (
                        Field("principal_cents", "Deposit", MONEY, "Dollars and cents, e.g. 200.00", needed=True),
                        Field("received_date", "Received on", DAY, "The first day that earns", needed=True),
                        Field("through_date", "Through", DAY, "Paid or counted on this day; it does not earn", True),
                        _SERVICE,
                    ),
                ),
                _RATES,
            ),
            ("deposit_interest", "annual_rate"),
            "rates",
        ),
        Calculator(
            "deposit-limit",
            "Deposit limit",
            "How much may a utility hold, and may it ask for a deposit at all?",
            "3403(c)-(e), (j), (l), 4403",
            (
                Group(
                    "What was billed",
                    (
                        Field("billed_cents", "Billed", MONEY, "All bills of the account in the days below"),
                        Field("billed_days", "Days billed", WHOLE, "How many days that covers, e.g. 365"),
                        Field("bills_in_advance", "Bills are payable in advance of service", YES),
                        Field("held_cents", "Held now", MONEY, "All deposits of the customer for this service"),
                        _SERVICE,
                    ),
                ),
                Group(
                    "What may bar a deposit, or make it due back",
                    (
                        Field("applied_date", "Applied for service on", DAY, "Today, if left empty"),
                        Field(
                            "clean_past_service", "Past service with records and no delinquency", SAID, choices=_SAID
                        ),
                        Field("assistance_now", "Helped now by LEAP or such a program", SAID, choices=_SAID),
                        Field(
                            "good_payment_ended_date", "Good payment ended on", DAY,
                            "Last day of twelve consecutive months of good payment",
                        ),
                        Field(
                            "assistance_last_date", "Last helped on", DAY,
                            "By LEAP, an income-qualified program or Energy Outreach Colorado",
                        ),
                        Field("late_payments_12m", "Late payments", WHOLE, "In the last twelve months"),
                        Field(
                            "return_qualified_date", "Twelve good months first on", DAY,
                            "When the records first showed twelve months without many late payments",
                        ),
                    ),
                    folded=True,
                ),
                Group(
                    "Other ways to estimate the bill",
                    (
                        Field("estimate", "Estimate by", CHOICE, choices=_ESTIMATES),
                        Field(
                            "monthly_bill_cents", "Monthly bills", BILLS,
                            "Oldest first, with a blank or a comma between; only for the estimates by months",
                        ),
                        Field("premises_billed_cents", "Billed at the premises", MONEY, "Where there is no account"),
                        Field("premises_billed_days", "Days billed at the premises", WHOLE),
                        Field("class_billed_cents", "Billed to the class, on average", MONEY, "Where there is neither"),
                        Field("class_billed_days", "Days billed to the class", WHOLE),
                    ),
                    folded=True,
                ),
            ),
            ("deposit_limit",),
            "applied_date",
        ),
        Calculator(
            "unclaimed",
            "Unclaimed monies",
            "Is a deposit unclaimed, since when, and what must be remitted?",
            "3403(q)-(s), 4403(q)-(s)",
            (
                Group(
                    "The money",
                    (
                        Field("kind", "Kind", CHOICE, "What the money is", choices=_KINDS),
                        Field("principal_cents", "Amount", MONEY, "Dollars and cents, e.g. 200.00", needed=True),
                        Field("received_date", "Received on", DAY, "Of an advance: the day it is owed", needed=True),
                        Field("service_ended_date", "Service ended on", DAY, "Leave empty while service goes on"),
                        Field("through_date", "As of", DAY, "What is dated later has not happened", needed=True),
                        _SERVICE,
                    ),
                ),
                Group(
                    "What else has happened",
                    (
                        Field("order_payable_date", "Payable by order on", DAY, "By a final Commission order"),
                        Field("efforts_made", "No reasonable efforts were made to locate the customer", NO),
                        Field("paid_date", "Paid to the customer on", DAY),
                        Field("remitted_date", "Remitted on", DAY),
                        Field("posted_cents", "Interest already posted", MONEY),
                        Field("amounts_owed_cents", "Owed by the customer", MONEY),
                        Field("interest_payable", "Advance: the tariff makes no interest payable", NO),
                    ),
                    folded=True,
                ),
                _RATES,
            ),
            ("unclaimed", "deposit_interest", "annual_rate"),
            "rates",
        ),
        Calculator(
            "fixed-credit",
            "Bill affordability credit",
            "What does a household of the percentage-of-income program pay, and what is credited?",
            "3412, 4412",
            (
                Group(
                    "The household",
                    (
                        _SERVICE,
                        Field(
                            "primary_heating", "Primary heat", CHOICE, "As LEAP has found it", needed=True,
                            choices=(("electric", "Electricity"), ("gas", "Gas"), ("other", "Other")),
                        ),
                        Field("regulated_gas", "Also has gas service of a regulated utility", YES),
                        Field("household_income_cents", "Household income", MONEY, "Gross, a year", needed=True),
                        Field("household_size", "Persons", WHOLE, "1 through 30", needed=True),
                        Field("county_fips", "County", COUNTY, "For the area median income"),
                        Field("leap_qualified", "LEAP has found it qualified", YES),
                    ),
                ),
                Group(
                    "The bill",
                    (
                        Field(
                            "full_annual_bill_cents", "Full annual bill", MONEY, "At present standard rates", True
                        ),
                        Field("share_ppm", "Share of income", PERCENT, "Within the rule's band; empty: the tariff's"),
                        Field("as_of_date", "As of", DAY, "Whose guidelines and rules apply; today, if left empty"),
                    ),
                ),
                Group(
                    "A change during the year, LEAP grant, arrearage",
                    (
                        Field("basis_bill_cents", "Annual bill before", MONEY, "That the present credits rest on"),
                        Field("months_remaining", "Months left", WHOLE, "In the program year, 0 through 12"),
                        Field("leap_grant_cents", "LEAP grant", MONEY),
                        Field("arrearage_cents", "Arrearage", MONEY, "From before the program"),
                        Field("arrearage_months", "Months of arrearage credits", WHOLE, "1-24; empty: the tariff's"),
                        Field("arrearage_copay_cents", "Arrearage copayments", MONEY, "In all; empty: the tariff's"),
                    ),
                    folded=True,
                ),
            ),
        ),
    )
}  # fmt: skip
"""The calculators by the name of their topic."""
