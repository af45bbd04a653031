"""Adding a jurisdiction from data alone: an invented one at every door, the template, and what the checker says."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import calc
from calc import cli
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.rates.ruled.checking import check_folder
from tests.jurisdictions.series_of_twin import daily
from tests.reference import jurisdictions as twin
from tests.rules.data_folder import DataFolder

TEMPLATE = "templates/jurisdiction"
CITED = """[cited]
effective_from = 1990-01-01
confirmed_from = 2026-01-01
citation = "Zenda Code 1"
reading = "unquoted"
"""
ZENDA = {
    "jurisdiction.toml": 'name = "Zenda"\nrule = "Zenda Code 1"\n',
    "rate_rule.toml": CITED
    + """
[[method]]
value = "first_business_day"
[[period]]
value = "quarter"
[[series]]
value = "treasury_1y_daily"
[[window_starts_months_before]]
value = 1
[[window_months]]
value = 1
[[multiplier_ppm]]
value = 500000
[[step_bp]]
value = 25
[[floor_bp]]
value = 50
[[cap_bp]]
value = 250
""",
    "published_rates.csv": "effective_from,rate_percent,known_on,publisher,where_published,quote,note\n"
    "2024-04-01,2.00,2024-03-20,the Crown,a letter,,\n",
    "deposit_interest.toml": CITED
    + """
[[day_count]]
value = "actual_actual"
[[day_ends]]
value = "start_included_end_excluded"
[[rounding_mode]]
value = "half_up"
[[least_principal_cents]]
value = 1000
[[holding_months]]
value = 1
[[holding_from_first_day]]
value = false
[[rate_steps]]
value = [{ after_months = 6, rate_ppm = 36600 }]
[[stops_at_termination]]
value = true
""",
    "deposit_limit.toml": CITED + '\n[[limits]]\nvalue = [{ method = "days", days = 60 }]\n',
    "unclaimed.toml": CITED
    + """
