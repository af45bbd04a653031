"""Refusals of quotes: exit code, the option named, what to do, and never the value that was given."""

from pathlib import Path

import pytest

from tests.cases.command import puccalc

INTEREST = "interest --principal 200.00 --received 2024-01-01 --through 2025-01-01"
UNCLAIMED = "unclaimed --principal 200.00 --received 2022-03-01 --through 2026-09-30"
LIMIT = "deposit-limit --billed 1460.00 --billed-days 365"
MONTHS = "deposit-limit --estimate monthly_average --monthly-bills"
CREDIT = (
    "fixed-credit --service electric --primary-heating electric --income {income} --household-size 3 "
    "--annual-bill 1800.00 --as-of 2026-10-31"
)
CANARY = "7654321.09"


def refused(words: str, code: int, *texts: str) -> str:
    finished = puccalc(["quote", *words.split()])
    assert (finished.code, finished.out) == (code, "")
    message = " ".join(finished.err.split())
    for text in texts:
        assert text in message, message
    assert "Traceback" not in message
    return message


@pytest.mark.parametrize("value", ["1,000.00", "1e3", "(5.00)", "$5.00", "NaN", "5.", ".5", "0x10", "١٢", "9" * 40])
def test_money_that_is_none(value: str) -> None:
    words = f"interest --principal {value} --received 2024-01-01 --through 2025-01-01"
    assert value not in refused(words, 2, "--principal")


@pytest.mark.parametrize(
    ("value", "why"),
    [("5.005", "more than 2 decimals"), ("-5.00", "below zero"), ("10000000000.01", "lies beyond 10000000000.00")],
)
def test_money_out_of_bounds(value: str, why: str) -> None:
    words = f"interest --principal {value} --received 2024-01-01 --through 2025-01-01"
    assert value not in refused(words, 2, "--principal", why)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("2024-02-30", "not a day of the calendar"),
        ("01/02/2024", "not a date written YYYY-MM-DD"),
        ("1954-12-31", "lies outside 1955-01-01 to 2100-12-31"),
        ("2101-01-01", "lies outside"),
    ],
)
def test_dates(value: str, why: str) -> None:
    refused(f"interest --principal 5.00 --received 2024-01-01 --through {value}", 2, "--through", why)


@pytest.mark.parametrize(
    ("words", "code", "texts"),
    [
        ("interest --received 2024-01-01 --through 2025-01-01", 2, ["Missing option", "--principal"]),
        (f"{INTEREST} --rate 101", 2, ["--rate", "0 to 100"]),
        (f"{INTEREST} --rate -1", 2, ["--rate", "0 to 100"]),
        (f"{INTEREST} --rate 6,5", 2, ["--rate", "plain decimal"]),
        (f"{INTEREST} --rate 6 --rates r.csv", 2, ["--rate and --rates are both given"]),
        (f"{INTEREST} --rates no-such-file.csv", 3, ["no-such-file.csv", "cannot be read"]),
        (f"{INTEREST} --service water", 2, ["--service", "electric, gas"]),
        (f"{INTEREST} --tariff nobody", 2, ["no tariff nobody", "default", "example"]),
        (f"{INTEREST} --tariff nobody.toml", 3, ["nobody.toml"]),
        (f"{INTEREST} --set day_count", 2, ["--set", "SWITCH=VALUE"]),
        (f"{INTEREST} --set daycount=actual_365", 2, ["no switch daycount", "day_count"]),
        (f"{INTEREST} --set day_count=actual", 2, ["day_count", "actual_365"]),
        (f"{INTEREST} --set day_count=actual_365 --set day_count=actual_360", 2, ["day_count", "twice"]),
        (f"{INTEREST} --set day_count=thirty_e_360 --set day_ends=both", 2, ["thirty_e_360", "day_ends"]),
        (
            "interest --principal 5.00 --received 2024-01-02 --through 2024-01-01",
            2,
            ["--through lies before --received"],
        ),
        (f"{INTEREST} 5.00", 2, ["without its option"]),
        (f"{INTEREST} --principle 5.00", 2, ["No such option", "--principle"]),
        (f"{UNCLAIMED} --kind gift", 2, ["--kind", "construction_advance"]),
        (f"{UNCLAIMED} --owed -1", 2, ["--owed", "below zero"]),
        (f"{UNCLAIMED} --paid 2022-02-28", 2, ["--paid", "before --received"]),
        (f"{UNCLAIMED} --service-ended 2022-02-28 --remitted 2022-02-27", 2, ["--remitted and --service-ended"]),
        (f"{UNCLAIMED} --order-payable 2022-02-28", 2, ["--order-payable", "before --received"]),
        (
            f"{UNCLAIMED} --kind construction_advance --service-ended 2021-01-01 --paid 2022-02-28",
            2,
            ["--paid: before"],
        ),
        ("deposit-limit", 2, ["--billed and --billed-days"]),
        ("deposit-limit --monthly-bills 5.00,6.00,7.00", 2, ["with --estimate monthly_average or peak_consecutive"]),
        ("deposit-limit --billed 5.00", 2, ["--billed-days"]),
        (f"{LIMIT} --monthly-bills 5.00", 2, ["no --monthly-bills"]),
        (f"{MONTHS} 5.00,6.00", 2, ["--monthly-bills", "monthly_average", "at least 3"]),
        (f"{MONTHS} 5.00 --in-advance", 2, ["at least 2"]),
        (f"{MONTHS} 5.00,x", 2, ["--monthly-bills", "plain decimal"]),
        (f"{MONTHS} 5.00,6.00,7.00 --billed 5.00", 2, ["no --billed"]),
        (f"{LIMIT} --estimate weekly", 2, ["--estimate", "average_daily"]),
        (f"{LIMIT} --estimate average_daily --set estimate=peak_consecutive", 2, ["--estimate", "differ"]),
        (f"{LIMIT} --good-payment-ended 2026-01-01", 2, ["--applied"]),
        (f"{LIMIT} --assistance-last 2026-01-01", 2, ["--applied"]),
        ("deposit-limit --billed 5.00 --billed-days 0", 2, ["--billed-days", "from 1 through 36600"]),
        (f"{LIMIT} --late-payments -1", 2, ["--late-payments", "from 0 through"]),
    ],
)
def test_refusals(words: str, code: int, texts: list[str]) -> None:
    refused(words, code, *texts)


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        ("interest --principal 5.00 --received 1989-12-31 --through 1990-01-02", ["1990-01-01 through 2027-12-31"]),
        ("interest --principal 5.00 --received 1984-01-01 --through 1985-01-01", ["--received to --through"]),
        ("interest --principal 5.00 --received 2027-12-31 --through 2028-01-02", ["--rate or --rates"]),
        ("unclaimed --principal 5.00 --received 1989-12-31 --through 2020-01-01", ["1990-01-01"]),
    ],
)
def test_days_without_a_rate(words: str, texts: list[str]) -> None:
    refused(words, 7, "no rate is in force", *texts)


