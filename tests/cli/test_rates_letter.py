import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from calc import cli


class Run:
    """What `puccalc rates` printed and its exit code."""

    def __init__(self, capsysbinary: pytest.CaptureFixture[bytes], *arguments: str) -> None:
        with pytest.raises(SystemExit) as raised:
            cli.main(["rates", *arguments])
        self.code = raised.value.code
        self.raw, err = capsysbinary.readouterr()
        self.out, self.err = self.raw.decode("utf-8", "replace"), err.decode()

    def json(self) -> Any:  # noqa: ANN401 - whatever the command prints
        assert self.code == 0
        return json.loads(self.out)


@pytest.mark.parametrize(
    ("name", "start"), [("letter.pdf", b"%PDF-1.7"), ("letter.html", b"<!DOCTYPE html>"), ("letter.TXT", b"Public ")]
)
def test_the_suffix_says_the_form(
    capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path, name: str, start: bytes
) -> None:
    file = tmp_path / name
    run = Run(capsysbinary, "letter", "--year", "2026", "-o", str(file))
    assert (run.code, run.raw) == (0, b"")
    content = file.read_bytes()
    assert content.startswith(start)
    assert f"Wrote {file}, {len(content):,} bytes. To verify it: puccalc rates verify {file}" in run.err
    assert list(tmp_path.iterdir()) == [file]
    again = Run(capsysbinary, "letter", "--year", "2026", "--out", str(file))
    assert (again.code, file.read_bytes() == content) == (0, True)


def test_a_full_disk(
    capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    run = Run(capsysbinary, "letter", "--year", "2026", "-o", str(tmp_path / "letter.txt"))
    assert run.code == 5
    assert "letter.txt: " in run.err
    assert "No space left on device; " in run.err
    assert f"are free in {tmp_path}: make room and try again" in run.err
    assert "resume" not in run.err
    assert list(tmp_path.iterdir()) == []


def test_text_on_stdout_by_default(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    run = Run(capsysbinary, "letter", "--year", "2024", "--dated", "2023-11-20")
    assert (run.code, run.err) == (0, "")
    assert "Dated: November 20, 2023" in run.out
    assert "during calendar year 2024 at the rate of 4.93 percent per annum" in " ".join(run.out.split())
    assert Run(capsysbinary, "letter", "--year", "2024", "--dated", "2023-11-20", "-o", "-").raw == run.raw


def test_a_form_of_ones_own(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    assert Run(capsysbinary, "letter", "--year", "2024", "--format", "pdf").raw.startswith(b"%PDF-1.7")
    file = tmp_path / "letter"
    assert Run(capsysbinary, "letter", "--year", "2024", "--format", "html", "-o", str(file)).code == 0
    assert file.read_bytes().startswith(b"<!DOCTYPE html>")


def test_a_provisional_letter_says_so(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    run = Run(capsysbinary, "letter", "--year", "2027")
    assert run.code == 0
    assert run.err.startswith("PROVISIONAL - not for issue: 2026-07, 2026-08, 2026-09 are derived")
    assert run.out.startswith("PROVISIONAL - not for issue\n")


def test_the_worksheet_as_data(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    shown = Run(capsysbinary, "letter", "--year", "2024", "--json").json()
    assert (shown["sum_percent"], shown["average_exact"], shown["difference_bp"]) == ("59.15", "1183/240", 324)
    assert (shown["rate_percent"], shown["decision"], shown["standing"]) == ("4.93", "reset", "published")
    assert len(shown["months"]) == 12
    assert shown["verify"] == f"puccalc rates verify {shown['sha256']} --year 2024"
    assert shown["made_with"]["engine"].startswith("puccalc ")
    file = tmp_path / "letter.txt"
    assert Run(capsysbinary, "letter", "--year", "2024", "--json", "-o", str(file)).json() == shown
    assert shown["sha256"] in file.read_text("utf-8")


def test_missing_months_are_named_and_nothing_is_written(
    capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    file = tmp_path / "letter.pdf"
    run = Run(capsysbinary, "letter", "--year", "2029", "-o", str(file))
    assert (run.code, run.out) == (7, "")
    for month in ("2027-10", "2027-11", "2027-12", *(f"2028-{month:02d}" for month in range(1, 10))):
        assert month in run.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["letter"], 2, "--year"),
        (["letter", "--year", "1989"], 2, "1990"),
        (["letter", "--year", "2026", "-o", "letter.doc"], 2, "name a .pdf, .html or .txt file, or give --format"),
        (["letter", "--year", "2026", "--format", "doc"], 2, "not one of pdf, html, txt"),
        (["letter", "--year", "2026", "--dated", "soon"], 2, "--dated"),
        (["letter", "--year", "2026", "--set", "treshold_bp=1"], 2, "threshold_bp"),
        (["letter", "--year", "2026", "-o", "no/such/folder/letter.txt"], 5, "no/such/folder/letter.txt"),
    ],
)
def test_errors(capsysbinary: pytest.CaptureFixture[bytes], arguments: list[str], code: int, words: str) -> None:
    run = Run(capsysbinary, *arguments)
    assert (run.code, run.out) == (code, "")
    assert words in run.err


def test_a_switch_reaches_the_letter(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    run = Run(capsysbinary, "letter", "--year", "2027", "--set", "threshold_bp=31")
    assert "The existing rate of 4.08 percent continues." in run.out
    assert "threshold_bp = 31 (set by a switch)" in run.out


@pytest.mark.slow
def test_another_process_another_day_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for number, zone in enumerate(("America/Denver", "Asia/Tokyo")):
        file = tmp_path / f"{number}.pdf"
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": str(number), "PUCCALC_HOME": str(tmp_path / "home")}
        command = [sys.executable, "-c", "from calc import cli; cli.main()"]
        arguments = ["rates", "letter", "--year", "2026", "-o", str(file)]
        subprocess.run([*command, *arguments], env=environment, check=True, capture_output=True)
        made.append(file.read_bytes())
    assert made[0] == made[1]


def test_a_wrong_option_loads_nothing_heavy() -> None:
    code = (
        "import sys; from calc import cli\n"
        "try: cli.main(['rates', 'letter', '--year', '2026', '-o', 'x.doc'])\n"
        "finally: print(sorted({'numpy', 'altair', 'vl_convert', 'typst', 'jinja2'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout.strip()) == (2, "[]")


def test_text_needs_no_typesetter_and_no_charts() -> None:
    code = (
        "import sys; from calc import cli\n"
        "try: cli.main(['rates', 'letter', '--year', '2026'])\n"
        "finally: print(sorted({'altair', 'vl_convert', 'typst', 'polars'} & set(sys.modules)), file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr.strip()) == (0, "[]")