[[dormancy_months]]
value = 36
[[payees]]
value = [
    { name = "the poor", share_ppm = 333333 },
    { name = "the Crown", share_ppm = 333334 },
    { name = "the finder", share_ppm = 333333 },
]
""",
}


def added(shipped_data: DataFolder) -> None:
    for name, text in ZENDA.items():
        shipped_data.write(f"rules/us-zz/{name}", text)
    shipped_data.seal()


def printed(capsys: pytest.CaptureFixture[str], line: str) -> Any:  # noqa: ANN401 - whatever the command prints
    with pytest.raises(SystemExit) as raised:
        cli.main([*line.split(), "--json"])
    out, err = capsys.readouterr()
    assert (raised.value.code, err) == (0, "")
    return json.loads(out)


def test_it_is_listed_and_its_rates_are_those_of_the_twin(
    shipped_data: DataFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    added(shipped_data)
    (listed,) = (each for each in printed(capsys, "jurisdictions") if each["id"] == "us-zz")
    assert listed["rules"] == ["rate_rule", "deposit_interest", "deposit_limit", "unclaimed"]
    series = daily("series/treasury_1y_daily")
    for shown in printed(capsys, "rates compute --year 2023 --jurisdiction us-zz")["periods"]:
        start = date.fromisoformat(shown["effective_from"])
        look_up = date(start.year - (start.month == 1), (start.month - 2) % 12 + 1, 1)
        known = min(day for day in series if day >= look_up)
        expected, _ = twin.rate_percent(
            series[known], multiplier=Fraction(1, 2), step=Fraction(1, 4), floor=Fraction(1, 2), cap=Fraction(5, 2)
        )
        assert (Fraction(shown["rate_percent"]), shown["source"]) == (expected, "computed")
    outranked = printed(capsys, "rates compute --year 2024 --quarter 2 --jurisdiction us-zz")
    # 1 March 2024: 4.94; half of it 2.47, nearest quarter 2.50, at most 2.50.
    assert (outranked["rate_percent"], outranked["computed_percent"]) == ("2.00", "2.50")
    assert "the Crown published 2.00, which is in force; the rule gives 2.50" in outranked["note"]


def test_quotes_by_hand(shipped_data: DataFolder, capsys: pytest.CaptureFixture[str]) -> None:
    added(shipped_data)
    # 366.00 received 1 January 2024 earn from 1 February: 60 days at 2.50 % until 1 April (1.50), 91 at 2.00 % until
    # 1 July (1.82), and by the published quarter's end 2.50 % on 1 July alone (0.025), then 3.66 % from 2 July, six
    # months and a day after receipt: 30 days to 1 August (1.098). Together 4.443.
    span = "quote interest --principal 366.00 --received 2024-01-01 --through 2024-08-01 --jurisdiction us-zz --explain"
    found = printed(capsys, span)
    assert (found["interest_cents"], found["days"]) == (4_44, 182)
    assert printed(capsys, span.replace("366.00", "9.99"))["interest_cents"] == 0
    assert printed(capsys, span.replace("08-01", "01-31"))["interest_cents"] == 0
    limit = printed(capsys, "quote deposit-limit --billed 1460.00 --billed-days 365 --jurisdiction us-zz")
    assert limit["limit_cents"] == 240_00  # 1,460.00 / 365 x 60
    span = "quote unclaimed --principal 366.00 --received 2020-01-01 --through 2024-08-01 --jurisdiction us-zz --rate 1"
    unclaimed = printed(capsys, f"{span} --service-ended 2020-03-02")
    # Interest stops when service ends: 30 days from 1 February at 1 % of 366.00, 0.30; 366.30 among three.
    assert (unclaimed["status"], unclaimed["deemed_unclaimed_date"]) == ("unclaimed", "2023-03-03")
    assert (unclaimed["interest_cents"], unclaimed["remittance_cents"]) == (30, 366_30)
    # 122.0999, 122.1002 and 122.0999 rounded down leave two cents: one to the largest share, one to the next named.
    assert [each["amount_cents"] for each in unclaimed["payees"]] == [122_10, 122_11, 122_09]


def test_a_night(shipped_data: DataFolder, tmp_path: Path) -> None:
    added(shipped_data)
    (tmp_path / "deposits.csv").write_text(
        "deposit_id,account_id,service,principal,received_date,paid_date,remitted_date,service_ended_date,"
        "order_payable_date\nD1,A1,gas,366.00,2024-01-01,,,,\n",
        "utf-8",
    )
    out = tmp_path / "out"
    job = NightlyJob(date(2024, 8, 1), str(tmp_path / "deposits.csv"), out, jurisdiction="us-zz", threads=1)
    assert run_nightly(job)["jurisdiction"] == "us-zz"
    assert calc.read_results(out, "deposits").collect()["interest_cents"].to_list() == [4_44]


def test_the_template_is_complete(shipped_data: DataFolder) -> None:
    found = check_folder(shipped_data.root / TEMPLATE)
    assert found.faults == []
    assert len(found.remarks) == 5  # one for each file of cited values


def test_the_template_is_a_jurisdiction(shipped_data: DataFolder, capsys: pytest.CaptureFixture[str]) -> None:
    shipped_data.copy(TEMPLATE, "rules/us-yy")
    shipped_data.seal()
    # The template's window is September to November of the year before, as Kentucky's.
    shown = printed(capsys, "rates compute --year 2017 --jurisdiction us-yy")
    assert (shown["rate_percent"], shown["source"]) == ("0.66", "computed")
    year = "quote interest --principal 100.00 --received 2017-01-01 --through 2018-01-01 --jurisdiction us-yy"
    assert printed(capsys, year)["interest_cents"] == 66


def faults(folder: Path) -> list[str]:
    return [fault.removeprefix(f"{folder}/") for fault in check_folder(folder).faults]


def test_the_checker_names_file_line_and_what_is_missing(tmp_path: Path) -> None:
    for name, text in ZENDA.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert faults(tmp_path) == []
    for name, old, new, expected in (
        ("jurisdiction.toml", 'rule = "Zenda Code 1"\n', "", "jurisdiction.toml, line 1: rule: missing; expected text"),
        ("rate_rule.toml", '[[method]]\nvalue = "first_business_day"\n', "",
         "rate_rule.toml, line 22: method: missing; expected at least one table [[method]]"),
        ("rate_rule.toml", '[[series]]\nvalue = "treasury_1y_daily"\n', "",
         "rate_rule.toml, line 7: method: is first_business_day; missing: [[series]]"),
        ("rate_rule.toml", "treasury_1y_daily", "libor", "rate_rule.toml, line 12: series.value: is libor; expected"),
        ("rate_rule.toml", "first_business_day", "mean_of_months",
         "rate_rule.toml, line 8: method.value: is mean_of_months; the series treasury_1y_daily has figures by day"),
        ("rate_rule.toml", "value = 250", "value = 2.5", 'rate_rule.toml, line 24: cap_bp.value: is "2.5"; expected a'),
        ("rate_rule.toml", 'citation = "Zenda Code 1"\n', "", "rate_rule.toml, line 6: method.citation: missing"),
        ("deposit_interest.toml", "least_principal_cents", "lowest_principal",
         "deposit_interest.toml, line 13: lowest_principal: no such field; expected day_count"),
        ("deposit_interest.toml", "after_months = 6, ", "", "deposit_interest.toml, line 20: rate_steps.value: m"),
        ("unclaimed.toml", "333334", "333335", "unclaimed.toml, line 9: payees: the shares of payees make 1000001"),
        ("deposit_limit.toml", '"days", days', '"weeks", days', 'deposit_limit.toml, line 8: limits.value: is "weeks"'),
        ("published_rates.csv", "2024-04-01", "2024-05-01",
         "published_rates.csv, line 2: effective_from 2024-05-01 does not begin a quarter"),
        ("published_rates.csv", "2.00", "2,00", "published_rates.csv, line 2: expected 7 values"),
    ):  # fmt: skip
        text = ZENDA[name]
        assert text.count(old) >= 1, old
        (tmp_path / name).write_text(text.replace(old, new, 1), "utf-8")
        found = faults(tmp_path)
        (tmp_path / name).write_text(text, "utf-8")
        assert found, old
        assert found[0].startswith(expected), found


def test_every_fault_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rate_rule.toml").write_text(CITED + '\n[[period]]\nvalue = "month"\n[[speed]]\nvalue = 1\n', "utf-8")
    (tmp_path / "notes.txt").write_text("", "utf-8")
    with pytest.raises(SystemExit) as raised:
        cli.main(["jurisdictions", "check", str(tmp_path)])
    out, err = capsys.readouterr()
    assert raised.value.code == 3
    assert [line.removeprefix(f"{tmp_path}/").partition(";")[0] for line in out.splitlines()] == [
        "jurisdiction.toml: missing",
        "deposit_interest.toml: missing",
        "notes.txt: no such file in a jurisdiction's folder",
        "rate_rule.toml, line 9: speed: no such field",
        "rate_rule.toml, line 10: method: missing",
        'rate_rule.toml, line 8: period.value: is "month"',
    ]
    assert "6 to put right" in err
    with pytest.raises(SystemExit) as raised:
        cli.main(["jurisdictions", "check", str(tmp_path / "none")])
    assert raised.value.code == 3
    assert "no such folder" in capsys.readouterr().err


def test_every_shipped_jurisdiction_passes(shipped_data: DataFolder) -> None:
    folders = [each for each in (shipped_data.root / "rules").iterdir() if each.name != "us-co"]
    assert len(folders) >= 10
    assert {each.name: check_folder(each).faults for each in folders if check_folder(each).faults} == {}
