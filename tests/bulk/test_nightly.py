"""The nightly run end to end: every reason code, what is published when, and that no setting shows in the result."""

import json
import threading
import time
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from calc.bulk.publish.results import read_results
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.columns.contract import DATASETS
from calc.errors import InputError, PublishRefusedError, UsageError
from calc.sample import write_sample
from tests.bulk.bad_rows import csv_of, frame_of, numbered, rows_of

AS_OF = date(2026, 9, 30)
ALL_BAD = Fraction(1)


def write(folder: Path, dataset: str, rows: list[dict[str, Any]], kind: str) -> str:
    path = folder / f"{dataset}.{kind}"
    if kind == "parquet":
        frame_of(dataset, rows).write_parquet(path)
    else:
        path.write_text("\n".join(csv_of(dataset, rows)) + "\n")
    return str(path)


def quarantine(out: Path, dataset: str, named: str = "manifest.json") -> list[dict[str, Any]]:
    manifest = json.loads((out / named).read_text())
    parts = manifest["quarantine"][dataset]["parts"]
    rows: list[dict[str, Any]] = []
    for part in parts:
        rows.extend(pl.read_parquet(out / part["path"]).to_dicts())
    assert len(rows) == manifest["quarantine"][dataset]["rows"]
    return rows


def job(out: Path, **settings: Any) -> NightlyJob:  # noqa: ANN401 - fields of any type
    return NightlyJob(
        **{"as_of": AS_OF, "out": out, "max_bad_share": ALL_BAD, "max_unmatched_share": ALL_BAD, **settings}
    )


@pytest.mark.parametrize("kind", ["parquet", "csv"])
@pytest.mark.parametrize("dataset", DATASETS)
def test_every_reason_is_found_on_its_row(dataset: str, kind: str, tmp_path: Path) -> None:
    rows, expected = rows_of(dataset, typed=kind == "parquet")
    inputs = {dataset: write(tmp_path, dataset, rows, kind)}
    if dataset != "deposits":
        inputs["deposits"] = write(tmp_path, "deposits", [numbered("deposits", 1_000_000)], "parquet")
    out = tmp_path / "out"
    manifest = run_nightly(job(out, **inputs))
    found = quarantine(out, dataset)
    assert {row["row"]: (row["reasons"], row["reason_columns"]) for row in found} == expected
    assert {row["file"] for row in found} == {inputs[dataset]}
    assert [row["line"] for row in found] == [None if kind == "parquet" else row["row"] + 1 for row in found]
    assert all(row["raw_line"] is None for row in found)
    names = [column.name for column in DATASETS[dataset].columns]
    as_read = [{name: row[name] for name in names} for row in found]
    if kind == "parquet":
        assert as_read == [rows[number - 1] for number in expected]
    else:
        lines = csv_of(dataset, rows)
        assert csv_of(dataset, as_read)[1:] == [lines[number] for number in expected]
    good = [row for number, row in enumerate(rows, 1) if number not in expected]
    key = DATASETS[dataset].key[0]
    assert read_results(out, dataset).collect()[key].to_list() == [row[key] for row in good]
    assert manifest["rows"][dataset] == {"in": len(rows), "out": len(good), "quarantined": len(expected)}


def test_lines_that_are_no_rows(tmp_path: Path) -> None:
    good = [numbered("deposits", number) for number in range(4)]
    header, *lines = csv_of("deposits", good)
    lines[1:1] = ['D9,"A9,electric', "D8,A8,gas,deposit,1,000,2022-03-01,,,,,true,true,0,0,,,,", "", "D7,A7,gas"]
    path = tmp_path / "deposits.csv"
    path.write_bytes("\n".join([header, *lines]).encode() + b"\nD\xff,A,gas,deposit,1,2022-03-01,,,,,,,,\n")
    out = tmp_path / "out"
    manifest = run_nightly(job(out, deposits=str(path)))
    found = [(row["row"], row["line"], row["reasons"], row["raw_line"]) for row in quarantine(out, "deposits")]
    assert found == [
        (2, 3, ["bad_line"], 'D9,"A9,electric'),
        (3, 4, ["bad_line"], "D8,A8,gas,deposit,1,000,2022-03-01,,,,,true,true,0,0,,,,"),
        (4, 6, ["missing_value"], None),
        (8, 10, ["bad_line"], r"D\xff,A,gas,deposit,1,2022-03-01,,,,,,,,"),
    ]
    assert quarantine(out, "deposits")[2]["deposit_id"] == "D7"
    assert [row["reason_columns"] for row in quarantine(out, "deposits")] == [
        [""], [""], ["principal_cents, received_date"], [""]
    ]  # fmt: skip
    assert manifest["rows"]["deposits"] == {"in": 8, "out": 4, "quarantined": 4}


