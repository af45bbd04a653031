from pathlib import Path

import pytest

from calc.errors import InputError
from calc.rates.fred.series import MonthlyRate, MonthlySeries, month_number, month_text
from tests.rates.by_hand import series_of

HEAD = "month,rate_percent,status\n"


def read(tmp_path: Path, text: str) -> MonthlySeries:
    path = tmp_path / "months.csv"
    path.write_text(text, "utf-8")
    return MonthlySeries.from_csv(path)


def test_months_become_basis_points(tmp_path: Path) -> None:
    series = read(tmp_path, HEAD + "1999-12,5.84,published\n2000-01,6.12,derived\n2000-02,0.05,published\n")
    assert (series.rates_bp, series.statuses) == ((584, 612, 5), ("published", "derived", "published"))
    assert month_text(series.first_month) == "1999-12"
    assert month_text(series.last_month) == "2000-02"
    assert series.month(month_number(2000, 1)) == MonthlyRate("2000-01", 612, "derived")
    assert str(tmp_path / "months.csv") in series.provenance


def test_status_may_be_left_out_and_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    series = read(tmp_path, "\ufeffmonth,rate_percent\n2000-01,6.12\n")
    assert series.month(month_number(2000, 1)) == MonthlyRate("2000-01", 612, "published")


def test_month_left_out_or_without_a_figure_is_missing(tmp_path: Path) -> None:
    series = read(tmp_path, HEAD + "2000-01,6.12,published\n2000-03,6.20,published\n2000-04,.,\n2000-05,,published\n")
    assert [series.month(month_number(2000, month)).rate_bp for month in range(1, 6)] == [612, None, 620, None, None]
    assert series.month(month_number(1999, 12)) == MonthlyRate("1999-12", None, "missing")
    assert series.month(month_number(2000, 6)) == MonthlyRate("2000-06", None, "missing")


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("month,status\n2000-01,published\n", 1, "missing: rate_percent"),
        (HEAD + "2000-01,6.12,published\n2000-01,6.12,published\n", 3, "expected a month after 2000-01"),
        (HEAD + "2000-02,6.12,published\n2000-01,6.12,published\n", 3, "expected a month after 2000-02"),
        (HEAD + "2000-13,6.12,published\n", 2, "YYYY-MM"),
        (HEAD + "2000-01-01,6.12,published\n", 2, "YYYY-MM"),
        (HEAD + "2000-01,6.1,published\n", 2, "two decimals"),
        (HEAD + "2000-01,6.123,published\n", 2, "two decimals"),
        (HEAD + "2000-01,6,published\n", 2, "two decimals"),
        (HEAD + "2000-01,-0.01,published\n", 2, "two decimals"),
        (HEAD + "2000-01,NaN,published\n", 2, "two decimals"),
        (HEAD + "2000-01,1e1,published\n", 2, "two decimals"),
        (HEAD + "2000-01, 6.12,published\n", 2, "two decimals"),
        (HEAD + "2000-01,100.01,published\n", 2, "0.00 to 100.00"),
        (HEAD + "2000-01,6.12,guessed\n", 2, "published or derived"),
        (HEAD + "2000-01,6.12\n", 2, "expected 3 values"),
        (HEAD + "2000-01,6.12,published,x\n", 2, "expected 3 values"),
        (HEAD + '2000-01,"6.12,published\n', 2, "cannot be split"),
    ],
)
def test_wrong_line_is_named_with_what_was_expected(tmp_path: Path, text: str, line: int, expected: str) -> None:
    with pytest.raises(InputError, match=rf"months\.csv, line {line}: ") as raised:
        read(tmp_path, text)
    assert expected in str(raised.value)


def test_file_without_months_or_missing_or_not_utf_8(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at least one month"):
        read(tmp_path, HEAD)
    with pytest.raises(InputError, match=r"none\.csv: cannot be read"):
        MonthlySeries.from_csv(tmp_path / "none.csv")
    (tmp_path / "bytes.csv").write_bytes(b"month,rate_percent\n2000-01,\xff\n")
    with pytest.raises(InputError, match="not UTF-8 at byte 27"):
        MonthlySeries.from_csv(tmp_path / "bytes.csv")


def test_overlaid_months_replace_and_extend() -> None:
    series = series_of(2000, 1200, 2400).overlaid(series_of(2001, 3600, status="derived"))
    assert series.rates_bp == (100,) * 12 + (300,) * 12
    assert series.statuses == ("published",) * 12 + ("derived",) * 12
    apart = series_of(2000, 1200).overlaid(series_of(2002, 3600))
    assert [apart.month(apart.first_month + place).rate_bp for place in (0, 11, 12, 23, 24)] == [
        100,
        100,
        None,
        None,
        300,
    ]
