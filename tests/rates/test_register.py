import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from calc.errors import DataError, PublishRefusedError, RatesMissingError, UsageError
from calc.rates.computing import table
from calc.rates.computing.annual import rate_of_year
from calc.rates.computing.table import load_rate_table
from calc.rates.computing.table_changes import rate_changes
from calc.rates.fred.review import review
from calc.rates.proposal import approve, propose
from calc.rates.register.entries import APPROVAL, PROPOSAL, Register, append, load_register
from calc.rates.register.published import PublishedRate
from calc.rules.resolve import Rules, load_rules
from calc.units import to_day
from tests.rates.by_hand import RULE
from tests.rates.test_snapshot import answer

PROPOSED = date(2026, 10, 15)
APPROVED = date(2026, 11, 20)


def rules() -> Rules:
    return load_rules(date(2026, 10, 1))


def proposed(register: Register | None = None, year: int = 2027, by: str = "Ann Smith") -> Register:
    register = register or Register()
    return register.with_entry(PROPOSAL, propose(register, year, rules(), by=by, on=PROPOSED))


def approved(
    register: Register,
    year: int = 2027,
    by: str = "Bob Jones",
    on: date = APPROVED,
    effective_from: date | None = None,
    *,
    restate: bool = False,
) -> Register:
    start = effective_from or date(year, 1, 1)
    content = approve(register, year, rules(), by=by, on=on, effective_from=start, restate=restate)
    return register.with_entry(APPROVAL, content)


def path(home: Path) -> Path:
    return home / "register.jsonl"


def test_a_proposal_holds_the_whole_working() -> None:
    content = proposed().entries[0].content
    figures = content["figures"]
    assert [month["month"] for month in figures["months"]][::11] == ["2025-10", "2026-09"]
    assert figures["months"][11] == {"month": "2026-09", "rate_percent": "4.37", "status": "derived"}
    assert (figures["sum_percent"], figures["average_exact"], figures["average_percent"]) == (
        "45.31",
        "4531/1200",
        "3.78",
    )
    assert (figures["existing_percent"], figures["difference_bp"], figures["decision"]) == ("4.08", 30, "reset")
    assert (content["rate_percent"], content["by"], content["on"]) == ("3.78", "Ann Smith", "2026-10-15")
    assert "2026-07, 2026-08, 2026-09 are derived" in content["doubt"]
    assert content["rule"]["threshold_bp"] == 25
    assert content["provenance"]["series_sha256"]


def test_an_approved_rate_is_a_published_one(home: Path) -> None:
    append(approved(proposed()))
    last = load_rate_table(RULE).rows[-1]
    assert (last.rate_ppm, last.source, last.known_on) == (37800, "published", APPROVED)
    assert "approved by Bob Jones on 2026-11-20, proposed by Ann Smith" in last.provenance
    assert load_register().entries[1].sha256 in last.provenance
    assert "2026-07" in last.note
    assert load_rate_table(RULE).basis == f"shipped; register SHA-256 {load_register().checksum}"
    assert load_rate_table(RULE, known_on=date(2026, 11, 19)).rows[-1].source == "provisional"
    assert load_rate_table(RULE, known_on=date(2026, 11, 19)).basis == "shipped"
    assert load_rate_table(replace(RULE, published_override=False)).rows[-1].source == "provisional"
    result = rate_of_year(2027, RULE)
    assert (result.rate_ppm, result.source, result.effective_from) == (37800, "published", date(2027, 1, 1))
    assert path(home).exists()


def test_the_file_is_a_chain_of_hashes(home: Path) -> None:
    append(approved(proposed()))
    previous = "0" * 64
    for number, line in enumerate(path(home).read_text("utf-8").splitlines(), start=1):
        body = json.loads(line)
        recorded = body.pop("sha256")
        text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert recorded == hashlib.sha256(text.encode()).hexdigest()
        assert (body["entry"], body["previous"]) == (number, previous)
        previous = recorded
    assert load_register().checksum == previous
    assert load_register() == approved(proposed())