def test_three_decimals_of_a_dollar(tmp_path: Path) -> None:
    path = tmp_path / "deposits.csv"
    lines = csv_of("deposits", [numbered("deposits", 0), {**numbered("deposits", 1), "principal_cents": "5.005"}])
    lines[0] = lines[0].replace("principal_cents", "principal")
    path.write_text("\n".join(lines))
    run_nightly(job(tmp_path / "out", deposits=str(path)))
    (row,) = quarantine(tmp_path / "out", "deposits")
    assert (row["reasons"], row["reason_columns"]) == (["too_many_decimals"], ["principal"])


def test_held_totals_and_what_rests_on_a_quarantined_deposit(tmp_path: Path) -> None:
    def deposit(number: int, account: str, **change: Any) -> dict[str, Any]:  # noqa: ANN401 - columns of any type
        return {**numbered("deposits", number), "account_id": account, **change}

    def account(name: str, service: str) -> dict[str, Any]:
        return {**numbered("accounts", 0), "account_id": name, "service": service}

    deposits = [
        deposit(0, "one", principal_cents=10000),
        deposit(1, "one", principal_cents=250),
        deposit(2, "one", principal_cents=7, service="gas"),
        deposit(3, "one", principal_cents=10**12, kind="construction_advance"),
        deposit(4, "one", principal_cents=10**9, paid_date=date(2026, 9, 30)),
        deposit(5, "one", principal_cents=10**9, received_date=date(2026, 10, 1)),
        deposit(6, "one", principal_cents=3, service_ended_date=date(2026, 1, 1)),
        deposit(7, "bad electric", principal_cents=-1),
        deposit(8, "bad electric", principal_cents=5, service="gas"),
        deposit(9, "bad both", service="water"),
        deposit(10, " ", service="gas"),
    ]
    accounts = [
        account("one", "electric"),
        account("one", "gas"),
        account("none", "gas"),
        account("bad electric", "electric"),
        account("bad electric", "gas"),
        account("bad both", "electric"),
        account("bad both", "gas"),
    ]
    inputs = {
        "deposits": write(tmp_path, "deposits", deposits, "parquet"),
        "accounts": write(tmp_path, "accounts", accounts, "csv"),
    }
    out = tmp_path / "out"
    manifest = run_nightly(job(out, **inputs, part_rows=2))
    held = read_results(out, "accounts").select("account_id", "service", "held_cents").collect().rows()
    assert held == [("one", "electric", 10253), ("one", "gas", 7), ("none", "gas", 0), ("bad electric", "gas", 5)]
    refused = [(row["row"], row["reasons"]) for row in quarantine(out, "accounts")]
    assert refused == [(number, ["depends_on_quarantined"]) for number in (4, 6, 7)]
    assert {tuple(row["reason_columns"]) for row in quarantine(out, "accounts")} == {("account_id and service",)}
    assert any("1 quarantined deposits name no account" in note for note in manifest["notes"])


