"""`puccalc map suggest`: proposals that load, and that a run takes."""

import json
import re
from pathlib import Path

import polars as pl
import pytest

from calc import cli
from calc.bulk.inputs.map_file import parse_map
from tests.bulk.bad_rows import frame_of, numbered

EXTRACT = (
    "Deposit No;Acct No;Svc;Deposit Amt;Date Received;Refund Date;Final Date;Clerk Name;Efforts Made\n"
    "D1;A1;E;200.00;01/01/2024;1/1/2025;;Zoë;Y\n"
    "D2;A2;G;1.00;03/31/2022;1/2/2023;;x;N\n"
)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int | str | None, str, str]:
    with pytest.raises(SystemExit) as raised:
        cli.main(arguments)
    return raised.value.code, *capsys.readouterr()


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_proposal_loads_and_runs(encoding: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    extract = tmp_path / "extract.txt"
    extract.write_bytes(EXTRACT.encode(encoding))
    code, text, _ = run(capsys, "map", "suggest", str(extract))
    assert code == 0
    found = parse_map("map.toml", text).datasets["deposits"]
    assert (found.layout.delimiter, found.layout.encoding) == (";", encoding)
    assert found.names == {
        "Deposit No": "deposit_id", "Acct No": "account_id", "Svc": "service", "Deposit Amt": "principal",
        "Date Received": "received_date", "Refund Date": "paid_date", "Final Date": "service_ended_date",
        "Efforts Made": "efforts_made",
    }  # fmt: skip
    assert {name: form.text for name, form in found.dates.items()} == {
        "received_date": "MM/DD/YYYY", "paid_date": "M/D/YYYY",
    }  # fmt: skip
    assert found.words == {"service": {"E": "electric", "G": "gas"}, "efforts_made": {"Y": "true", "N": "false"}}
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert any("not used: Clerk Name" in line for line in comments)
    assert any(re.search("paid_date: .* also fit D/M/YYYY", line) for line in comments)
    assert not any(line.startswith("# received_date") for line in comments)
    assert any("order_payable_date" in line for line in comments)
    mapping = tmp_path / "map.toml"
    mapping.write_text(text + '[deposits.constants]\nremitted_date = ""\norder_payable_date = ""\n')
    code, text, error = run(
        capsys, "run", "nightly", "--as-of", "2026-09-30", "--deposits", str(extract), "--map", str(mapping),
        "--out", str(tmp_path / "out"), "--json",
    )  # fmt: skip
    assert code == 0, error
    returned = json.loads(text)["control_totals"]["deposits"]["electric"]["returned"]
    assert returned["base_interest_cents"] == 986  # 200.00 over the whole of 2024 at 4.93 %


def test_dates_that_the_sample_lacks_are_written_as_the_others(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "deposit_id,account_id,service,principal_cents,received_date,paid_date,remitted_date,service_ended_date\n"
        "D,A,gas,20000,03/21/2022,,,04/30/2024\n"
    )
    _, text, _ = run(capsys, "map", "suggest", str(path), "--dataset", "deposits")
    dates = parse_map("map.toml", text).datasets["deposits"].dates
    assert {name: form.text for name, form in dates.items()} == dict.fromkeys(
        ("received_date", "paid_date", "remitted_date", "service_ended_date"), "MM/DD/YYYY"
    )
    assert "# paid_date, remitted_date: no date was sampled; make sure that MM/DD/YYYY is right" in text
    path.write_text(path.read_text().replace("03/21/2022", "2022-03-21"))
    _, text, _ = run(capsys, "map", "suggest", str(path), "--dataset", "deposits")
    assert list(parse_map("map.toml", text).datasets["deposits"].dates) == ["service_ended_date"]


def test_a_file_that_is_as_the_contract_has_it_needs_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in ("deposits", "accounts", "participants"):
        path = tmp_path / f"{name}.parquet"
        frame_of(name, [numbered(name, 0)]).write_parquet(path)
        code, text, _ = run(capsys, "map", "suggest", str(path))
        assert code == 0
        found = parse_map("map.toml", text)
        assert list(found.datasets) == [name]
        assert (found.datasets[name].names, found.datasets[name].dates, found.datasets[name].words) == ({}, {}, {})


def test_names_with_quotes_and_controls_load_again(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('"deposit ""id""\x7f","acct\\no","se\nrvice",😀\n1,2,"E\t",x\n', encoding="utf-8")
    code, text, _ = run(capsys, "map", "suggest", str(path), "--dataset", "deposits")
    assert code == 0
    names = parse_map("map.toml", text).datasets["deposits"].names
    assert names == {'deposit "id"\x7f': "deposit_id", "acct\\no": "account_id", "se\nrvice": "service"}


def test_what_cannot_be_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("colour,shape\nred,round\n")
    code, text, error = run(capsys, "map", "suggest", str(path))
    assert (code, text) == (3, "")
    assert "it has colour, shape" in error
    assert run(capsys, "map", "suggest", str(tmp_path / "none.csv"))[0] == 3
    assert run(capsys, "map", "suggest", str(path), "--dataset", "bills")[0] == 2


FLOATS = """Acct No,Service,billed_cents,billed_days,late_payments_12m
A1,E,146000.0,365.0,3.0
A2,G,146000,365,
A3,G,146000.5,365,1.5
"""


def test_whole_numbers_that_a_spreadsheet_wrote_as_floats(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """1,460.00 in 365 days: 90 days are 360.00, whether the cents come as 146000 or as 146000.0."""
    path = tmp_path / "accounts.csv"
    path.write_text(FLOATS)
    code, text, shown = run(capsys, "map", "suggest", str(path))
    assert code == 0
    assert "trailing_zeros = true" in text
    assert "# billed_cents: some sampled numbers are not whole" in text
    assert "name the column billed in names" in text
    assert "# late_payments_12m: some sampled numbers are not whole and will be refused\n" in text
    assert re.search(r"billed_cents +146000\.0 +-> +billed_cents +146000\n", shown)
    assert re.search(r"Service +E +-> +service +electric\n", shown)
    assert re.search(r"late_payments_12m +1\.5 +-> +late_payments_12m +1\.5 +REFUSED: not_a_number\n", shown)
    (tmp_path / "map.toml").write_text(text)
    frame_of("deposits", [numbered("deposits", 0)]).write_parquet(tmp_path / "deposits.parquet")
    code, text, error = run(
        capsys, "run", "nightly", "--as-of", "2026-09-30", "--accounts", str(path), "--map",
        str(tmp_path / "map.toml"), "--deposits", str(tmp_path / "deposits.parquet"), "--out", str(tmp_path / "out"),
        "--max-bad-share", "1", "--max-unmatched-share", "1", "--json",
    )  # fmt: skip
    assert code == 0, error
    manifest = json.loads(text)
    assert manifest["control_totals"]["accounts"]["all"]["limit_cents"] == 2 * 36_000
    assert manifest["rows"]["accounts"]["quarantined"] == 1
    path.write_text(FLOATS.replace(".0", "").replace(".5", ""))
    assert "trailing_zeros" not in run(capsys, "map", "suggest", str(path))[1]


def test_five_rows_are_shown_before_and_after(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    header = "Dep No,Acct No,Type,Dep Amt,Dep Date,paid_date,remitted_date,service_ended_date,order_payable_date"
    rows = [f'D{number},A1,GAS,"$1,250.00",8/{number}/2019 12:00:00 AM,,,,' for number in range(9, 16)]
    path.write_text("\n".join([header, *rows]) + "\n")
    _, _, shown = run(capsys, "map", "suggest", str(path))
    assert [line for line in shown.splitlines() if line.startswith("row")] == [
        f"row {number}" for number in range(1, 6)
    ]
    assert re.search(r"Dep Amt +\$1,250\.00 +-> +principal +1250\.00\n", shown)
    assert re.search(r"Dep Date +8/9/2019 12:00:00 AM +-> +received_date +2019-08-09\n", shown)
    assert "D14" not in shown
    assert "REFUSED" not in shown


def test_no_sampled_value_of_money_is_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("participant,annual income,leap,service\nP1,98765.43,98765,98766\n")
    code, text, shown = run(capsys, "map", "suggest", str(path), "--dataset", "participants")
    assert code == 0
    assert '"annual income" = "household_income"' in text
    assert "9876" not in text + shown
    assert "REFUSED: unknown_value" in shown


REPORT = """Deposits on hand,,,,,,,,,
"Run 11/29/2026, page 1",,,,,,,,,

Dep No,Acct,Svc,Amount,Opened,Closed,Remitted,Final Date,Order Date,Posted Interest
D1,A1,gas,"$1,200.00",05-JAN-24,1/5/2025 12:00:00 AM,,2024-01-05T00:00:00Z,,(0.00)
D2 ,A2,gas,"$1,000,000.00",06-JAN-24,1/6/2025 12:00:00 AM,,2024-01-06T00:00:00Z,,
D3,A3,gas,200.0000,07-JAN-74,12/31/2025 12:00:00 AM,,2024-01-07T00:00:00Z,,1.00
TOTAL,,,"$1,400.00",,,,,,
Records: 3
"""


def test_a_report_is_proposed_with_titles_totals_styles_and_dates(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "report.csv"
    path.write_text(REPORT)
    code, text, _ = run(capsys, "map", "suggest", str(path))
    assert code == 0
    found = parse_map("map.toml", text).datasets["deposits"]
    assert found.layout.skip_rows == 3
    assert found.drops == {"Dep No": ("TOTAL", "Records*")}
    assert {style.text for style in found.money.values()} == {"1,234.56"}
    assert {name: form.text for name, form in found.dates.items()} == {
        "received_date": "DD-MON-YY", "paid_date": "M/D/YYYY 12:00:00 AM", "service_ended_date": "YYYY-MM-DDT00:00:00Z",
    }  # fmt: skip
    assert found.dates["received_date"].years_from == 1950
    for comment in (
        "deposit_id: texts have blanks at their edges: no content in CSV",
        "3 lines above the header are skipped",
        "rows that look like totals are left out: TOTAL in Dep No, Records* in Dep No",
        "years of two digits: 1950 to 2049",
    ):
        assert f"# {comment}" in text
    (tmp_path / "map.toml").write_text(text)
    code, text, error = run(
        capsys, "run", "nightly", "--as-of", "2026-09-30", "--deposits", str(path), "--map",
        str(tmp_path / "map.toml"), "--out", str(tmp_path / "out"), "--max-bad-share", "1", "--json",
    )  # fmt: skip
    assert code == 0, error
    assert json.loads(text)["rows"]["deposits"] == {"in": 3, "out": 2, "quarantined": 1}  # 1974 has no rate


@pytest.mark.parametrize(
    ("amounts", "style"),
    [
        (["1.234,56", "200,00"], "1.234,56"),
        (["200.00-", "1,000.00"], "1,234.56"),
        (["200.00", "3"], None),
        (["1'000.50"], "1'234.56"),
    ],
)
def test_the_style_of_money_is_proposed(
    amounts: list[str], style: str | None, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("\n".join(["deposit_id;account_id;service;amount", *(f"D;A;gas;{each}" for each in amounts), ""]))
    _, text, _ = run(capsys, "map", "suggest", str(path), "--dataset", "deposits")
    styles = {each.text for each in parse_map("map.toml", text).datasets["deposits"].money.values()}
    assert styles == ({style} if style else set())


def test_an_amount_that_two_styles_read_differently_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("deposit_id;account_id;service;amount\nD;A;gas;1,234\n")
    _, text, _ = run(capsys, "map", "suggest", str(path), "--dataset", "deposits")
    assert "# amounts: the sampled ones also fit 1.234,56 and 1 234,56; make sure that 1,234.56 is right" in text
    path.write_text("deposit_id;account_id;service;amount\nD;A;gas;two hundred\n")
    _, text, _ = run(capsys, "map", "suggest", str(path), "--dataset", "deposits")
    assert "# principal_cents: no known style fits all sampled amounts" in text
    assert "two hundred" not in text


@pytest.mark.parametrize(
    ("texts", "form"),
    [
        (["05-JAN-24"], "DD-MON-YY"),
        (["1/5/2024 12:00:00 AM", "12/31/2024 12:00:00 AM"], "M/D/YYYY 12:00:00 AM"),
        (["2024-01-05T00:00:00Z"], "YYYY-MM-DDT00:00:00Z"),
        (["2024-01-05 00:00:00.0000000"], "YYYY-MM-DD 00:00:00.0000000"),
        (["Jan  5 2024 12:00AM", "Jan 15 2024 12:00AM"], "MON D YYYY 12:00AM"),
        (["January 5, 2024", "May 15, 2024"], "MONTH D, YYYY"),
        (["13/01/24"], "DD/MM/YY"),
        (["20240113"], "YYYYMMDD"),
        (["2024-01-05 13:45:00"], None),
    ],
)
def test_formats_of_dates_are_proposed(
    texts: list[str], form: str | None, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "\n".join(["deposit_id;account_id;service;received_date", *(f"D;A;gas;{each}" for each in texts), ""])
    )
    _, text, _ = run(capsys, "map", "suggest", str(path), "--dataset", "deposits")
    dates = parse_map("map.toml", text).datasets["deposits"].dates
    assert {name: each.text for name, each in dates.items()} == ({"received_date": form} if form else {})
    if form is None:
        assert (
            "# received_date: no known format fits all sampled dates; say in date_formats how they are written" in text
        )


def test_typed_dates_need_no_format_and_padded_keys_of_parquet_are_trimmed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    frame = frame_of("deposits", [numbered("deposits", 0)])
    padded = frame.with_columns(pl.col("received_date").cast(pl.Datetime), deposit_id=pl.lit("D1 "))
    padded.write_parquet(tmp_path / "x.parquet")
    _, text, _ = run(capsys, "map", "suggest", str(tmp_path / "x.parquet"))
    found = parse_map("map.toml", text).datasets["deposits"]
    assert (found.trim, found.dates) == (True, {})
    assert "# deposit_id: texts have blanks at their edges: trim takes them off" in text
