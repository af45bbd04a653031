"""The rules and rates of a night, and whether the jurisdiction has a rule for every dataset that is given."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from calc.bulk.run.job import NightlyJob
from calc.errors import NoRuleError, UsageError
from calc.rates.computing.table import RateTable
from calc.rates.ruled.in_force import rates_in_force
from calc.report.explaining.step import Law
from calc.rules.jurisdictions import COLORADO
from calc.rules.resolve import Rules, load_rules
from calc.topics.nightly_datasets import own_datasets

_NEEDED: Final = {"deposits": "deposit_interest", "accounts": "deposit_limit", "participants": "fixed_credit"}
"""The rule without which a dataset cannot be computed."""


def law_of(job: NightlyJob) -> tuple[Rules, RateTable]:
    """Load the rules and rates of a night's jurisdiction.

    Raises:
        UsageError: There is no such jurisdiction, or it has no rule for a dataset that is given.
        RatesMissingError: No rate of it is at hand.
    """
    rules = load_rules(job.as_of, switches=job.switches, tariff=job.tariff, jurisdiction=job.jurisdiction)
    check_rules(job.inputs, rules)
    return rules, rates_in_force(rules, known_on=job.known_on)


def check_rules(inputs: Iterable[str], rules: Rules) -> None:
    """Raise UsageError, naming the dataset, where the jurisdiction has no rule for one of the inputs."""
    clauses = rules.clauses
    if clauses is None:
        return
    topics = own_datasets()
    for name in inputs:
        if name == "transactions":
            raise UsageError(
                f"{rules.jurisdiction}: transactions are computed under the rules of {COLORADO} alone: give deposits "
                "with principal_cents, received_date and posted_cents of their own, and leave --transactions out"
            )
        try:
            if name in topics:
                topics[name].require(Law(rules, "electric"))
            elif name in _NEEDED:
                clauses.require(_NEEDED[name])
        except NoRuleError as error:
            raise UsageError(f"--{name}: {error}; leave it out") from None


def check_same_jurisdiction(previous: Mapping[str, Any] | None, rules: Rules) -> None:
    """Raise UsageError where the night that the folder holds is of another jurisdiction."""
    before = COLORADO if previous is None else previous.get("jurisdiction", COLORADO)
    if previous is not None and before != rules.jurisdiction:
        raise UsageError(
            f"the output folder holds nights of {before}, and this one is of {rules.jurisdiction}: a folder holds the "
            "nights of one jurisdiction; name another folder with --out"
        )
