"""What is asked of every version: a value of each switch other than the default, questions, wrong questions."""

from typing import Final

SWITCHES: Final = (
    "average_decimals=1",
    "average_rounding=down",
    "threshold_bp=300",
    "threshold_inclusive=false",
    "threshold_stage=unrounded",
    "published_override=false",
    "day_count=actual_360",
    "day_ends=both",
    "rounding_mode=up",
    "rounding_point=year",
    "estimate=peak_consecutive",
    "return_window=any_12",
    "more_than=anniversary",
    "surcharge_start=last_day_of_period",
    "surcharge_mode=multiplicative",
    "surcharge_base=principal_plus_accrued",
    "surcharge_principal=net_of_owed",
    "efforts_scope=both",
    "weekend_extension=statute",
    "owed_applied=service_ended",
    "ami_basis=share_of_median",
)

INTEREST: Final = "quote interest --principal 200.00 --received 2024-01-01 --through 2025-01-01"
UNCLAIMED: Final = (
    "quote unclaimed --principal 200.00 --received 2022-03-01 --service-ended 2024-03-15 --through 2026-09-30"
)
UNCLAIMED_ALL: Final = (
    "quote unclaimed --principal 500.00 --received 2015-01-31 --service-ended 2016-02-29 --order-payable 2016-01-31 "
    "--kind construction_advance --no-interest-payable --remitted 2020-05-05 --paid 2020-06-01 --posted 1.00 "
    "--owed 20.00 --through 2026-01-01 --service gas --no-efforts"
)
LIMIT: Final = "quote deposit-limit --billed 1460.00 --billed-days 365 --held 300.00 --applied 2026-03-01"
LIMIT_ALL: Final = (
    f"{LIMIT} --in-advance --late-payments 2 --clean-past-service --good-payment-ended 2025-12-31 "
    "--assistance-last 2025-03-01 --no-assistance-now --return-qualified 2026-02-01 --service gas"
)
MONTHS: Final = "quote deposit-limit --monthly-bills 120.00,98.50,130.01,80.00 --held 300.00 --applied 2026-03-01"
CREDIT: Final = (
    "quote fixed-credit --service electric --primary-heating electric --income 18000.00 --household-size 3 "
    "--annual-bill 1800.00 --as-of 2026-10-31"
)
CREDIT_ALL: Final = (
    "quote fixed-credit --service electric --primary-heating electric --income 30000.00 --household-size 4 "
    "--annual-bill 2600.00 --share 4.5 --as-of 2025-05-05 --county 08031 --leap-qualified --regulated-gas "
    "--basis-bill 2000.00 --months-remaining 7 --leap-grant 350.00 --arrearage 512.34 --arrearage-months 9 "
    "--arrearage-copay 30.00 --tariff example"
)

OPTIONS_OF: Final = ("quote interest", "quote unclaimed", "quote deposit-limit", "quote fixed-credit")

ANSWERED: Final = (
    *(f"{words} --explain --sensitivities" for words in (INTEREST, UNCLAIMED, LIMIT, CREDIT)),
    *(f"{words} --explain" for words in (UNCLAIMED_ALL, LIMIT_ALL, CREDIT_ALL)),
    f"{INTEREST} --rate 6.00 --sensitivities",
    f"{INTEREST} --set day_count=actual_360 --set rounding_mode=up --service gas",
    f"{MONTHS} --estimate monthly_average --explain --sensitivities",
    f"{MONTHS} --set estimate=peak_consecutive --in-advance --explain",
    "quote deposit-limit --billed 100.00 --billed-days 31 --applied 2026-05-01 --assistance-now",
    "quote deposit-limit --billed 100.00 --billed-days 31 --applied 2026-05-01 --no-clean-past-service",
    f"{CREDIT} --set ami_basis=share_of_median --county 08031",
    "rates compute --year 2024",
    "rates compute --year 2025 --set threshold_bp=300",
    "rates compute --year 2026 --existing 1.69",
    "rates compute --year 2027 --existing 4.08",
    "rates table",
    "columns",
    *(f"columns {name}" for name in ("deposits", "transactions", "accounts", "participants", "customers", "interest")),
)

REFUSED: Final = (
    "quote interest --received 2024-01-01 --through 2025-01-01",
    "quote interest --principal 1,000.00 --received 2024-01-01 --through 2025-01-01",
    "quote interest --principal 5.00 --received 2024-02-30 --through 2025-01-01",
    "quote interest --principal 5.00 --received 2024-01-02 --through 2024-01-01",
    "quote interest --principal 5.00 --received 1989-12-31 --through 1990-01-02",
    f"{INTEREST} --rate 101",
    f"{INTEREST} --rate 6 --rates r.csv",
    f"{INTEREST} --rates no-such-file.csv",
    f"{INTEREST} --service water",
    f"{INTEREST} --set day_count",
    f"{INTEREST} --set day_count=actual_365 --set day_count=actual_360",
    f"{INTEREST} 5.00",
    f"{INTEREST} --principle 5.00",
    f"{UNCLAIMED} --kind gift",
    f"{UNCLAIMED} --owed -1",
    f"{UNCLAIMED} --service-ended 2022-02-28 --remitted 2022-02-27",
    f"{UNCLAIMED} --kind construction_advance --service-ended 2021-01-01 --paid 2022-02-28",
    "quote unclaimed --principal 5.00 --received 1989-12-31 --through 2020-01-01",
    "quote deposit-limit",
    "quote deposit-limit --monthly-bills 5.00,6.00,7.00",
    f"{LIMIT} --monthly-bills 5.00",
    f"{LIMIT} --estimate monthly_average",
    "quote deposit-limit --estimate monthly_average --monthly-bills 5.00,6.00",
    "quote deposit-limit --estimate monthly_average --monthly-bills 5.00,x",
    f"{LIMIT} --estimate weekly",
    f"{LIMIT} --estimate average_daily --set estimate=peak_consecutive",
    "quote deposit-limit --billed 5.00 --billed-days 0",
    "quote deposit-limit --billed 5.00 --billed-days 30 --good-payment-ended 2026-01-01",
    f"{LIMIT} --late-payments -1",
    f"{CREDIT} --household-size 31",
    f"{CREDIT} --share 50",
    f"{CREDIT} --share 101",
    f"{CREDIT} --service gas --primary-heating other",
    f"{CREDIT} --arrearage 5000.00 --arrearage-copay 5000.00",
    f"{CREDIT} --county 8031",
    "rates compute --year 1900",
    "rates compute --year 2024 --existing x",
)
