"""`puccalc quote`: one deposit, account or participant; each command is the options of one row and its calculator.

What options are made of is `calc.cli.quote_options`; rules, rates, refusals and printing are `calc.cli.answer`'s.
"""

import typer

from calc.cli.quote_deposit_limit import deposit_limit
from calc.cli.quote_fixed_credit import fixed_credit
from calc.cli.quote_interest import interest
from calc.cli.quote_options import command
from calc.cli.quote_plans import budget_billing, installment_plan
from calc.cli.quote_unclaimed import unclaimed

app = typer.Typer(
    no_args_is_help=True,
    help="One deposit, account or participant; every step with --explain.",
    epilog="Example: puccalc quote interest --principal 200.00 --received 2024-01-01 --through 2025-01-01",
)
command(app, "interest", "--principal 200.00 --received 2024-01-01 --through 2025-01-01 --explain")(interest)
command(app, "unclaimed", "--principal 200.00 --received 2022-03-01 --service-ended 2024-03-15 --through 2026-09-30")(
    unclaimed
)
command(app, "deposit-limit", "--billed 1460.00 --billed-days 365 --held 300.00")(deposit_limit)
command(
    app,
    "fixed-credit",
    "--service electric --primary-heating electric --income 18000.00 --household-size 3 --annual-bill 1800.00",
)(fixed_credit)
command(app, "installment-plan", "--due 480.01 --months 7")(installment_plan)
command(app, "budget-billing", "--last-year-billed 1100.07 --arrears 100.00")(budget_billing)
