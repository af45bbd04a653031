import json
from pathlib import Path
from typing import Any

import pytest

from calc import cli


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty user's data folder."""
    monkeypatch.setenv("PUCCALC_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


class Run:
    """What `puccalc rates` printed and its exit code."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        with pytest.raises(SystemExit) as raised:
            cli.main(["rates", *arguments])
        self.code = raised.value.code
        self.out, self.err = capsys.readouterr()

    def json(self) -> Any:  # noqa: ANN401 - whatever the command prints
        assert self.code == 0
        return json.loads(self.out)


PROPOSE = ("propose", "--year", "2027", "--by", "Ann Smith", "--on", "2026-10-15")
APPROVE = ("approve", "--year", "2027", "--by", "Bob Jones", "--on", "2026-11-20")


def test_two_persons_publish_a_rate(capsys: pytest.CaptureFixture[str]) -> None:
    proposed = Run(capsys, *PROPOSE, "--json").json()
    assert (proposed["entry"], proposed["rate_percent"], proposed["figures"]["sum_percent"]) == (1, "3.78", "45.31")
    approved = Run(capsys, *APPROVE, "--json").json()
    assert (approved["entry"], approved["proposal_sha256"]) == (2, proposed["sha256"])
    assert (approved["effective_from"], approved["proposed_by"]) == ("2027-01-01", "Ann Smith")
    row = Run(capsys, "table", "--json").json()[-1]
    assert (row["rate_percent"], row["source"], row["known_on"]) == ("3.78", "published", "2026-11-20")
    assert approved["sha256"] in row["provenance"]
    year = Run(capsys, "compute", "--year", "2027", "--json").json()
    assert (year["source"], year["provenance"]["register_sha256"]) == ("published", approved["sha256"])
    assert "2026-07" in year["note"]


def test_for_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, *PROPOSE)
    assert "Proposed for 2027 by Ann Smith: 3.78 percent (reset; average 3.78, existing rate 4.08)" in run.out
    assert "puccalc rates approve --year 2027 --by NAME" in run.out
    assert "Provisional: 2026-07, 2026-08, 2026-09 are derived" in run.err
    run = Run(capsys, *APPROVE, "--effective-from", "2027-02-01")
    assert "Approved for 2027 by Bob Jones: 3.78 percent from 2027-02-01, proposed by Ann Smith" in run.out
    assert "approved although 2026-07" in run.err


def test_the_same_name_is_refused_and_nothing_written(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    Run(capsys, *PROPOSE)
    before = (home / "register.jsonl").read_bytes()
    run = Run(capsys, "approve", "--year", "2027", "--by", "ANN SMITH", "--on", "2026-11-20")
    assert (run.code, run.out) == (2, "")
    assert "another person approves it" in run.err
    assert (home / "register.jsonl").read_bytes() == before


def test_a_tampered_register_stops_every_rate(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    Run(capsys, *PROPOSE)
    Run(capsys, *APPROVE)
    path = home / "register.jsonl"
    path.write_text(path.read_text("utf-8").replace("Bob Jones", "Bea Jones"), "utf-8")
    for arguments in (("table",), ("compute", "--year", "2027"), PROPOSE, APPROVE):
        run = Run(capsys, *arguments)
        assert (run.code, run.out) == (3, "")
        assert "entry 2 has been altered" in run.err


def test_a_letter_that_outranks_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    Run(capsys, "propose", "--year", "2024", "--by", "Ann Smith", "--on", "2026-10-15")
    run = Run(
        capsys, "approve", "--year", "2024", "--by", "Bob", "--on", "2026-11-20", "--effective-from", "2024-02-01"
    )
    assert run.code == 0
    assert "the Commission's letter of 2024 outranks 4.93 from 2024-02-01, approved by Bob" in run.err
    assert Run(capsys, "compute", "--year", "2024", "--json").json()["effective_from"] == "2024-01-01"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("propose", "--year", "2027"), "--by"),
        (("propose", "--year", "1989", "--by", "Ann"), "1990"),
        (("approve", "--year", "2027", "--by", "Bob"), "no proposal for 2027 waits"),
        (("impact",), "--year YEAR and --register"),
        (("impact", "--year", "2027", "--register"), "--year YEAR and --register"),
        (("impact", "--year", "2027"), "no proposal for 2027 waits"),
    ],
)
def test_what_cannot_be_done(
    capsys: pytest.CaptureFixture[str], home: Path, arguments: tuple[str, ...], words: str
) -> None:
    run = Run(capsys, *arguments)
    assert (run.code, run.out) == (2, "")
    assert words in run.err
    assert not (home / "register.jsonl").exists()


DEPOSITS = """\
deposit_id,account_id,service,principal,received_date,paid_date,remitted_date,service_ended_date,order_payable_date
D1,A1,electric,1000.00,2027-01-01,,,,
D2,A2,gas,1000.00,2026-01-01,2026-12-31,,,
D3,A3,gas,1000.00,soon,,,,
"""


def test_impact_takes_a_map(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = DEPOSITS.replace("deposit_id", "Dep No").replace("soon", "2026-01-01").replace("1000.00", "$1.000,00")
    (tmp_path / "extract.txt").write_text(lines.replace(",", ";").replace("$1.000;00", "$1.000,00"), "utf-8")
    (tmp_path / "map.toml").write_text(
        '[deposits]\ndelimiter = ";"\nmoney_style = "1.234,56"\n[deposits.names]\n"Dep No" = "deposit_id"\n', "utf-8"
    )
    Run(capsys, *PROPOSE)
    options = ("--deposits", str(tmp_path / "extract.txt"), "--map", str(tmp_path / "map.toml"), "--json")
    assert Run(capsys, "impact", "--year", "2027", *options).json()["rows_computed"] == 3


def test_impact_in_cents(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "deposits.csv"
    file.write_text(DEPOSITS, "utf-8")
    Run(capsys, *PROPOSE)
    # Without a proposal 4.08 goes on: D1 earns 40.80 x 364/365 = 40.688... instead of 37.80 x 364/365 = 37.696...
    existing = Run(capsys, "impact", "--year", "2027", "--deposits", str(file), "--json").json()
    assert existing["rates"] == [{"effective_from": "2027-01-01", "was": "4.08 given", "is": "3.78 published"}]
    assert (existing["rows"], existing["rows_computed"], existing["rows_changed"]) == (3, 2, 1)
    assert existing["sums"]["interest_cents"]["difference"] == 3770 - 4069
    in_use = ("impact", "--year", "2027", "--against", "in_use")
    waiting = Run(capsys, *in_use, "--deposits", str(file), "--json").json()
    assert waiting["rates"] == [{"effective_from": "2027-01-01", "was": "3.78 provisional", "is": "3.78 published"}]
    assert (waiting["rows"], waiting["rows_computed"], waiting["rows_changed"]) == (3, 2, 0)
    Run(capsys, *APPROVE, "--effective-from", "2027-03-15")
    shown = Run(capsys, "impact", "--register", "--deposits", str(file), "--json").json()
    # D1 earns 364 days of 2027 by its last day: 73 of them (January, February, 14 days of March) at 4.08 instead of
    # 3.78, so 37.80 x 364/365 = 37.696... becomes (37.80 x 291 + 40.80 x 73) / 365 = 38.296...
    assert shown["as_of"] == "2027-12-31"
    assert shown["rows_changed"] == 1
    interest = shown["sums"]["interest_cents"]
    assert interest["difference"] == 3830 - 3770
    assert interest["was"] == 3770 + 4069  # D2: 40.80 x 364/365 = 40.688...
    run = Run(capsys, "impact", "--register", "--deposits", str(file), "--as-of", "2027-02-01")
    assert run.code == 0
    assert "Rate from 2027-03-15: was none, is 3.78 published" in run.out
    assert "interest of 1 of 2 deposits changes by 0.26 dollars" in run.out  # 31 days: 3.2104... and 3.4652...
