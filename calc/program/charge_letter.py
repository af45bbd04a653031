"""Write the letter on a year's system benefit charge, rules 3412(m)(I) and 4412(m)(I): as PDF, HTML page or text.

It has the form of the letter on the deposit rate. The same charge gives the same bytes on any day. A projection is
marked on every page: no letter of the Commission states it.
"""

from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from calc.extras import require
from calc.program.benefit_charge import YearsCharge
from calc.report.explaining.text import exact_text
from calc.report.letter.dates import long_date
from calc.report.letter.typesetting import pdf, rendered
from calc.report.letter.wording import ADDRESSEES, COMMISSION, SENDER
from calc.units import format_cents

Form = Literal["pdf", "html", "txt"]
_TEMPLATES: Final = Path(__file__).with_name("templates")
_PROJECTION: Final = "PROJECTION: no letter of the Commission states this charge"


def content_of(charged: YearsCharge, dated: date | None) -> dict[str, Any]:
    """Collect all that a letter writes, as JSON values; None leaves the date to fill in."""
    october, january = charged.starts
    projected = charged.charge.status == "projection"
    charge = f"${format_cents(charged.charge.charge_cents)} a month"
    stated = (
        f"The energy assistance system benefit charge to be paid by customers during calendar year {charged.year} is "
        f"{charge} for each of electric and gas service, under rules 3412(m) and 4412(m)."
    )
    by = {
        "rule": "The rule itself names the charge.",
        "letter": f"A letter of the Commission states the charge ({charged.charge.source}).",
        "projection": "The charge is the one before it, moved by the change of the Consumer Price Index for "
        f"Denver-Aurora-Lakewood from a year before to month {charged.month} of {charged.year - 1}, rounded "
        f"{charged.rounding.replace('_', ' ')} to the cent. The rule names neither the month nor the rounding.",
    }[charged.charge.status]
    return {
        "mark": _PROJECTION if projected else "",
        "commission": COMMISSION,
        "sender": SENDER,
        "addressees": ADDRESSEES,
        "dated": long_date(dated) if dated else "",
        "subject": f"Energy assistance system benefit charge for calendar year {charged.year}",
        "year": charged.year,
        "facts": [
            ["Charge", charge],
            ["For", "each fuel, on every customer's monthly bill"],
            ["Effective", f"{long_date(october)} by (m); {long_date(january)} by (m)(I): the letter's day decides"],
        ],
        "paragraphs": [stated, by],
        "steps": [
            {
                "label": step.label,
                "working": step.formula,
                "exact": exact_text(step.exact_cents) if step.exact_cents is not None and step.rounding else "",
                "charge": format_cents(int(str(step.figures["charge_cents"]))),
                "cited": [[each.rule, each.quote] for each in step.passages],
            }
            for step in charged.steps
        ],
    }


def letter(charged: YearsCharge, form: Form, *, dated: date | None = None) -> bytes:
    """Write the letter.

    Args:
        charged: The year's charge.
        form: Which kind of file.
        dated: The letter's date; None leaves it to fill in.

    Raises:
        ExtraMissingError: A PDF was asked for, and the packages of the extra `letter` are not installed.
    """
    content = content_of(charged, dated)
    if form == "pdf":
        require("letter", "A letter as PDF")
        return pdf(_TEMPLATES / "charge.typ", content, dated or charged.starts[0])
    return rendered(f"charge.{form}", content, _TEMPLATES)
