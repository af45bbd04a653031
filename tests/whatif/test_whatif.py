"""Scenarios side by side: the document's example worked out by hand, few households, incomes, files that are wrong."""

import re
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from calc.errors import DataError
from calc.rules.guidelines import load_guidelines
from calc.whatif.scenario_file import load_study
from tests.cases.command import Finished, puccalc

ROOT: Final = Path(__file__).parents[2]
DOCUMENT: Final = (ROOT / "docs/whatif.md").read_text("utf-8")
FILES: Final = dict(re.findall(r"^`([\w.]+)`:\n\n((?:    .*\n|\n)+)", DOCUMENT, flags=re.MULTILINE))
TABLES: Final = re.findall(r"^\| (.+) \|\n\|[-|]+\|\n((?:\|.+\n)+)", DOCUMENT, flags=re.MULTILINE)
HEAD: Final = 'title = "T"\nparticipants = "households.csv"\nas_of = 2026-09-30\nfewest_households = 0\n'
ONE: Final = HEAD + '[[scenario]]\nname = "S"\n'


def write_example(folder: Path) -> Path:
    for name, text in FILES.items():
        (folder / name).write_text(re.sub(r"^    ", "", text, flags=re.MULTILINE).rstrip() + "\n", "utf-8")
    return folder / "scenarios.toml"


def compared(file: Path, *options: str) -> Finished:
    return puccalc(["whatif", str(file), *options])


def figures(answer: Finished) -> dict[tuple[str, str, str], str]:
    return {(each["title"], each["row"], each["column"]): each["text"] for each in answer.json()["figures"]}


def study(folder: Path, text: str) -> Any:  # noqa: ANN401 - a study
    (folder / "scenarios.toml").write_text(text, "utf-8")
    return load_study(folder / "scenarios.toml")


def test_the_documents_figures(tmp_path: Path) -> None:
    found = figures(compared(write_example(tmp_path), "--json"))
    titles = {title for title, *_ in found}
    worked = 0
    for heads, rows in TABLES:
        title, *columns = heads.split(" | ")
        if title not in titles:
            continue
        for row in rows.splitlines():
            name, *cells = [cell.strip() for cell in row.strip("|").split("|")]
            assert {column: found[title, name, column] for column in columns} == dict(zip(columns, cells, strict=True))
            worked += len(cells)
    assert worked == 5 * 4 + 3 * 4 + 5 * 3 + 7 * 4


def test_few_households_are_left_out_with_what_gives_them_away(tmp_path: Path) -> None:
    """Two households of one band and one of another: below 15, all of it goes."""
    file = write_example(tmp_path)
    file.write_text(file.read_text("utf-8").replace("fewest_households = 0\n", ""), "utf-8")
    answer = compared(file, "--json", "-o", str(tmp_path / "out"))
    data = answer.json()
    assert data["fewest_households"] == 15
    burden = [each for each in data["figures"] if each["title"].startswith("Burden")]
    assert {each["text"] for each in burden if each["row"] == "all"} == {"suppressed"}
    assert not [each for each in burden if each["value"]]


def test_few_winners_take_the_losers_figures_with_them(tmp_path: Path) -> None:
    """At 3 % all three pay less; at a bill 30 % higher one of three pays more, and two the same."""
    file = write_example(tmp_path)
    file.write_text(file.read_text("utf-8").replace("fewest_households = 0", "fewest_households = 2"), "utf-8")
    found = figures(compared(file, "--json"))
    title = "Winners and losers against as it is"
    rows = ("pay less", "less, in all", "pay more", "more, in all", "pay the same")
    assert [found[title, row, "shares of 3 %"] for row in rows] == ["3", "1,500.00", "0", "0.00", "0"]
    assert {found[title, row, "bills +30 %"] for row in rows} == {"suppressed"}


def test_no_income_is_in_any_output(tmp_path: Path) -> None:
    """Incomes that no other figure has, of bands of one household each."""
    file = write_example(tmp_path)
    rows = (
        (tmp_path / "households.csv").read_text("utf-8").replace("18000.00", "17653.19").replace("30000.00", "29871.43")
    )
    (tmp_path / "households.csv").write_text(rows, "utf-8")
    answer = compared(file, "--json", "-o", str(tmp_path / "out"))
    shown = compared(file)
    texts = [
        answer.out,
        answer.err,
        shown.out,
        shown.err,
        (tmp_path / "out/whatif.html").read_text("utf-8"),
    ]
    texts.append(str(pl.read_parquet(tmp_path / "out/whatif.parquet").to_dicts()))
    for text in texts:
        assert not re.search(r"17,?653|1765319|29,?871|2987143", text)


def test_the_folder_holds_a_workbook_a_page_with_charts_and_parquet(tmp_path: Path) -> None:
    compared(write_example(tmp_path), "-o", str(tmp_path / "out"))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "whatif.html",
        "whatif.parquet",
        "whatif.xlsx",
    ]
    page = (tmp_path / "out/whatif.html").read_text("utf-8")
    assert page.count("<svg") == 3
    assert ">above 50 to 100 %: bills +12 %</text>" in page
    rows = pl.read_parquet(tmp_path / "out/whatif.parquet").filter(pl.col("row") == "households pay")
    assert rows["value"].to_list() == [3_300_00, 3_936_00, 3_600_00, 1_800_00]


