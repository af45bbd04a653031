"""Percentage-of-income plans of other jurisdictions at every door: each figure worked out by hand beside it."""

import json
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

import calc
from calc import cli
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.errors import DataError, InputError
from calc.program.credits import months_of
from calc.rates.ruled.checking import check_folder
from calc.report.explaining.step import Law, as_dicts
from calc.rules.resolve import load_rules
from calc.topics.table import TOPICS
from calc.topics.topic import Question
from tests.api.client import Service, problem
from tests.columns.test_income_plans import events_of, household
from tests.jurisdictions.test_quotes import refused
from tests.rules.data_folder import DataFolder

SERVICE = Service()
ON = "2026-10-31"
VIRGINIA = {
    "jurisdiction": "us-va", "service": "electric", "primary_heating": "electric", "household_income_cents": 12_000_00,
    "household_size": 1, "full_annual_bill_cents": 3_600_00, "arrearage_cents": 1_200_00, "as_of_date": ON,
}  # fmt: skip
"""Income 1,000.00 a month, bill 300.00, debt 1,200.00, electric heat: pays 100.00; credited 200.00 and 100.00."""


def quote(capsys: pytest.CaptureFixture[str], *line: str) -> dict[str, Any]:
    with pytest.raises(SystemExit) as raised:
        cli.main(["quote", *line, "--json"])
    out, err = capsys.readouterr()
    assert raised.value.code == 0, err
    assert "who may take part is not screened" in err
    found: dict[str, Any] = json.loads(out)
    return found


def credit(
    capsys: pytest.CaptureFixture[str], jurisdiction: str, income: str, bill: str, *more: str, heat: str = "gas"
) -> dict[str, Any]:
    household = ("--primary-heating", heat, "--household-size", "2", "--as-of", ON, "--jurisdiction", jurisdiction)
    return quote(capsys, "fixed-credit", *household, "--income", income, "--annual-bill", bill, *more)


def test_virginia(capsys: pytest.CaptureFixture[str]) -> None:
    more = ("--service", "electric", "--arrearage", "1200.00")
    found = credit(capsys, "us-va", "12000.00", "3600.00", *more, heat="electric")
    assert (found["share_ppm"], found["affordable_annual_cents"]) == (100_000, 1_200_00)
    assert found["monthly_credit_cents"] == [200_00] * 12
    assert found["arrearage_credit_cents"] == [100_00] * 12
    assert (found["eligible"], found["eligible_basis"], found["guideline_year"]) == (False, "none", None)
    assert found["tests_dropped"] == "fpl_200,ami_80,leap"
    # Six percent without electric heat: 60.00 a month.
    found = credit(capsys, "us-va", "12000.00", "3600.00", "--service", "electric")
    assert (found["affordable_annual_cents"], found["monthly_credit_cents"][0]) == (720_00, 240_00)


@pytest.mark.parametrize(
    ("income", "bill", "more", "heat", "payment_cents", "credit_cents"),
    [
        # 5 % of 1,500.00 a month are 75.00 to each of two utilities; 10 % where the home is all electric.
        ("18000.00", "2400.00", ("--service", "electric", "--regulated-gas"), "gas", 900_00, 1_500_00),
        ("18000.00", "2400.00", ("--service", "gas"), "gas", 900_00, 1_500_00),
        ("18000.00", "2400.00", ("--service", "electric"), "electric", 1_800_00, 600_00),
        ("18000.00", "2400.00", ("--service", "electric", "--regulated-gas"), "electric", 900_00, 1_500_00),
        # 5 % of 200.00 and less are raised to 10.00; of 200.19 they are 10.0095, rounded down.
        ("2400.00", "2400.00", ("--service", "gas"), "gas", 120_00, 2_280_00),
        ("2402.28", "2400.00", ("--service", "gas"), "gas", 120_00, 2_280_00),
        ("0.00", "2400.00", ("--service", "gas"), "other", 120_00, 2_280_00),
        # Every month is rounded down: 5 % of 10,000.00 / 12 are 41.66...; 12 x 41.66 are 499.92, not 500.00.
        ("10000.00", "2400.00", ("--service", "gas"), "gas", 499_92, 1_900_08),
    ],
)
def test_ohio(
    capsys: pytest.CaptureFixture[str],
    income: str,
    bill: str,
    more: tuple[str, ...],
    heat: str,
    payment_cents: int,
    credit_cents: int,
) -> None:
    found = credit(capsys, "us-oh", income, bill, *more, heat=heat)
    assert (found["affordable_annual_cents"], found["fixed_credit_annual_cents"]) == (payment_cents, credit_cents)


