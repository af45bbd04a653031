import hashlib
import json
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from calc.errors import PuccalcError, RatesMissingError
from calc.rates.computing import table
from calc.rates.fred.review import review
from calc.rates.register.entries import append
from calc.rates.register.published import PublishedRate
from calc.report.letter import worksheet as module
from calc.report.letter.render import worksheet_html, worksheet_text
from calc.report.letter.worksheet import Worksheet, as_data, complete_worksheet, worksheet
from calc.report.letter.worksheet_steps import decimal
from tests.rates.by_hand import check_rows
from tests.rates.test_register import approved, proposed
from tests.rates.test_snapshot import answer

YEARS = {
    # year: sum, exact average (sum / 12), rounded, existing, difference in basis points, decision, rate
    2023: ("20.27", "2027/1200", "1.69", "0.08", "161", "reset", "1.69"),
    2024: ("59.15", "1183/240", "4.93", "1.69", "324", "reset", "4.93"),
    2025: ("59.13", "1971/400", "4.93", "4.93", "0", "keep", "4.93"),
    2026: ("48.92", "1223/300", "4.08", "4.93", "85", "reset", "4.08"),
    2027: ("45.31", "4531/1200", "3.78", "4.08", "30", "reset", "3.78"),
}

ABOVE, BELOW = (f"the average is {side} the existing rate" for side in ("above", "below"))
AVERAGE = {2023: ABOVE, 2024: ABOVE, 2025: "the average equals the existing rate", 2026: BELOW, 2027: BELOW}


def formulas(found: Worksheet) -> dict[str, str]:
    return {step.label: step.formula for step in found.steps}


@pytest.mark.parametrize("year", YEARS)
def test_the_steps_of_a_year_by_hand(year: int) -> None:
    total, exact, average, existing, difference, decision, rate = YEARS[year]
    found = worksheet(year)
    steps = {step.label: step for step in found.steps}
    assert list(steps) == [
        "sum of the twelve months", "average, to full precision", "average, rounded", "existing rate", "difference",
        "decision", "rate",
    ]  # fmt: skip
    told = formulas(found)
    assert told["sum of the twelve months"].endswith(f" = {total}")
    assert sum(Fraction(each) for each in told["sum of the twelve months"].split(" = ")[0].split(" + ")) == Fraction(
        total
    )
    assert steps["average, to full precision"].figures == {"average_exact_percent": exact}
    assert told["average, to full precision"].startswith(f"{total} / 12 = {average[:3]}")
    assert told["average, rounded"].endswith(f"to 2 decimals = {average}")
    assert told["existing rate"].startswith(f"{existing} percent on {year - 1}-12-31")
    assert told["difference"] == f"|{average} - {existing}| = {difference} basis points: {AVERAGE[year]}"
    assert steps["decision"].figures["decision"] == decision
    assert told["decision"].startswith(f"{difference} {'>=' if decision == 'reset' else '<'} 25 basis points: ")
    assert told["rate"] == f"{rate} percent from {year}-01-01"


@pytest.mark.parametrize("row", check_rows(), ids=lambda row: row["calendar_year"])
def test_every_year_has_a_worksheet(row: dict[str, str]) -> None:
    found = worksheet(int(row["calendar_year"]))
    data = as_data(found)
    assert round(Fraction(data["average_exact"]), 6) == Fraction(row["average_percent_6_decimals"])
    assert (data["decision"], data["rate_percent"]) == (row["decision"], row["rate_percent"])
    assert [step["label"] for step in data["steps"]][-1] == "rate"
    assert len(found.history) == found.year - 1989
    assert found.history[-1].year == found.year


def test_the_average_to_full_precision() -> None:
    assert formulas(worksheet(2024))["average, to full precision"] == "59.15 / 12 = 4.92916666..."
    assert formulas(worksheet(2025))["average, to full precision"] == "59.13 / 12 = 4.9275"
    assert decimal(Fraction(59)) == "59.00"
    assert decimal(Fraction(1, 10**8)) == "0.00000001"
    assert decimal(Fraction(1, 3 * 10**9)) == "0.00000000..."


def test_where_the_existing_rate_comes_from() -> None:
    step = {step.label: step for step in worksheet(2026).steps}["existing rate"]
    assert step.formula == "4.93 percent on 2025-12-31: computed, in force from 2025-01-01"
    assert "2023-10 to 2024-09" in step.note
    step = {step.label: step for step in worksheet(2025).steps}["existing rate"]
    assert step.formula == "4.93 percent on 2024-12-31: published, in force from 2024-01-01"
    assert "For calendar year 2024, the rate will be 4.93%." in step.note
    assert formulas(worksheet(1990))["existing rate"] == "7.33 percent on 1989-12-31, computed for 1989"


def test_the_standing_of_a_year() -> None:
    assert [worksheet(year).standing for year in (2024, 2026, 2027, 2028)] == [
        "published", "computed", "provisional", "incomplete",
    ]  # fmt: skip
    assert (worksheet(2026).mark, worksheet(2026).provisional_because) == ("", "")
    found = worksheet(2027)
    assert found.mark == "PROVISIONAL - not for issue"
    assert found.derived == ("2026-07", "2026-08", "2026-09")
    assert found.provisional_because.startswith("2026-07, 2026-08, 2026-09 are derived")


def test_a_year_without_months_names_them_and_decides_nothing() -> None:
    found = worksheet(2029)
    assert (found.result, found.existing, found.average_ppm, found.existing_ppm) == (None, None, None, None)
    assert found.missing[0] == "2027-10"
    assert found.missing[-1] == "2028-09"
    assert len(found.missing) == 12
    assert list(formulas(found)) == ["no decision yet"]
    assert as_data(found)["rate_percent"] is None
    with pytest.raises(RatesMissingError, match="2027-10") as raised:
        complete_worksheet(2029)
    assert raised.value.missing_months == found.missing


