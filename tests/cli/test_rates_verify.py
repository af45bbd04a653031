import json
from pathlib import Path
from typing import Any

import pytest

from calc import cli
from calc.rates.fred.review import review
from calc.rates.register.entries import APPROVAL, PROPOSAL, Register, append
from calc.report.letter.render import Form, letter
from calc.report.letter.worksheet import worksheet
from tests.rates.test_snapshot import answer


class Run:
    """What `puccalc rates verify` printed and its exit code."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        with pytest.raises(SystemExit) as raised:
            cli.main(["rates", "verify", *arguments])
        self.code = raised.value.code
        self.out, self.err = capsys.readouterr()

    def json(self) -> Any:  # noqa: ANN401 - whatever the command prints
        return json.loads(self.out)


def written(folder: Path, year: int, form: Form) -> Path:
    path = folder / f"letter.{form}"
    path.write_bytes(letter(worksheet(year), form))
    return path


@pytest.mark.parametrize("form", ["pdf", "html", "txt"])
def test_a_letter_verifies(capsys: pytest.CaptureFixture[str], tmp_path: Path, form: Form) -> None:
    path = written(tmp_path, 2024, form)
    run = Run(capsys, str(path))
    sha256 = worksheet(2024).sha256
    assert (run.code, run.err) == (0, "")
    assert run.out == f"Verified: the worksheet of 2024, 4.93 percent from 2024-01-01, published, SHA-256 {sha256}\n"
    shown = Run(capsys, str(path), "--json", "--year", "2024").json()
    assert (shown["verified"], shown["rate_percent"], shown["recomputed_sha256"]) == (True, "4.93", sha256)


def test_a_tampered_letter_does_not(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = written(tmp_path, 2024, "txt")
    path.write_text(path.read_text("utf-8").replace("4.93 percent per annum", "4.39 percent per annum"), "utf-8")
    run = Run(capsys, str(path))
    assert (run.code, run.out) == (4, "")
    assert run.err == "Error: it does not verify:\n  text: the file was altered after it was written\n"
    shown = Run(capsys, str(path), "--json")
    assert (shown.code, shown.json()["verified"]) == (4, False)


def test_a_tampered_pdf_does_not(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = written(tmp_path, 2026, "pdf")
    content = bytearray(path.read_bytes())
    content[content.index(b"stream") + 40] ^= 1
    path.write_bytes(content)
    run = Run(capsys, str(path))
    assert run.code == 4
    assert "altered" in run.err


def test_what_differs_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = written(tmp_path, 2027, "html")
    review(answer({"2026-09": "4.61"})).keep(["2026-09"])
    run = Run(capsys, str(path))
    assert run.code == 4
    assert "  data: 2026-09 was 4.37-derived, is 4.61\n" in run.err
    assert "  rate percent: was 3.78, is 3.80\n" in run.err


def test_new_months_are_a_note(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = written(tmp_path, 2026, "txt")
    review(answer()).keep()
    run = Run(capsys, str(path))
    assert run.code == 0
    assert run.out.startswith("Verified: the worksheet of 2026, 4.08 percent")
    assert run.err.startswith("Note: made otherwise, with the same outcome; series: was Board of Governors")


def enter(register: Register, kind: str, year: int, percent: str, **more: str) -> Register:
    """A register with one more entry, kept; an approval holds what `.register` makes a rate of."""
    content = {"year": year, "by": "Ann", "on": "2025-11-03", "rate_percent": percent, **more}
    if kind == APPROVAL:
        content |= {"proposed_by": "Bob", "effective_from": f"{year}-01-01", "note": ""}
    register = register.with_entry(kind, content)
    append(register)
    return register


@pytest.mark.parametrize("form", ["pdf", "txt"])
def test_a_letter_outlives_a_proposal(capsys: pytest.CaptureFixture[str], tmp_path: Path, form: Form) -> None:
    """A proposal changes no rate: the letter says what it said, and is from before the entry."""
    path, sha256 = written(tmp_path, 2026, form), worksheet(2026).sha256
    enter(Register(), PROPOSAL, 2026, "4.08")
    for what in (str(path), sha256, sha256[:12]):
        run = Run(capsys, what)
        assert (run.code, sha256 in run.out) == (0, True)
        assert run.out.startswith("Verified: the worksheet of 2026, 4.08 percent from 2026-01-01, computed")
        assert "it is from before register entry 1 (proposal for 2026, 2025-11-03)" in run.err
    content = path.read_bytes()
    path.write_bytes(content + b"\n")
    assert (Run(capsys, str(path)).code, "altered" in Run(capsys, str(path)).err) == (4, True)
    assert Run(capsys, str(path), "--json").json()["holds"] == []


@pytest.mark.parametrize(("percent", "unchanged"), [("4.08", True), ("4.10", False)])
def test_what_still_holds_after_an_approval(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, percent: str, unchanged: bool
) -> None:
    path, sha256 = written(tmp_path, 2026, "txt"), worksheet(2026).sha256
    enter(enter(Register(), PROPOSAL, 2026, percent), APPROVAL, 2026, percent)
    for what in (str(path), sha256):
        run = Run(capsys, what)
        assert run.code == 4
        assert "standing: was computed, is published" in run.err
        assert ("still holds: the rate is unchanged: 4.08 percent from 2026-01-01" in run.err) == unchanged
        assert "it is from before register entries 1 (proposal for 2026, 2025-11-03), 2 (approval" in run.err


def test_what_still_holds_after_another_year_s_approval(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The existing rate comes from the register now; the letter's own rate is the same."""
    path = written(tmp_path, 2027, "txt")
    enter(Register(), APPROVAL, 2026, "4.08")
    run = Run(capsys, str(path))
    assert run.code == 4
    assert "data: where the existing rate comes from has changed" in run.err
    assert "still holds: the rate is unchanged: 3.78 percent from 2027-01-01" in run.err
    assert "still holds: all of it, as of then: it is from before register entry 1 (approval for 2026" in run.err