def rehashed(line: str, **changes: object) -> str:
    """A line forged with a right checksum of its own."""
    body: dict[str, Any] = {**json.loads(line), **changes}
    del body["sha256"]
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    body["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize(
    ("tamper", "entry"),
    [
        (lambda lines: [lines[0].replace("3.78", "3.79"), *lines[1:]], 1),
        (lambda lines: [lines[0], lines[1].replace('"rate_percent":"3.78"', '"rate_percent":"3.79"'), *lines[2:]], 2),
        (lambda lines: [lines[0], lines[1].replace("Bob", "Bab"), *lines[2:]], 2),
        (lambda lines: [*lines[:2], lines[2].replace('"year":2026', '"year":2025')], 3),
        (lambda lines: [lines[0], rehashed(lines[1], rate_percent="3.79"), lines[2]], 3),
        (lambda lines: [lines[0], rehashed(lines[1], rate_percent="much"), lines[2]], 2),
        (lambda lines: lines[1:], 1),
        (lambda lines: [lines[0], lines[2]], 2),
        (lambda lines: [lines[1], lines[0], lines[2]], 1),
        (lambda lines: [*lines[:2], lines[2][:-40]], 3),
        (lambda lines: [*lines, "{}"], 4),
        (lambda lines: [*lines, ""], 4),
        (lambda lines: [lines[0], "", *lines[1:]], 2),
        (lambda lines: [lines[0], lines[1].replace("{", "{ ", 1), lines[2]], 2),
    ],
)
def test_a_tampered_entry_is_refused_by_its_number(
    home: Path, tamper: Callable[[list[str]], list[str]], entry: int
) -> None:
    append(proposed(approved(proposed()), 2026))
    lines = path(home).read_text("utf-8").splitlines()
    path(home).write_text("".join(f"{line}\n" for line in tamper(lines)), "utf-8")
    with pytest.raises(DataError, match=rf"register\.jsonl: entry {entry} "):
        load_rate_table(RULE)


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_a_register_whose_end_is_cut_off_is_refused(home: Path, kept: int) -> None:
    append(proposed(approved(proposed()), 2026))
    last = load_register().checksum
    whole = path(home).read_text("utf-8").splitlines(keepends=True)
    path(home).write_text("".join(whole[:kept]), "utf-8")
    if kept == 0:
        path(home).unlink()
    with pytest.raises(DataError, match=rf"has {kept} entries.*entry 3, SHA-256 {last}; restore the register"):
        load_rate_table(RULE)
    path(home).write_text("".join(whole), "utf-8")
    assert load_register().checksum == last


def test_an_entry_after_the_kept_head_is_no_loss(home: Path) -> None:
    """A stop between the two writes leaves the head one entry behind."""
    append(proposed())
    head = (home / "register.head").read_bytes()
    append(approved(proposed()))
    (home / "register.head").write_bytes(head)
    assert load_register() == approved(proposed())
    append(load_register())
    assert (home / "register.head").read_bytes() != head


@pytest.mark.parametrize("name", ["Ann Smith", "ann smith", "  Ann   SMITH ", "Ann\N{NO-BREAK SPACE}Smith"])
def test_nobody_approves_an_own_proposal(name: str) -> None:
    with pytest.raises(UsageError, match="Ann Smith proposed the rate of 2027; another person approves it"):
        approved(proposed(), by=name)


@pytest.mark.parametrize("name", ["", "   ", "a\x00b", "a" * 101])
def test_a_name_that_is_none(name: str) -> None:
    with pytest.raises(UsageError, match="--by"):
        proposed(by=name)


def test_approvals_that_are_refused() -> None:
    with pytest.raises(UsageError, match="no proposal for 2026 waits"):
        approved(proposed(), 2026)
    with pytest.raises(UsageError, match="no proposal for 2027 waits"):
        approved(approved(proposed()))
    with pytest.raises(UsageError, match="proposed on 2026-10-15"):
        approved(proposed(), on=date(2026, 10, 14))
    with pytest.raises(UsageError, match="give a day of 2027"):
        approved(proposed(), effective_from=date(2028, 1, 1))
    with pytest.raises(RatesMissingError, match="2027-09"):
        proposed(year=2028)


def test_a_proposal_whose_months_were_revised_has_to_be_made_again() -> None:
    register = proposed()
    review(answer({"2026-09": "4.61"})).keep(["2026-09"])
    with pytest.raises(PublishRefusedError, match="propose it again"):
        approved(register)
    again = proposed(register)
    assert again.entries[1].content["rate_percent"] == "3.80"
    assert again.entries[1].content["doubt"] == ""
    assert approved(again).entries[2].content["note"] == ""


