"""Write the command that computes a deposit's figures without the night, where one quote can say all that happened."""

import shlex

from calc.statements.deposit_life import DepositLife
from calc.units import format_cents


def quote_line(life: DepositLife) -> str:
    """Return the `puccalc quote unclaimed` line of a deposit; empty where its balance changed, or its debts have days.

    The line names the principal and days as transactions have made them, and postings and debts in all.
    """
    row, manifest = life.row, life.night.manifest
    clauses = life.law.rules.clauses
    if clauses is not None and clauses.unclaimed is None:
        return ""  # quotes of unclaimed monies are refused there
    dated_debts = (
        any(each.kind == "owed" for each in life.transactions) and life.law.own.unclaimed.owed_applied != "remittance"
    )
    balances = [step for step in life.steps if step.label == "balance that earns"]
    if dated_debts or len(balances) > 1 or manifest.get("known_on") or life.result["status"] == "not_received":
        return ""
    options = {
        "--principal": format_cents(row["principal_cents"]),
        "--received": row["received_date"].isoformat(),
        "--through": life.as_of.isoformat(),
        "--service": row["service"] if row["service"] != "electric" else "",
        "--kind": row["kind"] if row["kind"] != "deposit" else "",
        **{
            f"--{name.removesuffix('_date').replace('_', '-')}": row[name].isoformat() if row[name] else ""
            for name in ("service_ended_date", "order_payable_date", "paid_date", "remitted_date")
        },
        "--posted": format_cents(row["posted_cents"]) if row["posted_cents"] else "",
        "--owed": format_cents(row["amounts_owed_cents"]) if row["amounts_owed_cents"] else "",
        "--jurisdiction": manifest["jurisdiction"] if manifest["jurisdiction"] != "us-co" else "",
        "--class": row["class"] if row["class"] == "non_residential" else "",
        "--stop": row["stop_date"].isoformat() if row["stop_date"] else "",
        "--tariff": life.tariff if life.tariff != "default" else "",
    }
    flags = [
        *(["--no-efforts"] if not row["efforts_made"] else []),
        *(["--no-interest-payable"] if not row["interest_payable"] else []),
    ]
    sets = [word for name, value in life.law.rules.switches.items() for word in ("--set", f"{name}={value}")]
    given = [word for option, value in options.items() if value for word in (option, value)]
    return shlex.join(["puccalc", "quote", "unclaimed", *given, *flags, *sets])