def test_control_totals_by_hand(tmp_path: Path) -> None:
    rows = [
        {
            **numbered("deposits", 0),
            "service_ended_date": date(2024, 3, 15),
            "remitted_date": AS_OF,
            "posted_cents": 99,
        },
        {**numbered("deposits", 1), "service": "gas", "received_date": date(2024, 1, 1), "paid_date": date(2025, 1, 1)},
        {**numbered("deposits", 2), "service": "gas", "received_date": date(2024, 1, 1), "paid_date": date(2025, 1, 1)},
        {**numbered("deposits", 3), "kind": "overcharge_refund"},
    ]
    manifest = run_nightly(job(tmp_path / "out", deposits=write(tmp_path, "deposits", rows, "parquet"), part_rows=1))
    # 200.00 remitted: 29.32 + 2.46 = 31.78 (RULES, section 5); over the whole of 2024 at 4.93 %: 9.86.
    remitted = {
        "rows": 1, "principal_cents": 20000, "base_interest_cents": 2932, "surcharge_interest_cents": 246,
        "interest_cents": 3178, "posted_cents": 99, "interest_due_cents": 3079, "remittance_cents": 23079,
    }  # fmt: skip
    returned = {
        "rows": 2, "principal_cents": 40000, "base_interest_cents": 1972, "surcharge_interest_cents": 0,
        "interest_cents": 1972, "posted_cents": 0, "interest_due_cents": 1972, "remittance_cents": 0,
    }  # fmt: skip
    totals = manifest["control_totals"]["deposits"]
    assert totals["electric"]["remitted"] == remitted
    assert totals["gas"] == {"returned": returned}
    assert totals["electric"]["excluded"]["rows"] == 1
    assert totals["all"]["interest_cents"] == 3178 + 1972
    assert totals["all"]["rows"] == 4


def test_too_many_bad_rows_publish_nothing_and_leave_the_old_result(tmp_path: Path) -> None:
    out = tmp_path / "out"
    good = [numbered("deposits", number) for number in range(199)]
    bad = {**numbered("deposits", 199), "kind": "bond"}
    worse = {**numbered("deposits", 200), "service": "water"}
    share = Fraction(5, 1000)
    one_in_200 = write(tmp_path, "deposits", [*good, bad], "parquet")
    first = run_nightly(job(out, deposits=one_in_200, max_bad_share=share))
    assert first["rows"]["deposits"]["quarantined"] == 1
    before = read_results(out, "deposits").collect()
    two_in_201 = write(tmp_path, "deposits", [*good, bad, worse], "csv")
    with pytest.raises(PublishRefusedError, match="2 of 201 rows of deposits are bad") as refused:
        run_nightly(job(out, deposits=two_in_201, max_bad_share=share))
    said = "kind unknown_value 1 (first: deposits.csv row 200, line 201), service unknown_value 1 (first: deposits.csv"
    assert said in str(refused.value)
    assert json.loads((out / "refused.json").read_text())["quarantine"]["deposits"]["by_column"] == [
        {
            "reason": "unknown_value",
            "column": column,
            "allowed": allowed,
            "rows": 1,
            "first": {"file": two_in_201, "row": row, "line": row + 1},
        }
        for column, row, allowed in (
            (
                "kind",
                200,
                "one of deposit, construction_advance, overcharge_refund, cost_adjustment_credit, or nothing",
            ),
            ("service", 201, "one of electric, gas"),
        )
    ]
    assert [row["row"] for row in quarantine(out, "deposits", "refused.json")] == [200, 201]
    assert json.loads((out / "manifest.json").read_text())["run_id"] == first["run_id"]
    assert_frame_equal(read_results(out, "deposits").collect(), before)
    refused_run = json.loads((out / "refused.json").read_text())["run_id"]
    assert sorted(each.name for each in (out / "runs" / refused_run).iterdir()) == ["job.json", "quarantine"]
    third = run_nightly(job(out, deposits=one_in_200, max_bad_share=share))
    assert not (out / "refused.json").exists()
    assert {each.name for each in (out / "runs").iterdir()} == {first["run_id"], third["run_id"]}


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_missing_column_is_named(kind: str, tmp_path: Path) -> None:
    frame = frame_of("deposits", [numbered("deposits", 0)]).drop("received_date", "service")
    path = tmp_path / f"deposits.{kind}"
    frame.write_parquet(path) if kind == "parquet" else frame.write_csv(path)
    with pytest.raises(
        InputError, match=r"\.(parquet|csv): deposits lacks the required columns service, received_date"
    ) as missing:
        run_nightly(job(tmp_path / "out", deposits=str(path)))
    assert missing.value.exit_code == 3
    assert str(path) in str(missing.value)
    assert not (tmp_path / "out").exists()