@pytest.mark.parametrize(
    ("bill", "grant", "credits_of_a_month"),
    [
        # 2 % of 1,500.00 are 30.00. Bills of 75.00, 33.00, 30.00, 210.00 and 400.00 a month.
        ("900.00", "0.00", 45_00),
        ("396.00", "0.00", 5_00),  # 3.00, raised
        ("360.00", "0.00", 0),  # none, and nothing is raised
        ("2520.00", "0.00", 180_00),
        ("4800.00", "0.00", 180_00),  # 370.00, cut
        # A grant of 240.00 leaves 75.00 of 95.00; 744.00 leave 33.00; 780.00 leave the share.
        ("1140.00", "240.00", 45_00),
        ("1140.00", "744.00", 5_00),
        ("1140.00", "780.00", 0),
    ],
)
def test_new_jersey(capsys: pytest.CaptureFixture[str], bill: str, grant: str, credits_of_a_month: int) -> None:
    found = credit(capsys, "us-nj", "18000.00", bill, "--service", "gas", "--leap-grant", grant)
    assert found["monthly_credit_cents"] == [credits_of_a_month] * 12
    assert found["program_credit_annual_cents"] == 12 * credits_of_a_month
    shares = ("leap_to_unaffordable_cents", "leap_to_account_cents")
    assert sum(found[name] for name in shares) == int(grant.replace(".", ""))
    assert found["leap_to_arrearage_cents"] == 0


def test_new_jersey_leaves_old_debt_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """A grant above the bill's excess is not turned to the debt; electricity that heats the home takes 4 %."""
    more = ("--service", "electric", "--leap-grant", "900.00", "--arrearage", "100.00")
    found = credit(capsys, "us-nj", "18000.00", "900.00", *more, heat="electric")
    assert (found["affordable_annual_cents"], found["leap_to_unaffordable_cents"]) == (720_00, 180_00)
    assert (found["leap_to_arrearage_cents"], found["leap_to_account_cents"]) == (0, 720_00)
    assert found["arrearage_credit_cents"] == []


def test_nevada(capsys: pytest.CaptureFixture[str]) -> None:
    """1,500.00 less 2.73 % of 12,345.67, 337.036791 rounded down: 1,162.97 a year."""
    found = credit(capsys, "us-nv", "12345.67", "1500.00", "--service", "electric", "--share", "2.73")
    assert (found["affordable_annual_cents"], found["fixed_credit_annual_cents"]) == (337_03, 1_162_97)
    assert sum(found["monthly_credit_cents"]) == 1_162_97
    household = ("--service", "electric", "--primary-heating", "gas", "--household-size", "2", "--income", "1.00")
    line = ("fixed-credit", *household, "--annual-bill", "2.00", "--jurisdiction", "us-nv", "--as-of", ON)
    code, err = refused(capsys, *line)
    assert code == 2
    assert err == "Error: us-nv leaves the share of income to be set: give --share, or a tariff that sets it\n"


def test_the_share_that_is_set_for_a_year_is_a_tariff(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """As in the quote with --share: 1,162.97 of 1,500.00 at 2.73 %. What the rules set themselves no tariff sets."""
    path = tmp_path / "state-year-2027.toml"
    path.write_text('title = "Made-up: share of a state year"\nshare_ppm = 27300\n', "utf-8")
    more = ("--service", "electric", "--tariff", str(path))
    found = credit(capsys, "us-nv", "12345.67", "1500.00", *more, "--explain")
    assert (found["share_ppm"], found["fixed_credit_annual_cents"]) == (27_300, 1_162_97)
    assert found["tariff"] == "state-year-2027.toml"
    assert "by the tariff state-year-2027.toml" in found["steps"][0]["formula"]
    path.write_text('title = "Made-up"\nshare_ppm = 1000001\n', "utf-8")
    with pytest.raises(DataError, match="share_ppm: is 1000001; expected 0 through 1000000"):
        load_rules(date(2026, 1, 1), jurisdiction="us-nv", tariff=str(path))
    path.write_text('title = "Made-up"\nshare_ppm = 60000\n', "utf-8")
    with pytest.raises(DataError, match="share_ppm: is given; us-va has no share of income that a tariff sets"):
        load_rules(date(2026, 1, 1), jurisdiction="us-va", tariff=str(path))
    path.write_text('title = "Made-up"\n', "utf-8")
    with pytest.raises(DataError, match="title: chooses nothing; expected rate_share_bp or share_ppm beside it"):
        load_rules(date(2026, 1, 1), jurisdiction="us-va", tariff=str(path))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--service", "gas"), "us-va has no share of income for --service gas"),
        (("--service", "electric", "--share", "6"), "--share is not the share that us-va sets: leave it out"),
        (("--service", "electric", "--arrearage", "9.00", "--arrearage-months", "6"), "leave both out"),
        (("--service", "electric", "--arrearage", "9.00", "--arrearage-copay", "0.01"), "leave both out"),
    ],
)
def test_what_a_plan_refuses(capsys: pytest.CaptureFixture[str], more: tuple[str, ...], told: str) -> None:
    household = ("--primary-heating", "electric", "--household-size", "2", "--income", "12000.00")
    line = ("fixed-credit", *household, "--annual-bill", "3600.00", "--jurisdiction", "us-va", "--as-of", ON)
    code, err = refused(capsys, *line, *more)
    assert code == 2
    assert told in err
    assert "12000" not in err


