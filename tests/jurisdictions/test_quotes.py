"""Quotes under other jurisdictions' rules: each figure worked out by hand in the comment above it."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from calc import cli

MUNICIPAL = "effective_from,rate_percent\n2014-01-01,0.13\n2015-01-01,0.12\n2016-01-01,0.32\n2017-01-01,0.61\n"


def quote(capsys: pytest.CaptureFixture[str], *line: str) -> dict[str, Any]:
    with pytest.raises(SystemExit) as raised:
        cli.main(["quote", *line, "--json"])
    out, err = capsys.readouterr()
    assert (raised.value.code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def refused(capsys: pytest.CaptureFixture[str], *line: str) -> tuple[Any, str]:
    with pytest.raises(SystemExit) as raised:
        cli.main(["quote", *line])
    out, err = capsys.readouterr()
    assert out == ""
    return raised.value.code, err


def interest(
    capsys: pytest.CaptureFixture[str], jurisdiction: str, principal: str, received: str, through: str, *more: str
) -> dict[str, Any]:
    span = ["--principal", principal, "--received", received, "--through", through]
    return quote(capsys, "interest", "--jurisdiction", jurisdiction, *span, *more)


CASES: Sequence[tuple[tuple[str, ...], int]] = (
    # Mississippi: 150.00 at 0.97 % for 292 of 365 days, 1.39 %, 2.77 %, 3.92 % for 74 of 366 days:
    # 116.4 + 208.5 + 415.5 + 118.885 cents are 859.285.
    (("us-ms", "150.00", "2021-03-15", "2024-03-15"), 8_59),
    # Kentucky: 300.00 at 0.37 % for 184 of 366 days, 0.66 %, 1.41 % for 181 of 365 days: 55.803 + 198 + 209.762 are
    # 463.565.
    (("us-ky", "300.00", "2016-07-01", "2018-07-01"), 4_64),
    # Connecticut: an index of 0.27 rounds to 0.3 and is at least 1.5: 400.00 earn 6.00 in a year.
    (("us-ct", "400.00", "2023-01-01", "2024-01-01"), 6_00),
    # The notice of 1 July stops it: 181 of 365 days are 2.9753.
    (("us-ct", "400.00", "2023-01-01", "2024-01-01", "--stop", "2023-07-01"), 2_98),
    # New Hampshire, percent times days: (3.25 x 46 + 4 x 92 + 5.5 x 92 + 7 x 90 + 7.75 x 91 + 8.25 x 92 + 8.5 x 92)
    # / 365 = 3899.75 / 365 = 10.68425; 8.5 x 213 / 366 = 4.94672; 15.63097 % of 250.00 are 39.077.
    (("us-nh", "250.00", "2022-05-16", "2024-08-01"), 39_08),
    # Minnesota: nothing on 20.00 or less; 20.01 at 0.2 % and 4.7 %, a year each: 4.002 + 94.047 cents.
    (("us-mn", "20.00", "2022-01-01", "2024-01-01"), 0),
    (("us-mn", "20.01", "2022-01-01", "2024-01-01"), 98),
    # Florida: six months from 10 January are 10 July, 182 of 366 days at 2 %: 2.9836.
    (("us-fl", "300.00", "2024-01-10", "2024-07-09"), 0),
    (("us-fl", "300.00", "2024-01-10", "2024-07-10"), 2_98),
    # A non-residential deposit earns 3 % from the day after 23 months, 2 December 2022: 1,000.00 earn 20.00 in 2021;
    # in 2022 335 days at 2 % (18.3562) and 30 at 3 % (2.4658), 40.822 in all. Residential: 40.00.
    (("us-fl", "1000.00", "2021-01-01", "2023-01-01", "--class", "non_residential"), 40_82),
    (("us-fl", "1000.00", "2021-01-01", "2023-01-01"), 40_00),
    # Massachusetts' municipal light plants, simple: 0.6553 (184 of 365 days at 0.13 %) + 1.20 + 3.20 + 3.0249 (181 of
    # 365 days at 0.61 %) = 8.0802.
    (("us-ma-municipal", "1000.00", "2014-07-01", "2017-07-01"), 8_08),
    # Held until 1 January 2015, six months and no longer: nothing; a day longer 184 days at 0.13 and one at 0.12 %.
    (("us-ma-municipal", "1000.00", "2014-07-01", "2015-01-01"), 0),
    (("us-ma-municipal", "1000.00", "2014-07-01", "2015-01-02"), 66),
    # Virginia: the 90th day after 10 January 2024 is 9 April; 91 of 366 days at 5.38 %: 1,000.00 earn 13.3765.
    (("us-va", "1000.00", "2024-01-10", "2024-04-09"), 0),
    (("us-va", "1000.00", "2024-01-10", "2024-04-10"), 13_38),
    # A utility that its customers own pays 75 % of the rate: 10.0324.
    (("us-va", "1000.00", "2024-01-10", "2024-04-10", "--tariff", "customer-owned"), 10_03),
    # Maryland: the same formula; 1,000.00 at 5.38 % in 2024.
    (("us-md", "1000.00", "2024-01-01", "2025-01-01"), 53_80),
)


@pytest.mark.parametrize(("line", "cents"), CASES)
def test_interest_by_hand(line: tuple[str, ...], cents: int, capsys: pytest.CaptureFixture[str]) -> None:
    found = interest(capsys, *line)
    assert found["interest_cents"] == cents
    assert found["provenance"]["jurisdiction"] == line[0]


def test_interest_becomes_principal_each_31_december(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: ANN401 - a path
    # 1,000.00 at 0.13 % for 184 days: 0.6553 -> 0.66; 1,000.66 x 0.12 % = 1.2008 -> 1.20; 1,001.86 x 0.32 % = 3.2060
    # -> 3.21; 1,005.07 x 0.61 % x 181 / 365 = 3.0403 -> 3.04; together 8.11.
    file = tmp_path / "rates.csv"
    file.write_text(MUNICIPAL, "utf-8")
    found = interest(capsys, "us-ma", "1000.00", "2014-07-01", "2017-07-01", "--rates", str(file), "--explain")
    assert found["interest_cents"] == 8_11
    parts = [step["figures"]["part_cents"] for step in found["steps"] if "part_cents" in step["figures"]]
    assert parts == [66, 1_20, 3_21, 3_04]
    assert {each["citation"]["rule"] for step in found["steps"] for each in step["parameters"]} == {"220 CMR 26.09"}


def test_a_switch_that_every_jurisdiction_leaves_open_acts(capsys: pytest.CaptureFixture[str]) -> None:
    # A leap year at 2 % of 1,000.00: 20.00; by 365 days 20.0548, by 360 days 20.333.
    line = ("us-fl", "1000.00", "2024-01-01", "2025-01-01")
    assert interest(capsys, *line, "--set", "day_count=actual_365")["interest_cents"] == 20_05
    assert (
        interest(capsys, *line, "--set", "day_count=actual_360", "--set", "rounding_mode=up")["interest_cents"] == 20_34
    )
    assert interest(capsys, *line, "--set", "day_ends=both")["interest_cents"] == 20_05  # 366/366 and 1/365
    others = interest(capsys, *line, "--sensitivities")["sensitivities"]
    assert {each["switch"] for each in others} == {"day_count", "day_ends", "rounding_mode"}


def test_unclaimed_in_new_hampshire(capsys: pytest.CaptureFixture[str]) -> None:
    # 250.00 + 39.08 = 289.08; 85 % are 245.718, 15 % 43.362: 245.71 + 43.36 leave a cent to the larger share.
    span = ["--principal", "250.00", "--received", "2022-05-16", "--through", "2024-08-01"]
    found = quote(capsys, "unclaimed", "--jurisdiction", "us-nh", *span, "--service-ended", "2023-05-01", "--explain")
    assert (found["status"], found["deemed_unclaimed_date"]) == ("unclaimed", "2024-05-02")
    assert (found["remittance_cents"], found["surcharge_interest_cents"]) == (289_08, 0)
    assert found["payees"] == [
        {"payee": "a certified assistance program", "share_ppm": 850_000, "amount_cents": 245_72},
        {"payee": "the administrator", "share_ppm": 150_000, "amount_cents": 43_36},
    ]
    # Debts are lawful deductions: 289.08 - 100.00 = 189.08; 160.718 and 28.362.
    owing = quote(
        capsys, "unclaimed", "--jurisdiction", "us-nh", *span, "--service-ended", "2023-05-01", "--owed", "100.00"
    )  # fmt: skip
    assert [each["amount_cents"] for each in owing["payees"]] == [160_72, 28_36]
    waiting = quote(capsys, "unclaimed", "--jurisdiction", "us-nh", *span, "--service-ended", "2023-08-01")
    assert (waiting["status"], waiting["deemed_unclaimed_date"]) == ("waiting", "2024-08-02")
    assert [each["amount_cents"] for each in waiting["payees"]] == [0, 0]


BILLS = "100.00,50.00,40.00,30.00,20.00,10.00,10.00,20.00,30.00,40.00,50.00,90.01"  # 490.01


@pytest.mark.parametrize(
    ("jurisdiction", "more", "limit"),
    [
        ("us-ms", ["--monthly-bills", BILLS], 40_83),  # a twelfth, 40.834
        ("us-ms", ["--monthly-bills", BILLS, "--class", "non_residential"], 190_01),  # 100.00 + 90.01
        ("us-ct", ["--monthly-bills", BILLS], 190_00),  # 100.00 + 50.00 + 40.00 in a row
        ("us-fl", ["--monthly-bills", BILLS], 81_66),  # 81.668
        ("us-ky", ["--billed", "1460.00", "--billed-days", "365"], 243_33),  # 243.333
        ("us-md", ["--billed", "24.00", "--billed-days", "365"], 5_00),  # 4.00, but at least 5.00
        ("us-va", ["--monthly-bills", BILLS, "--held", "100.00"], 81_66),
    ],
)
def test_limits(jurisdiction: str, more: list[str], limit: int, capsys: pytest.CaptureFixture[str]) -> None:
    found = quote(
        capsys, "deposit-limit", "--jurisdiction", jurisdiction, *more, "--applied", "2026-09-30", "--explain"
    )
    assert found["limit_cents"] == limit
    assert found["excess_cents"] == max(0, found["held_cents"] - limit)
    assert (found["may_ask"], found["barred"], found["return_due"]) == ("not_checked", [], None)


@pytest.mark.parametrize(
    ("billed", "limit", "source"),
    [
        (["--billed", "50.00", "--billed-days", "365"], 8_33, "account"),  # two twelfths of the account's own 50.00
        (["--class-billed", "600.00", "--class-billed-days", "365"], 100_00, "class"),
    ],
)
def test_too_few_monthly_bills_give_way_to_another_bill(
    billed: list[str], limit: int, source: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # One bill is too few for two average months: two twelfths of a year's bill take its place, whoever's it is.
    line = ["deposit-limit", "--jurisdiction", "us-fl", "--monthly-bills", "70.00", *billed, "--applied", "2026-09-30"]
    found = quote(capsys, *line, "--explain")
    assert (found["limit_cents"], found["estimate_source"]) == (limit, source)


SPAN = "interest --principal 1.00 --received 2018-07-01 --through 2018-08-01 --jurisdiction"
HOUSEHOLD = "--primary-heating electric --income 1.00 --household-size 3 --annual-bill 1.00"


@pytest.mark.parametrize(
    ("line", "code", "expected"),
    [
        (f"{SPAN} us-xx", 2, "us-ms"),
        (f"{SPAN} us-ma", 7, "--rates"),
        (f"{SPAN} us-ct", 7, "no rate is in force"),
        (f"{SPAN} us-fl --tariff example", 2, "us-fl has no tariff example; expected one of default"),
        (f"{SPAN} us-fl --set threshold_bp=3", 2, "switch threshold_bp is none of us-fl's rules"),
        (f"{SPAN} us-fl".replace("interest", "unclaimed"), 2, "us-fl has no rule for unclaimed"),
        ("deposit-limit --billed 1.00 --billed-days 365 --jurisdiction us-mn", 2, "no rule for deposit limit"),
        ("deposit-limit --billed 1.00 --billed-days 300 --jurisdiction us-ky", 2, "twelve of them, or --billed of a"),
        (f"fixed-credit --service electric {HOUSEHOLD} --jurisdiction us-fl", 2, "us-fl has no rule for fixed credit"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_says_why(
    line: str, code: int, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found, err = refused(capsys, *line.split())
    assert found == code
    assert expected in err