def test_dollars_as_floats_are_refused(tmp_path: Path) -> None:
    frame = (
        frame_of("deposits", [numbered("deposits", 0)]).with_columns(principal=pl.lit(200.1)).drop("principal_cents")
    )
    frame.write_parquet(tmp_path / "deposits.parquet")
    with pytest.raises(InputError, match=r"deposits\.parquet: column principal is of type Float64"):
        run_nightly(job(tmp_path / "out", deposits=str(tmp_path / "deposits.parquet")))


def test_optional_columns_may_be_absent(tmp_path: Path) -> None:
    optional = [column.name for column in DATASETS["deposits"].columns if column.optional]
    frame = frame_of("deposits", [numbered("deposits", 0)]).drop(optional)
    frame.write_parquet(tmp_path / "deposits.parquet")
    assert (
        run_nightly(job(tmp_path / "out", deposits=str(tmp_path / "deposits.parquet")))["rows"]["deposits"]["out"] == 1
    )


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("portfolio")
    write_sample(6000, 7, folder)
    return folder


def content(out: Path, portfolio: Path, **settings: Any) -> dict[str, Any]:  # noqa: ANN401 - as in job
    """Everything that a run publishes, without what names the run and its files."""
    inputs = {name: str(portfolio / f"{name}.parquet") for name in DATASETS}
    manifest = run_nightly(job(out, **{**inputs, **settings}))
    frames = {name: read_results(out, name).collect() for name in DATASETS}
    refused = {name: [{**row, "file": ""} for row in quarantine(out, name)] for name in DATASETS}
    return {
        "frames": {name: frame.to_dicts() for name, frame in frames.items()},
        "quarantine": refused,
        "totals": manifest["control_totals"],
        "rows": manifest["rows"],
    }


@pytest.mark.parametrize(("threads", "part_rows"), [(1, 6000), (2, 857), (4, 94), (4, 7000)])
def test_threads_and_parts_do_not_show(threads: int, part_rows: int, portfolio: Path, tmp_path: Path) -> None:
    whole = content(tmp_path / "whole", portfolio, threads=2)
    assert whole["rows"]["deposits"]["quarantined"] > 0
    assert content(tmp_path / "cut", portfolio, threads=threads, part_rows=part_rows) == whole


def test_the_order_of_the_input_does_not_show(portfolio: Path, tmp_path: Path) -> None:
    for seed, name in enumerate(DATASETS):
        shuffled = pl.read_parquet(portfolio / f"{name}.parquet").sample(fraction=1, shuffle=True, seed=seed)
        shuffled.write_parquet(tmp_path / f"{name}.parquet")
    ordered, other = (
        content(tmp_path / out, folder, part_rows=857) for out, folder in (("ordered", portfolio), ("other", tmp_path))
    )
    assert ordered["frames"] != other["frames"]
    for found in (ordered, other):
        for rows in (rows for part in ("frames", "quarantine") for rows in found[part].values()):
            for row in rows:
                row.pop("row", None)
            rows.sort(key=repr)
    assert ordered == other