def test_rates_of_a_file_end_with_their_year(tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    path.write_text("effective_from,rate_percent\n2024-01-01,1.00\n", "utf-8")
    refused(f"interest --principal 5.00 --received 2024-06-01 --through 2025-01-02 --rates {path}", 7, "2024-12-31")
    path.write_text("from,rate\n2024-01-01,1.00\n", "utf-8")
    refused(f"{INTEREST} --rates {path}", 3, "rates.csv, line 1", "effective_from")


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        ("--share 6.01", ["--share", "electric_heat", "3.00 to 6.00 percent", "3412(e)(I)(A)"]),
        ("--share 6 --regulated-gas", ["electric_heat_with_gas", "3.00 to 5.00 percent"]),
        ("--share 101", ["--share", "0 to 100"]),
        (
            "--arrearage 9.00 --arrearage-copay 76543.22",
            ["--arrearage-copay", "1.00 % of --income", "3412(e)(VII)(C)(ii)"],
        ),
        ("--arrearage-months 25", ["--arrearage-months", "1 through 24"]),
        ("--months-remaining 13", ["--months-remaining", "0 through 12"]),
        ("--household-size 31", ["--household-size", "1 through 30"]),
        ("--household-size 0", ["--household-size"]),
        ("--primary-heating wood", ["--primary-heating", "electric, gas, other"]),
        ("--service gas --primary-heating other", ["--service gas with --primary-heating other", "no share of income"]),
        *((f"--county {text}", ["--county", "five digits", "08031"]) for text in ("8031", "080311", "0803x", "٠٨٠٣١")),
        ("--leap-grant -1.00", ["--leap-grant", "below zero"]),
        ("--as-of 2026-13-01", ["--as-of"]),
        ("--as-of 1989-12-31 --share 7", ["--share"]),
    ],
)
def test_refusals_of_credits_do_not_tell_the_income(words: str, texts: list[str]) -> None:
    message = refused(f"{CREDIT.format(income=CANARY)} {words}", 2, *texts)
    assert not any(part in message for part in ("7654321", "76543"))


@pytest.mark.parametrize(
    "words",
    [
        CREDIT.format(income=f"{CANARY}9"),
        CREDIT.format(income=f"-{CANARY}"),
        CREDIT.format(income=f"{CANARY},00"),
        CREDIT.format(income=f"5 {CANARY}"),
        CREDIT.format(income=CANARY) + f" --household-size {CANARY}",
        CREDIT.format(income=CANARY) + f" --annual-bill x{CANARY}",
        CREDIT.format(income=CANARY) + f" --primary-heating {CANARY}",
        CREDIT.format(income=CANARY) + f" --as-of {CANARY}",
        CREDIT.format(income=CANARY) + f" --share {CANARY}",
        CREDIT.format(income=CANARY).replace("--income ", "--incom "),
        CREDIT.format(income=CANARY).replace("--income ", "--income"),
        CREDIT.format(income=CANARY).replace("--income ", "--incom="),
        CREDIT.format(income=CANARY).replace("--household-size 3", ""),
        CREDIT.format(income=CANARY) + " --json --explain --tariff nobody",
        CREDIT.format(income=CANARY) + " --debug --share 7",
        CREDIT.format(income=CANARY) + f" --set {CANARY}",
    ],
)
def test_no_failing_call_repeats_the_income(words: str) -> None:
    finished = puccalc(["quote", *words.split()])
    assert finished.code in {2, 3}
    assert not any(part in finished.out + finished.err for part in ("7654321", "76543"))
