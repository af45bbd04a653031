"""The twin of the yearly rate against results by hand and published cases (C... names them)."""

from fractions import Fraction

import pytest

from tests.reference.annual_rate import MissingMonths, annual_rate, rate_chain, window

ONE_YEAR_TREASURY = {
    2011: "0.37 0.31 0.37 0.35 0.35 0.40 0.45 0.37 0.32 0.29 0.26 0.26",  # sum 4.10, C001
    2012: "0.23 0.25 0.29 0.27 0.29 0.26 0.25 0.19 0.18 0.19 0.11 0.10",  # sum 2.61, C002
    2013: "0.11 0.11 0.12 0.12 0.16 0.19 0.18 0.19 0.19 0.19 0.18 0.18",  # sum 1.92, C003
    2014: "0.18 0.18 0.16 0.15 0.16 0.15 0.12 0.12 0.14 0.12 0.13 0.12",  # sum 1.73, C004
    2023: "0.11 0.18 0.30 0.55 1.00 1.34 1.89 2.06 2.65 3.02 3.28 3.89",  # sum 20.27
    2024: "4.43 4.73 4.68 4.69 4.93 4.68 4.68 4.91 5.24 5.37 5.37 5.44",  # sum 59.15
}
MONTHS = {
    month: value
    for year, values in ONE_YEAR_TREASURY.items()
    for month, value in zip(window(year), values.split(), strict=True)
}


def _even_months(year: int, total: str) -> dict[str, str]:
    """A window with the given sum: all of it in the first month."""
    return dict.fromkeys(window(year), "0.00") | {window(year)[0]: total}


def test_the_window_runs_from_october_to_september() -> None:
    months = window(2024)
    assert (months[0], months[2], months[3], months[-1], len(months)) == (
        "2022-10",
        "2022-12",
        "2023-01",
        "2023-09",
        12,
    )


@pytest.mark.parametrize(
    ("year", "existing", "total", "average", "decision", "rate"),
    [
        (2011, "0.63", "4.10", "0.34", "reset", "0.34"),  # C001: 29 bp apart
        (2012, "0.34", "2.61", "0.22", "keep", "0.34"),  # C002: 12 bp
        (2013, "0.34", "1.92", "0.16", "keep", "0.34"),  # C003: 18 bp
        (2014, "0.34", "1.73", "0.14", "keep", "0.34"),  # C004: 20 bp
        (2023, "0.08", "20.27", "1.69", "reset", "1.69"),
        (2024, "1.69", "59.15", "4.93", "reset", "4.93"),
    ],
)
def test_published_rates(year: int, existing: str, total: str, average: str, decision: str, rate: str) -> None:
    found = annual_rate(MONTHS, year, Fraction(existing))
    assert found == {
        "average_exact": Fraction(total) / 12,
        "average": Fraction(average),
        "decision": decision,
        "rate": Fraction(rate),
    }


def test_a_chain_of_published_rates() -> None:
    assert rate_chain(MONTHS, {}, 2011, 2014) == dict.fromkeys(range(2011, 2015), Fraction("0.34"))
    assert rate_chain(MONTHS, {}, 2023, 2024) == {2023: Fraction("1.69"), 2024: Fraction("4.93")}


def test_a_published_rate_outranks_and_is_the_next_existing_rate() -> None:
    months = _even_months(2020, "24.00") | _even_months(2021, "25.20")
    assert rate_chain(months, {2020: "1.80"}, 2020, 2021) == {2020: Fraction("1.80"), 2021: Fraction("2.10")}
    assert rate_chain(months, {2020: "1.80"}, 2020, 2021, published_override=False) == {2020: 2, 2021: 2}
    assert rate_chain({}, {2020: "1.80"}, 2020, 2020) == {2020: Fraction("1.80")}


def test_the_threshold_is_inclusive_unless_told() -> None:
    months = _even_months(2020, "27.00")  # 2.25: 25 bp from 2.00
    assert annual_rate(months, 2020, Fraction(2))["decision"] == "reset"
    assert annual_rate(months, 2020, Fraction(2), threshold_inclusive=False)["decision"] == "keep"
    assert annual_rate(months, 2020, Fraction(2), threshold_bp=26)["decision"] == "keep"


def test_the_stage_of_the_threshold() -> None:
    months = _even_months(2020, "26.94")  # 2.245 exactly, 2.25 rounded half up
    assert annual_rate(months, 2020, Fraction(2))["rate"] == Fraction("2.25")
    assert annual_rate(months, 2020, Fraction(2), threshold_stage="unrounded")["rate"] == 2
    assert annual_rate(months, 2020, Fraction(2), average_rounding="half_even")["average"] == Fraction("2.24")
    assert annual_rate(months, 2020, None, average_decimals=1)["rate"] == Fraction("2.2")
    taken = annual_rate(months, 2020, Fraction("1.99"), threshold_stage="unrounded")
    assert (taken["decision"], taken["rate"]) == ("reset", Fraction("2.25"))


def test_missing_months_are_listed() -> None:
    months = {month: value for month, value in MONTHS.items() if month not in {"2022-12", "2023-09"}}
    with pytest.raises(MissingMonths) as refused:
        annual_rate(months, 2024, None)
    assert refused.value.months == ["2022-12", "2023-09"]