def test_a_year_so_far() -> None:
    review(answer()).keep()  # prints the derived months, and adds 4.31 for 2026-10 and 4.20 for 2026-11
    found = worksheet(2028)
    assert len(found.missing) == 10
    assert found.missing[0] == "2026-12"
    told = formulas(found)
    assert told["sum of the 2 months known so far"] == "4.31 + 4.20 = 8.51"
    assert told["average so far, provisional"] == "8.51 / 2 = 4.255"
    assert told["existing rate"].startswith("3.78 percent on 2027-12-31: computed")
    assert told["no decision yet"] == "10 of the twelve months are missing"
    assert found.mark
    assert "4.255" in worksheet_text(found)
    assert "December 2026" in worksheet_html(found)
    assert (worksheet(2027).standing, worksheet(2027).mark) == ("computed", "")


def test_the_rules_are_cited_for_both_services() -> None:
    found = worksheet(2027)
    assert [passage.rule for passage in found.passages] == ["4 CCR 723-3-3403(o)(II)", "4 CCR 723-4-4403(o)(II)"]
    assert all("less than 25 basis points" in passage.quote for passage in found.passages)
    assert {each.name for each in found.readings} == {
        "average_decimals", "average_rounding", "threshold_stage", "published_override",
    }  # fmt: skip
    assert {each.set_by for each in found.readings} == {"default"}


def test_a_switch_is_shown_and_has_its_own_hash() -> None:
    found = worksheet(2027, switches={"threshold_bp": "31"})
    assert (found.result and found.result.rate_ppm, found.sha256 != worksheet(2027).sha256) == (40800, True)
    assert {each.name: each.set_by for each in found.readings}["threshold_bp"] == "switch"
    assert formulas(found)["decision"] == "30 < 31 basis points: the existing rate continues, 4.08 percent"
    assert found.verify_line.endswith(f"{found.sha256} --year 2027 --set threshold_bp=31")
    exact = formulas(worksheet(2027, switches={"threshold_stage": "unrounded"}))
    assert exact["difference"] == f"|3.77583333... - 4.08| = 30.41666666... basis points: {BELOW}"
    above = formulas(worksheet(2027, switches={"threshold_bp": "30", "threshold_inclusive": "false"}))
    assert above["decision"].startswith("30 <= 30 basis points: the existing rate continues")


def test_the_hash_is_over_what_is_stated() -> None:
    found = worksheet(2027)
    text = json.dumps(found.statement, sort_keys=True, separators=(",", ":"))
    assert found.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert found.sha256 == worksheet(2027).sha256
    other = replace(found, made_with={**found.made_with, "engine": "puccalc 99"})
    assert other.sha256 == found.sha256
    assert replace(found, result=None).sha256 != found.sha256


def test_new_months_of_other_years_leave_the_hash_and_revised_ones_do_not() -> None:
    before = {year: worksheet(year) for year in (2026, 2027)}
    review(answer()).keep()
    after = {year: worksheet(year) for year in (2026, 2027)}
    assert after[2026].sha256 == before[2026].sha256
    assert after[2026].made_with["series_sha256"] != before[2026].made_with["series_sha256"]
    assert "snapshot SHA-256" in after[2026].made_with["series"]
    assert after[2026].made_with["series_known_on"] == "2025-10-01"
    assert after[2027].sha256 != before[2027].sha256  # the derived months are published now
    assert (before[2027].made_with["series_known_on"], after[2027].made_with["series_known_on"]) == (
        "2026-10-01", "2026-12-02",
    )  # fmt: skip


def test_a_proposal_and_an_approval_are_named() -> None:
    before = worksheet(2027)
    append(proposed())
    waiting = worksheet(2027)
    assert (waiting.proposal and waiting.proposal.content["by"], waiting.approval) == ("Ann Smith", None)
    assert (waiting.standing, waiting.sha256 != before.sha256) == ("provisional", True)
    append(approved(proposed(), effective_from=date(2027, 3, 1)))
    found = worksheet(2027)
    assert found.approval
    assert (found.approval.content["by"], found.proposal) == ("Bob Jones", None)
    assert (found.standing, found.mark) == ("published", "")
    assert formulas(found)["rate"] == "3.78 percent from 2027-03-01"
    assert "although 2026-07" in found.note
    assert worksheet(2026).register == ()


def test_a_letter_that_differs_outranks_the_computation(monkeypatch: pytest.MonkeyPatch) -> None:
    letter = PublishedRate(date(2026, 1, 1), 41000, date(2025, 12, 1), "Colorado PUC", "a letter", "4.10%")
    for place in (table, module):
        monkeypatch.setattr(place, "shipped_published", lambda: (letter,))
    found = worksheet(2026)
    step = found.steps[-1]
    assert step.formula == "4.10 percent from 2026-01-01"
    assert step.note == found.note
    assert "published 4.10, which is in force; the rule gives 4.08" in found.note
    assert found.letter == letter
    assert as_data(found)["computed_percent"] == "4.08"
    assert worksheet(2027).existing_ppm == 41000


def test_a_working_that_leads_elsewhere_is_refused() -> None:
    found = worksheet(2026)
    assert found.result
    for wrong in ({"average_ppm": 40700}, {"decision": "keep"}, {"existing_ppm": 49200}):
        with pytest.raises(PuccalcError, match="fault of puccalc"):
            _ = replace(found, result=replace(found.result, **wrong)).steps