def test_what_is_missed_is_withheld(capsys: pytest.CaptureFixture[str]) -> None:
    """Virginia: the debt's credit waits a month, the bill's is given. Ohio: neither is given, 300.00 are to be paid."""
    household = ("--service", "electric", "--primary-heating", "electric", "--income", "12000.00")
    bills = (
        "--annual-bill",
        "3600.00",
        "--arrearage",
        "1200.00",
        "--first-bill",
        "2026-01-15",
        "--household-size",
        "1",
    )
    events = ("--event", "2026-03-20,missed_payment", "--event", "2026-06-01,partial_payment,20.00")
    line = ("participant-year", *household, *bills, *events, "--as-of", "2026-12-31", "--jurisdiction")
    months = quote(capsys, *line, "us-va")["months"]
    withheld = {4, 6}
    assert [each["arrearage_credit_cents"] for each in months] == [
        0 if number in withheld else 100_00 for number in range(1, 13)
    ]
    assert {each["planned_payment_cents"] for each in months} == {100_00}
    assert months[-1]["arrearage_outstanding_cents"] == 200_00
    # Ohio: a twenty-fourth of 1,200.00 is 50.00; 10 % of 1,000.00 are 100.00.
    months = quote(capsys, *line, "us-oh")["months"]
    assert [each["arrearage_credit_cents"] for each in months] == [
        0 if number in withheld else 50_00 for number in range(1, 13)
    ]
    assert [each["planned_payment_cents"] for each in months] == [
        300_00 if number in withheld else 100_00 for number in range(1, 13)
    ]


def test_the_working_cites_the_plan(capsys: pytest.CaptureFixture[str]) -> None:
    more = ("--service", "electric", "--arrearage", "1200.00", "--explain")
    found = credit(capsys, "us-va", "12000.00", "3600.00", *more, heat="electric")
    cited = {each["name"]: each["citation"] for step in found["steps"] for each in step["parameters"]}
    assert {"shares", "income_base", "arrearage_months", "arrearage_condition"} <= set(cited)
    assert {(each["rule"], each["reading"], each["quote"]) for each in cited.values()} == {
        ("Va. Code 56-585.6", "unquoted", "")
    }


@pytest.mark.parametrize("jurisdiction", ["us-oh", "us-va", "us-nj", "us-nv"])
def test_the_working_of_random_households_leads_to_their_results(jurisdiction: str) -> None:
    """Steps raise where they come to other figures than the kernel."""
    random = Random(jurisdiction)  # noqa: S311 - rows, not secrets
    as_of = date(2026, 12, 31)
    question = Question(Law(load_rules(as_of, jurisdiction=jurisdiction), "electric"), as_of)
    for number in range(60):
        row = household(random, number, ("electric",))
        row |= {"leap_grant_cents": random.choice((0, random.randint(0, 400_000)))}
        row |= {"share_ppm": 50_000} if jurisdiction == "us-nv" else {}
        given = {name: value for name, value in row.items() if value is not None}
        year = {**given, "first_bill_date": date(2026, 1, 15), "events": []}
        events = events_of(random, year)
        year["events"] = [{name: each[name] for name in ("date", "kind", "amount_cents", "word")} for each in events]
        for topic, asked in (("fixed-credit", given), ("participant-year", year)):
            (outcome,) = TOPICS[topic].outcomes([asked], question)
            assert outcome.result is not None
            assert as_dicts(TOPICS[topic].steps(outcome, question))