@pytest.mark.parametrize("form", ["pdf", "html", "txt"])
def test_nothing_is_said_to_hold_of_an_altered_letter(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, form: Form
) -> None:
    """Its imprint is a true one, from before an approval; its text is not what was written."""
    path = written(tmp_path, 2026, form)
    enter(Register(), APPROVAL, 2026, "4.08")
    assert "altered" not in Run(capsys, str(path)).err
    content = path.read_bytes()
    path.write_bytes(content + b"\n" if form == "pdf" else content.replace(b"4.08 percent", b"9.99 percent"))
    assert path.read_bytes() != content
    run = Run(capsys, str(path))
    assert run.code == 4
    assert "text: the file was altered after it was written" in run.err
    assert "still holds" not in run.err


def test_a_hash(capsys: pytest.CaptureFixture[str]) -> None:
    sha256 = worksheet(2023).sha256
    for arguments in ((sha256,), (sha256.upper(),), (sha256[:12], "--year", "2023")):
        run = Run(capsys, *arguments)
        assert run.code == 0
        assert "the worksheet of 2023, 1.69 percent from 2023-01-01, published" in run.out
    run = Run(capsys, sha256, "--year", "2024")
    assert run.code == 4
    assert f"that of 2024 has now the hash {worksheet(2024).sha256}" in run.err
    shown = Run(capsys, "0" * 64, "--json").json()
    assert (shown["verified"], shown["year"], shown["rate_percent"]) == (False, None, None)


def test_a_hash_under_a_switch(capsys: pytest.CaptureFixture[str]) -> None:
    sha256 = worksheet(2027, switches={"threshold_bp": "31"}).sha256
    run = Run(capsys, sha256, "--year", "2027", "--set", "threshold_bp=31")
    assert (run.code, "4.08 percent" in run.out) == (0, True)
    assert Run(capsys, sha256, "--year", "2027").code == 4


def test_a_worksheet_without_a_rate_has_a_hash_too(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, worksheet(2028).sha256, "--year", "2028")
    assert (run.code, "the worksheet of 2028, no percent yet, incomplete" in run.out) == (0, True)


@pytest.mark.parametrize(
    ("argument", "words"),
    [("none.pdf", "no such file"), ("0123456789a", "no such file"), ("g" * 64, "no such file"), ("f" * 65, "no such")],
)
def test_neither_file_nor_hash(capsys: pytest.CaptureFixture[str], argument: str, words: str) -> None:
    run = Run(capsys, argument)
    assert (run.code, run.out) == (3, "")
    assert words in run.err


def test_a_file_that_is_no_letter(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "other.pdf"
    path.write_bytes(b"%PDF-1.7\n%%EOF\n")
    assert Run(capsys, str(path)).code == 3
    monkeypatch.setattr("calc.cli.rates_verify._BYTES_MAX", 5)
    run = Run(capsys, str(path))
    assert (run.code, "more than 5 bytes" in run.err) == (3, True)


def test_the_help_tells_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "--help")
    assert "Example: puccalc rates verify letter.pdf" in run.out
    assert "Exit 0 where it verifies; 4 where it does not" in " ".join(run.out.split())
