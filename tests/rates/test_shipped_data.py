import tomllib
from datetime import date

import pytest

from calc import datafiles
from calc.errors import InputError
from calc.rates.fred.series import month_text, shipped_series
from calc.rates.register.published import parse_published, shipped_published

COLUMNS = "effective_from,rate_percent,known_on,publisher,where_published,quote\n"


def provenance() -> dict[str, dict[str, object]]:
    return tomllib.loads(datafiles.read_text("rates/provenance.toml"))


def test_series_has_every_month_and_its_provenance_says_so() -> None:
    series, facts = shipped_series(), provenance()["gs1"]
    months = [series.month(number) for number in range(series.first_month, series.last_month + 1)]
    assert len(months) == 882  # April 1953 through September 2026
    assert all(month.rate_bp is not None for month in months)
    assert [month.month for month in months if month.status == "derived"] == facts["derived_months"]
    assert month_text(series.first_month) == facts["first_month"]
    assert month_text(series.last_month) == facts["last_month"]
    assert series.provenance.endswith("FRED series GS1, taken 2026-11-21")


def test_published_rates_stand_in_their_quotes() -> None:
    rows = shipped_published()
    assert [row.effective_from.year for row in rows] == [2011, 2012, 2013, 2014, 2023, 2024]
    for row in rows:
        assert row.of_year
        assert f"{row.rate_ppm // 10_000}.{row.rate_ppm % 10_000 // 100:02d}%" in row.quote
        assert str(row.effective_from.year) in row.quote
        assert row.known_on == row.effective_from
    assert "not recorded" in str(provenance()["published"]["known_on"])


def test_published_rate_of_an_alternative_date() -> None:
    (row,) = parse_published(COLUMNS + "2028-02-01,3.5,2027-12-15,the Commission,a letter,3.5%\n", "here")
    assert (row.effective_from, row.rate_ppm, row.known_on) == (date(2028, 2, 1), 35000, date(2027, 12, 15))
    assert not row.of_year


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("2024-01-01,4.93,2024-13-01,a,b,c\n", "here, line 2: known_on '2024-13-01' is not a day"),
        ("2024-01-01,4.93,2024-01-01,a,b,c\n2023-01-01,1.69,2023-01-01,a,b,c\n", "here, line 3: expected an effective"),
        ("2024-01-01,4.93,2024-01-01,a,b\n", "here, line 2: expected 6 values"),
    ],
)
def test_wrong_line_of_published_rates_is_named(lines: str, expected: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_published(COLUMNS + lines, "here")
    assert expected in str(raised.value)