def test_a_new_year_takes_the_new_bill_as_its_basis(tmp_path: Path) -> None:
    """2,016.00 - 1,080.00, 1,680.00 - 1,800.00 below zero, 2,240.00 - 720.00."""
    write_example(tmp_path)
    study(tmp_path, ONE + 'bills_percent = 12\nbasis = "new"\n')
    found = figures(compared(tmp_path / "scenarios.toml", "--json"))
    assert found["A year's cost and credits", "credits for usage", "S"] == "2,456.00"


def test_terms_of_a_scenario_replace_the_rows_own(tmp_path: Path) -> None:
    """A's own share of 4 % leaves 1,080.00; the scenario's 5 % leaves 900.00. An arrearage of 240.00 over 12 months."""
    write_example(tmp_path)
    head, first, *_ = (tmp_path / "households.csv").read_text("utf-8").splitlines()
    text = f"{head},share_ppm,arrearage,arrearage_months\n{first},40000,240.00,24\n"
    (tmp_path / "households.csv").write_text(text, "utf-8")
    study(tmp_path, ONE + "share_ppm = { electric_heat = 50_000 }\narrearage_months = 12\n")
    found = figures(compared(tmp_path / "scenarios.toml", "--json"))
    title = "A year's cost and credits"
    assert [found[title, "credits for usage", name] for name in ("as it is", "S")] == ["1,080.00", "900.00"]
    assert [found[title, "credits for arrearage", name] for name in ("as it is", "S")] == ["120.00", "240.00"]


def test_copayments_count_in_what_is_paid(tmp_path: Path) -> None:
    """1 % of 18,000.00 over 24 months: 90.00 in twelve. 320.00 are left: 13.33 a month, a cent more in eight."""
    write_example(tmp_path)
    head, first, *_ = (tmp_path / "households.csv").read_text("utf-8").splitlines()
    (tmp_path / "households.csv").write_text(f"{head},arrearage\n{first},500.00\n", "utf-8")
    study(tmp_path, ONE + "copayment_ppm = 10_000\n")
    found = figures(compared(tmp_path / "scenarios.toml", "--json"))
    title = "A year's cost and credits"
    assert found[title, "households pay", "S"] == "1,170.00"
    assert found[title, "credits for arrearage", "S"] == "160.04"
    assert found["Winners and losers against as it is", "more, in all", "S"] == "90.00"


def test_a_row_that_one_scenario_refuses_is_left_out_of_all(tmp_path: Path) -> None:
    """Of 24 months 12 have elapsed: with an arrearage over 12 months none is left."""
    write_example(tmp_path)
    head, first, second, _ = (tmp_path / "households.csv").read_text("utf-8").splitlines()
    rows = f"{head},arrearage,arrearage_elapsed_months\n{first},240.00,12\n{second},,\n{second},,\n"
    (tmp_path / "households.csv").write_text(rows.replace("B,2", "D,4", 1), "utf-8")
    study(tmp_path, ONE + "arrearage_months = 12\n")
    data = compared(tmp_path / "scenarios.toml", "--json").json()
    assert (data["rows"], data["refused_rows"], data["reasons"]) == (3, 1, {"out_of_range": 1})


def test_a_fee_of_a_scenario_is_recovered(tmp_path: Path) -> None:
    """0.95 from 200 customers in twelve months."""
    file = write_example(tmp_path)
    file.write_text(file.read_text("utf-8").replace("bills_percent = 12", "residential_fee = 0.95"), "utf-8")
    found = figures(compared(file, "--json"))
    assert found["The residential fee a month against its ceiling", "recovery", "bills +12 %"] == "2,280.00"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD, "line 4: scenario: expected 1 through 20 tables [[scenario]]"),
        (
            ONE + "share_ppm = { electric_heat = 70_000 }\n",
            "line 7: scenario.share_ppm: electric_heat is 70000; expected",
        ),
        (ONE + "share_ppm = { gas = 1 }\n", "gas is unknown; expected one of electric_heat"),
        (
            ONE + "minimum_monthly_payment_cents = { gas = 1_001 }\n",
            "(0.00 to 10.00 dollars) by 4 CCR 723-4-4412(e)(III)",
        ),
        (ONE + "arrearage_months = 25\n", "expected a whole number from 1 through 24"),
        (ONE + "copayment_ppm = 10_001\n", "expected a whole number from 0 through 10000"),
        (ONE + "bills_percent = -101\n", "scenario.bills_percent: is -101; expected a number from -100 through 1000"),
        (ONE + 'basis = "old"\n', "expected one of kept, new"),
        (ONE + "surcharge = 1\n", "scenario.surcharge: unknown"),
        (ONE + '[[scenario]]\nname = "S"\n', "occurs twice"),
        (ONE.replace("fewest_households = 0", "income_bands_percent = [100, 50]"), "rising whole percentages"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(DataError) as error:
        study(tmp_path, text)
    assert words in str(error.value)


def test_guidelines_begin_somewhere(tmp_path: Path) -> None:
    first = min(load_guidelines().poverty_usd)
    answer = compared(write_example(tmp_path), "--as-of", f"{first - 1}-12-31")
    assert (answer.code, answer.out) == (2, "")
    assert "no federal poverty guideline is known" in answer.err
