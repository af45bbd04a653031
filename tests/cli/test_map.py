"""`puccalc map suggest`: proposals that load, and that a run takes."""

import json
import re
from pathlib import Path

import pytest

from calc import cli
from calc.bulk.map_file import parse_map
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


def test_no_sampled_value_of_money_is_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("participant,annual income,leap,service\nP1,98765.43,98765,98766\n")
    code, text, _ = run(capsys, "map", "suggest", str(path), "--dataset", "participants")
    assert code == 0
    assert '"annual income" = "household_income"' in text
    assert "9876" not in text
