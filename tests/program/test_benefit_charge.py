"""The system benefit charge: the rule's, letters', projections by hand and against the twin, and the letter."""

import json
from datetime import date
from fractions import Fraction
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from pypdf import PdfReader

from calc.errors import InputError, RatesMissingError
from calc.program.benefit_charge import charge_of_year, charges_of_letters, charges_of_rule, price_index
from calc.program.charge_letter import letter
from calc.report.explaining.step import Law
from calc.rules.resolve import load_rules
from tests.cases.command import puccalc
from tests.reference import books as twin

LAW = Law(load_rules(date(2026, 1, 1)), "electric")


def test_the_rules_own_charges() -> None:
    known = charges_of_rule("us-co", "gas")
    assert [(each.effective_from, each.charge_cents) for each in known] == [
        (date(2021, 10, 1), 50),
        (date(2022, 10, 1), 75),
    ]
    assert (charge_of_year(2022, LAW).charge.charge_cents, charge_of_year(2023, LAW).charge.charge_cents) == (50, 75)
    with pytest.raises(RatesMissingError, match="begins on 2021-10-01"):
        charge_of_year(2021, LAW)


def test_a_projection_by_hand() -> None:
    """75 x 323.298 / 308.728 is 78.54: 79; x 329.418 / 323.298 is 80.50 less a little: 80; 81.65: 82; 85.17: 85."""
    found = charge_of_year(2027, LAW)
    assert [step.figures["charge_cents"] for step in found.steps] == [75, 79, 80, 82, 85]
    assert (found.charge.status, found.starts) == ("projection", (date(2026, 10, 1), date(2027, 1, 1)))
    assert charge_of_year(2024, LAW, rounding="down").charge.charge_cents == 78


@pytest.mark.parametrize("month", [1, 3, 5, 7, 9, 11])
@pytest.mark.parametrize("mode", ["half_up", "half_even", "down", "up"])
def test_projections_are_the_twins(month: int, mode: str) -> None:
    index = price_index()
    found = charge_of_year(2026, LAW, month=month, rounding=mode)
    charges = [int(str(step.figures["charge_cents"])) for step in found.steps]
    for year, (before, after) in zip(range(2023, 2026), pairwise(charges), strict=True):
        now, then = Fraction(index[year, month]), Fraction(index[year - 1, month])
        assert twin.benefit_charge_projection(before, now, then, mode) == after


def test_a_letter_outranks_a_projection(tmp_path: Path) -> None:
    """81 cents from January 2025 on; x 336.208 / 329.418 is 82.67."""
    path = tmp_path / "letters.csv"
    path.write_text("effective_from,charge\n2025-01-01,0.81\n", "utf-8")
    letters = charges_of_letters(path)
    assert charge_of_year(2025, LAW, letters).charge.source == "letters.csv, line 2"
    assert charge_of_year(2026, LAW, letters).charge.charge_cents == 83
    path.write_text("effective_from,charge\n2025-01-01,0.81\n2025-01-01,0.82\n", "utf-8")
    with pytest.raises(InputError, match="two charges from the same day"):
        charges_of_letters(path)
    path.write_text("effective_from,charge\n2025-13-01,0.81\n", "utf-8")
    with pytest.raises(InputError, match="line 2"):
        charges_of_letters(path)


def test_a_month_that_the_index_lacks_is_named() -> None:
    with pytest.raises(RatesMissingError) as caught:
        charge_of_year(2028, LAW)
    assert caught.value.missing_months == ("2027-07",)
    with pytest.raises(RatesMissingError, match="2023-08 and 2022-08"):
        charge_of_year(2024, LAW, month=8)


@pytest.mark.parametrize("form", ["txt", "html"])
def test_the_letter(form: str) -> None:
    found = charge_of_year(2027, LAW)
    text = letter(found, form, dated=date(2026, 9, 1)).decode()  # type: ignore[arg-type] # of the parameters above
    assert text.startswith(("PROJECTION", "<!DOCTYPE"))
    for told in (
        "PROJECTION",
        "September 1, 2026",
        "$0.85 a month",
        "October 1, 2026 by (m); January 1, 2027 by (m)(I)",
    ):
        assert told in text
    assert letter(found, form, dated=date(2026, 9, 1)).decode() == text  # type: ignore[arg-type] # as above
    assert "PROJECTION" not in letter(charge_of_year(2023, LAW), form).decode()  # type: ignore[arg-type] # as above


def test_the_command(tmp_path: Path) -> None:
    out = tmp_path / "charge.html"
    done = puccalc(["program", "charge", "--year", "2027", "-o", str(out), "--json"])
    data = json.loads(done.out)
    assert (data["charge_cents"], data["status"], data["provisional"]) == (85, "projection", True)
    assert (data["effective_by_m"], data["effective_by_m_i"]) == ("2026-10-01", "2027-01-01")
    assert "PROJECTION" in done.err
    assert out.read_bytes().startswith(b"<!DOCTYPE")
    assert puccalc(["program", "charge", "--year", "2028"]).code == 7
    assert puccalc(["program", "charge", "--year", "2027", "-o", str(tmp_path / "x.doc")]).code == 2


def test_the_letter_as_pdf() -> None:
    found = charge_of_year(2027, LAW)
    pdf = letter(found, "pdf", dated=date(2026, 9, 1))
    assert pdf.startswith(b"%PDF")
    assert letter(found, "pdf", dated=date(2026, 9, 1)) == pdf
    (text,) = (page.extract_text() for page in PdfReader(BytesIO(pdf)).pages[:1])
    for told in ("PROJECTION", "$0.85 a month", "September 1, 2026"):
        assert told in text