def test_another_day_s_clock_does_not_show(portfolio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--as-of alone counts; that nothing asks what day it is stands in tests/structure/test_modules.py."""
    tonight = content(tmp_path / "tonight", portfolio)
    for zone, seconds in (("Pacific/Kiritimati", 0.0), ("America/Denver", 4e9)):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        monkeypatch.setattr(time, "time", lambda now=seconds: now)
        monkeypatch.setattr(time, "time_ns", lambda now=seconds: int(now * 1e9))
        assert content(tmp_path / zone.partition("/")[2], portfolio) == tonight
    monkeypatch.undo()
    time.tzset()


def test_csv_gives_what_parquet_gives(portfolio: Path, tmp_path: Path) -> None:
    for name in DATASETS:
        frame = pl.read_parquet(portfolio / f"{name}.parquet")
        texts = pl.selectors.list().list.eval(pl.element().cast(pl.String)).list.join(" ")
        frame.with_columns(texts).write_csv(tmp_path / f"{name}.csv")
    typed = content(tmp_path / "typed", portfolio)
    text = content(tmp_path / "text", portfolio, **{name: str(tmp_path / f"{name}.csv") for name in DATASETS})
    assert text["frames"] == typed["frames"]
    assert text["totals"] == typed["totals"]
    assert text["rows"] == typed["rows"]
    for name in DATASETS:
        places = [[(row["row"], row["reasons"]) for row in each["quarantine"][name]] for each in (text, typed)]
        assert places[0] == places[1]


def test_a_folder_and_a_glob_are_their_files_in_order(portfolio: Path, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    frame = pl.read_parquet(portfolio / "deposits.parquet")
    frame[:1000].write_parquet(folder / "a.parquet")
    frame[1000:1001].write_csv(folder / "b.csv")
    frame[1001:].write_parquet(folder / "c.parquet")
    (folder / "_SUCCESS").write_text("")
    (folder / "notes.txt").write_text("not data")
    whole = content(tmp_path / "whole", portfolio)
    for named in (str(folder), str(folder / "*.[cp]*")):
        cut = content(tmp_path / "cut", portfolio, deposits=named)
        assert cut["frames"] == whole["frames"]
        assert cut["totals"] == whole["totals"]
        assert cut["rows"] == whole["rows"]


def test_copies_of_a_key_are_found_across_files(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    frame_of("deposits", [numbered("deposits", number) for number in (1, 2)]).write_parquet(folder / "a.parquet")
    frame_of("deposits", [numbered("deposits", number) for number in (3, 1)]).write_csv(folder / "b.csv")
    run_nightly(job(tmp_path / "out", deposits=str(folder)))
    found = [(Path(row["file"]).name, row["row"], row["reasons"]) for row in quarantine(tmp_path / "out", "deposits")]
    assert found == [("a.parquet", 1, ["duplicate_key"]), ("b.csv", 2, ["duplicate_key"])]
    assert read_results(tmp_path / "out", "deposits").collect()["deposit_id"].to_list() == ["D2", "D3"]


def test_kept_columns(tmp_path: Path) -> None:
    frame = frame_of("deposits", [numbered("deposits", 0), {**numbered("deposits", 1), "kind": "bond"}])
    path = tmp_path / "deposits.parquet"
    frame.with_columns(branch=pl.Series(["north", "south"])).write_parquet(path)
    run_nightly(job(tmp_path / "out", deposits=str(path), keep_columns=True))
    kept = read_results(tmp_path / "out", "deposits").collect()
    assert kept.columns == [*DATASETS["deposits"].results, "branch"]
    assert kept["branch"].to_list() == ["north"]
    assert quarantine(tmp_path / "out", "deposits")[0]["branch"] == "south"
    run_nightly(job(tmp_path / "out", deposits=str(path)))
    assert "branch" not in read_results(tmp_path / "out", "deposits").collect_schema().names()


def test_a_kept_column_may_not_take_a_result_s_name(tmp_path: Path) -> None:
    path = tmp_path / "deposits.parquet"
    frame_of("deposits", [numbered("deposits", 0)]).with_columns(status=pl.lit("open")).write_parquet(path)
    assert run_nightly(job(tmp_path / "out", deposits=str(path)))["rows"]["deposits"]["out"] == 1
    with pytest.raises(InputError, match="cannot keep status"):
        run_nightly(job(tmp_path / "out", deposits=str(path), keep_columns=True))
    frame_of("deposits", [numbered("deposits", 0)]).with_columns(row=pl.lit(1)).write_parquet(path)
    with pytest.raises(InputError, match="cannot keep row"):
        run_nightly(job(tmp_path / "out", deposits=str(path), keep_columns=True))


def test_results_have_the_contract_s_types(portfolio: Path, tmp_path: Path) -> None:
    content(tmp_path, portfolio)
    for name, dataset in DATASETS.items():
        assert dict(read_results(tmp_path, name).collect().schema) == dataset.results


def test_an_empty_dataset_is_a_result_too(tmp_path: Path) -> None:
    path = write(tmp_path, "deposits", [], "parquet")
    assert run_nightly(job(tmp_path / "out", deposits=path))["rows"]["deposits"] == {
        "in": 0,
        "out": 0,
        "quarantined": 0,
    }
    assert dict(read_results(tmp_path / "out", "deposits").collect().schema) == DATASETS["deposits"].results


def test_a_result_that_is_not_there(portfolio: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no run has published"):
        read_results(tmp_path, "deposits")
    run_nightly(job(tmp_path, deposits=str(portfolio / "deposits.parquet")))
    with pytest.raises(UsageError, match="the run has no accounts"):
        read_results(tmp_path, "accounts")


def test_what_was_set_is_kept(portfolio: Path, tmp_path: Path) -> None:
    deposits = str(portfolio / "deposits.parquet")
    switches = {"day_count": "actual_365"}
    manifest = run_nightly(job(tmp_path, deposits=deposits, switches=switches, known_on=date(2026, 1, 1)))
    assert manifest["switches"] == switches
    assert manifest["tariff"] == "default"
    assert manifest["as_of"] == "2026-09-30"
    assert manifest["known_on"] == "2026-01-01"
    assert manifest["rate_in_force"]["effective_from"] <= "2026-01-01"
    assert manifest["inputs"]["deposits"][0]["bytes"] == (portfolio / "deposits.parquet").stat().st_size


def test_a_provisional_rate_is_told(portfolio: Path, tmp_path: Path) -> None:
    deposits = str(portfolio / "deposits.parquet")
    sure = run_nightly(job(tmp_path, deposits=deposits, as_of=date(2027, 1, 1)))
    assert sure["provisional"] is False
    unsure = run_nightly(job(tmp_path, deposits=deposits, as_of=date(2027, 1, 2)))
    assert unsure["provisional"] is True
    assert unsure["notes"][0].startswith("PROVISIONAL: rates from 2027-01-01")


def test_a_reader_never_sees_two_results_mixed(tmp_path: Path) -> None:
    """Two portfolios take turns in one output; whatever manifest a reader opens, all that it names is of one run."""
    out = tmp_path / "out"
    inputs = []
    for number, name in enumerate(("first", "second")):
        folder = tmp_path / name
        folder.mkdir()
        rows = [{**numbered("deposits", row), "principal_cents": 100 + number} for row in range(400)]
        inputs.append(write(folder, "deposits", rows, "parquet"))
    run_nightly(job(out, deposits=inputs[0], part_rows=50))
    stop = threading.Event()
    seen: list[set[int]] = []
    failures: list[BaseException] = []

    def read() -> None:
        try:
            while not stop.is_set():
                manifest = json.loads((out / "manifest.json").read_text())
                parts = manifest["datasets"]["deposits"]["parts"]
                rows = sum(pl.read_parquet(out / part["path"]).height for part in parts)
                total = manifest["control_totals"]["deposits"]["all"]["principal_cents"]
                assert rows == 400
                seen.append({total})
                assert read_results(out, "deposits").collect().height == 400
        except BaseException as error:  # noqa: BLE001 - told by the test below
            failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(12):
        run_nightly(job(out, deposits=inputs[turn % 2], part_rows=50))
        # The previous run stays readable, the one before it does not: a reader may be overtaken once.
        read_so_far = len(seen)
        while len(seen) == read_so_far and reader.is_alive():
            time.sleep(0.001)
    stop.set()
    reader.join()
    assert not failures
    assert {100 * 400} in seen
    assert {101 * 400} in seen
    assert all(totals in ({100 * 400}, {101 * 400}) for totals in seen)