def test_an_alternative_date_lets_the_rate_before_run_on() -> None:
    append(approved(proposed(), effective_from=date(2027, 3, 1)))
    rows = load_rate_table(RULE).rows
    assert [(row.effective_from, row.rate_ppm) for row in rows[-2:]] == [
        (date(2026, 1, 1), 40800),
        (date(2027, 3, 1), 37800),
    ]
    by_day = load_rate_table(RULE).rate_ppm_by_day(to_day(date(2027, 2, 28)), to_day(date(2027, 3, 1)))
    assert by_day.tolist() == [40800, 37800]
    assert rate_of_year(2027, RULE).effective_from == date(2027, 3, 1)
    off = load_rate_table(replace(RULE, published_override=False)).rows[-1]
    assert (off.effective_from, off.rate_ppm) == (date(2027, 1, 1), 37800)


def test_past_days_change_only_when_told_to() -> None:
    register = proposed(year=2026)
    with pytest.raises(PublishRefusedError, match=r"from 2026-01-01 on.*--restate"):
        approved(register, 2026, effective_from=date(2026, 2, 1))
    with pytest.raises(PublishRefusedError, match="from 2026-01-01 on"):
        approved(register, 2026, on=date(2026, 11, 20), effective_from=date(2026, 12, 1))
    restated = approved(register, 2026, effective_from=date(2026, 2, 1), restate=True)
    changes = rate_changes(load_rate_table(RULE), load_rate_table(RULE, register=restated))
    assert [(was and was.rate_ppm, now and now.rate_ppm) for was, now in changes] == [(40800, None), (None, 40800)]
    same = approved(register, 2026)
    assert load_rate_table(RULE, register=same).rows[-2].source == "published"


def test_the_last_approval_of_a_year_counts() -> None:
    first = approved(proposed())
    review(answer({"2026-09": "4.61"})).keep(["2026-09"])
    append(approved(proposed(first), by="Cy", on=date(2026, 12, 20)))
    assert load_rate_table(RULE).rows[-1].rate_ppm == 38000
    before = load_rate_table(RULE, known_on=date(2026, 12, 19)).rows[-1]
    assert before.rate_ppm == 37800
    assert "the rule gives 3.80" in before.note


def test_a_letter_outranks_an_approval_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    append(approved(proposed()))
    letter = PublishedRate(date(2027, 1, 1), 37500, date(2026, 12, 10), "Colorado PUC", "a letter", "3.75%")
    monkeypatch.setattr(table, "shipped_published", lambda: (letter,))
    last = load_rate_table(RULE).rows[-1]
    assert (last.rate_ppm, last.known_on) == (37500, date(2026, 12, 10))
    assert "outranks 3.78 from 2027-01-01, approved by Bob Jones" in last.note
    assert "the rule gives 3.78" in last.note
    assert load_rate_table(RULE, known_on=date(2026, 12, 9)).rows[-1].rate_ppm == 37800
    monkeypatch.setattr(table, "shipped_published", lambda: (replace(letter, rate_ppm=37800),))
    same = load_rate_table(RULE).rows[-1]
    assert (same.rate_ppm, same.note) == (37800, "")


def test_letters_of_other_days_stand_beside_an_approval(monkeypatch: pytest.MonkeyPatch) -> None:
    append(approved(proposed()))
    letter = PublishedRate(date(2027, 7, 1), 37500, date(2027, 6, 1), "Colorado PUC", "a letter", "3.75%")
    monkeypatch.setattr(table, "shipped_published", lambda: (letter,))
    assert [row.rate_ppm for row in load_rate_table(RULE).rows[-2:]] == [37800, 37500]


def test_the_rate_of_a_published_year_is_proposed_by_the_rule() -> None:
    content = proposed(year=2024).entries[0].content
    assert (content["rate_percent"], content["figures"]["existing_percent"]) == ("4.93", "1.69")
    kept = proposed(year=2025).entries[0].content
    assert (kept["rate_percent"], kept["figures"]["decision"], kept["figures"]["difference_bp"]) == ("4.93", "keep", 0)


def test_a_register_that_cannot_be_read_is_named(home: Path) -> None:
    path(home).mkdir(parents=True)
    with pytest.raises(DataError, match=r"register\.jsonl: cannot be read"):
        load_register()