def test_by_the_service_and_its_page() -> None:
    found = SERVICE.post("/v1/quotes/fixed-credit", {**VIRGINIA, "explain": True}).json()
    assert (found["monthly_credit_cents"], found["arrearage_credit_cents"]) == ([200_00] * 12, [100_00] * 12)
    assert (found["eligible"], found["tests_dropped"]) == (False, "fpl_200,ami_80,leap")
    year = {**VIRGINIA, "first_bill_date": "2026-01-15", "events": [{"date": "2026-03-20", "kind": "missed_payment"}]}
    found = SERVICE.post("/v1/quotes/participant-year", year).json()
    assert found["year_arrearage_credit_cents"] == 1_100_00
    row = {key: value for key, value in VIRGINIA.items() if key != "jurisdiction"}
    batch = SERVICE.post("/v1/batches/fixed-credit", {"jurisdiction": "us-va", "rows": [row]}).json()
    assert batch["results"][0]["result"]["monthly_credit_cents"] == [200_00] * 12
    answer = SERVICE.post("/v1/quotes/fixed-credit", {**VIRGINIA, "service": "gas"})
    assert problem(answer, 422, "refused-by-rules")[0]["code"] == "no_rule_band"
    page = SERVICE.get("/calculators/fixed-credit").text
    assert '<option value="us-oh"' in page
    assert '<option value="us-ms"' not in page
    assert '<option value="us-oh"' not in SERVICE.get("/calculators/interest").text


def test_in_a_night_and_a_notebook(tmp_path: Path) -> None:
    rows = pl.DataFrame(
        {
            "participant_id": ["P1", "P2"], "account_id": ["A1", "A2"], "service": ["electric", "gas"],
            "primary_heating": ["electric", "gas"], "regulated_gas": [False, True],
            "household_income_cents": [12_000_00, 12_000_00], "household_size": [1, 1], "county_fips": [None, None],
            "leap_qualified": [False, True], "full_annual_bill_cents": [3_600_00, 3_600_00],
            "arrearage_cents": [1_200_00, 0], "first_bill_date": [date(2026, 1, 15), None],
        },
        schema_overrides={"county_fips": pl.String},
    )  # fmt: skip
    rows.write_parquet(tmp_path / "participants.parquet")
    job = NightlyJob(
        as_of=date(2026, 12, 31), deposits=None, participants=str(tmp_path / "participants.parquet"),
        out=tmp_path / "out", jurisdiction="us-oh", threads=1,
    )  # fmt: skip
    manifest = run_nightly(job)
    found = calc.read_results(job.out, "participants").collect().rows(named=True)
    # All electric: 100.00 of 300.00 are paid; gas: 5 % are 50.00.
    assert [row["monthly_credit_cents"] for row in found] == [[200_00] * 12, [250_00] * 12]
    assert [row["eligible_basis"] for row in found] == ["none", "none"]  # though LEAP helps the second
    months = calc.read_results(job.out, "participant_months").collect().rows(named=True)
    assert [row["arrearage_credit_cents"] for row in months] == [50_00] * 12
    assert manifest["jurisdiction"] == "us-oh"
    with pytest.raises(InputError, match="is a night of us-oh: books and report are those of Colorado's program"):
        months_of([job.out], 2026)
    results, _ = calc.fixed_credit(rows, as_of=ON, jurisdiction="us-oh")
    assert results["monthly_credit_cents"].to_list() == [[200_00] * 12, [250_00] * 12]


def test_deposits_have_no_rule_in_ohio(capsys: pytest.CaptureFixture[str]) -> None:
    line = ("interest", "--principal", "1.00", "--received", "2024-01-01", "--through", "2025-01-01")
    code, err = refused(capsys, *line, "--jurisdiction", "us-oh")
    assert (code, "us-oh has no rule for deposit interest" in err) == (2, True)
    with pytest.raises(SystemExit) as raised:
        cli.main(["jurisdictions", "--json"])
    assert raised.value.code == 0
    listed = {each["id"]: each for each in json.loads(capsys.readouterr().out)}
    assert (listed["us-oh"]["rules"], listed["us-oh"]["rates_from"]) == (["fixed_credit"], None)
    assert "fixed_credit" in listed["us-va"]["rules"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ("[[credit_most_cents]]\nvalue = 400\n", "credit_least_cents is 500; expected at most credit_most_cents, 400"),
        ('[[arrearage_condition]]\nvalue = "payment"\n', "expected arrearage_months beside it"),
    ],
)
def test_a_plan_that_contradicts_itself(shipped_data: DataFolder, changed: str, told: str) -> None:
    name = "rules/us-nj/fixed_credit.toml"
    shipped_data.edit(name, "[[credit_most_cents]]\nvalue = 18000\n", changed)
    shipped_data.seal()
    assert told in "".join(check_folder(shipped_data.root / "rules/us-nj").faults)
    with pytest.raises(DataError, match=told):
        load_rules(date(2026, 1, 1), jurisdiction="us-nj")


@pytest.mark.parametrize("jurisdiction", ["us-oh", "us-va", "us-nj", "us-nv"])
def test_the_shipped_plans_are_complete(jurisdiction: str) -> None:
    checked = check_folder(Path(calc.__file__).parents[1] / "data/rules" / jurisdiction)
    assert checked.faults == []
    assert any("are unquoted" in remark for remark in checked.remarks)
