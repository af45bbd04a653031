"""Spark on two local cores against the one-machine run: results, quarantine and totals, failed tasks, files."""

import json
import os
import signal
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the name that Spark's own pages use

from calc.bulk.publish.results import read_results
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.bulk.spark import SparkRun, read_input, run_spark
from calc.bulk.spark.between_rows import CONTENT
from calc.bulk.spark.command import main
from calc.bulk.spark.run import totals_of
from calc.columns.contract import DATASETS
from calc.columns.evaluation import Evaluation
from calc.columns.texts import blank
from calc.columns.unclaimed import evaluate
from calc.errors import InputError, UsageError
from calc.kernels.arrays import Int64
from calc.sample import write_sample
from tests.bulk.bad_rows import frame_of, numbered, rows_of
from tests.bulk.spark_session import NO_JAVA, PANDAS, local_session, require_java
from tests.structure.kernels import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings(PANDAS)]

AS_OF = date(2026, 9, 30)
BLANKS = (None, "", "  ", "\t", "\u00a0")
Row = dict[str, Any]


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    with local_session() as session:
        yield session


def test_without_java_the_tests_are_skipped_but_not_in_ci(tmp_path: Path) -> None:
    with pytest.raises(pytest.skip.Exception, match=NO_JAVA[:20]):
        require_java({"PATH": str(tmp_path), "JAVA_HOME": str(tmp_path)})
    with pytest.raises(pytest.fail.Exception, match=NO_JAVA[:20]):
        require_java({"PATH": str(tmp_path), "CI": "true"})


def test_java_is_found_where_java_home_says(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/java").touch(mode=0o755)
    require_java({"PATH": "", "JAVA_HOME": str(tmp_path), "CI": "true"})


def write_portfolio(folder: Path, rows: int) -> dict[str, str]:
    """A sample, every typed bad row, and keys and accounts that are blank; deposits in two files that differ."""
    write_sample(rows, 5, folder)
    blanks: dict[str, list[Row]] = {
        "deposits": [{**numbered("deposits", 7), "deposit_id": text} for text in (*BLANKS, *BLANKS)]
        + [{**numbered("deposits", 10**6), "account_id": text, "service": "water"} for text in BLANKS]
        + [{**numbered("deposits", 10**6 + 1), "service": "water"}],
        "accounts": [{**numbered("accounts", 7), "account_id": text} for text in (*BLANKS, *BLANKS)]
        + [{**numbered("accounts", 10**6 + 1), "service": service} for service in ("electric", "gas")],
        "participants": [],
    }
    paths = {}
    for name in DATASETS:
        file = folder / f"{name}.parquet"
        sample = pl.read_parquet(file)
        frame = pl.concat([sample, frame_of(name, rows_of(name, typed=True)[0] + blanks[name]).select(sample.columns)])
        file.unlink()
        if name != "deposits":
            frame.write_parquet(file)
            paths[name] = str(file)
            continue
        half = folder / name
        half.mkdir()
        frame[: frame.height // 2].drop("efforts_made", "kind").write_parquet(half / "a.parquet")
        frame[frame.height // 2 :].write_parquet(half / "b.parquet")
        paths[name] = str(half)
    return paths


def one_machine(paths: dict[str, str], out: Path) -> dict[str, Any]:
    """The manifest, the results by key, and the quarantine by place of the one-machine run."""
    settings: dict[str, Any] = {"as_of": AS_OF, "out": out, "max_bad_share": Fraction(1), **paths}
    settings["max_unmatched_share"] = Fraction(1)
    manifest = run_nightly(NightlyJob(**settings))
    results = {name: read_results(out, name).sort(DATASETS[name].key).collect() for name in paths}
    refused = {
        name: [
            row
            for part in manifest["quarantine"][name]["parts"]
            for row in pl.read_parquet(out / part["path"]).drop("line", "raw_line").to_dicts()
        ]
        for name in paths
    }
    return {"manifest": manifest, "results": results, "quarantine": {name: by_place(refused[name]) for name in paths}}


ONE_MACHINE = "participant_months are reckoned on one machine only: use puccalc run nightly for them"


def on_spark(spark: SparkSession, paths: dict[str, str]) -> SparkRun:
    inputs: dict[str, Any] = {name: read_input(spark, path) for name, path in paths.items()}
    return run_spark(as_of=AS_OF, **inputs)


def by_place(rows: list[Row]) -> list[Row]:
    """Rows in the order of their files and numbers, with the file's bare name and without what is null."""
    named = [{**row, "file": Path(row["file"]).name} for row in rows]
    given = [{name: value for name, value in row.items() if value is not None} for row in named]
    return sorted(given, key=lambda row: (row["file"], row["row"]))


def results_of(run: SparkRun, name: str) -> pl.DataFrame:
    frame = pl.DataFrame(pl.from_arrow(run.results[name].toArrow()))
    return frame.cast(pl.Schema(DATASETS[name].results)).sort(DATASETS[name].key)


def quarantine_of(run: SparkRun, name: str) -> list[Row]:
    return by_place(run.quarantine[name].toArrow().to_pylist())


def by_column_of(manifest: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """ByColumn of a manifest, the first row of each by its file's bare name and number."""
    found = manifest["quarantine"][name]["by_column"]
    return [{**each, "first": (Path(each["first"]["file"]).name, each["first"]["row"])} for each in found]


def assert_same(run: SparkRun, expected: dict[str, Any]) -> None:
    manifest = expected["manifest"]
    names = list(expected["results"])
    assert run.manifest["rows"] == {name: manifest["rows"][name] for name in names}
    bound = manifest["bounds"]["max_unmatched_share"]
    assert run.manifest["bounds"] == {"max_unmatched_share": {name: bound[name] for name in ("found", "of", "cents")}}
    assert run.manifest["control_totals"] == {name: manifest["control_totals"][name] for name in names}
    for name in names:
        assert_frame_equal(results_of(run, name), expected["results"][name])
        assert quarantine_of(run, name) == expected["quarantine"][name]
        assert run.manifest["quarantine"][name]["reasons"] == manifest["quarantine"][name]["reasons"]
        assert by_column_of(run.manifest, name) == by_column_of(manifest, name)
    months = [ONE_MACHINE] if "participant_months" in manifest["rows"] else []
    assert run.manifest["notes"] == [*manifest["notes"], *months]
    for name in ("tariff", "switches", "rate_in_force", "provisional", "checksums", "rates_basis"):
        assert run.manifest[name] == manifest[name]


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return write_portfolio(tmp_path_factory.mktemp("portfolio"), 20_000)


@pytest.fixture(scope="module")
def expected(portfolio: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return one_machine(portfolio, tmp_path_factory.mktemp("one"))


def test_it_gives_what_one_machine_gives(
    spark: SparkSession, portfolio: dict[str, str], expected: dict[str, Any]
) -> None:
    run = on_spark(spark, portfolio)
    assert_same(run, expected)
    files = sorted(Path(portfolio["deposits"]).iterdir())
    accounts = pl.concat([pl.read_parquet(file, columns=["account_id"]) for file in files])["account_id"]
    unknown = sum(text is None or not text.strip() for text in accounts)
    assert unknown > len(BLANKS)
    assert run.manifest["notes"][-2].startswith(f"{unknown} quarantined deposits name no account")
    assert all(len(expected["quarantine"][name]) > 20 for name in DATASETS)
    figures = [sums for groups in run.totals["deposits"].values() for sums in groups.values()]
    assert {type(value) for sums in figures for value in sums.values()} == {int}
    run.release()


@pytest.mark.stress
def test_it_gives_what_one_machine_gives_on_a_million_rows(spark: SparkSession, tmp_path: Path) -> None:
    portfolio = write_portfolio(tmp_path, 1_000_000)
    run = on_spark(spark, portfolio)
    assert_same(run, one_machine(portfolio, tmp_path / "one"))
    run.release()


def deposits_of(spark: SparkSession, folder: Path, rows: int) -> DataFrame:
    """Deposits of 200.00 received on 1 January 2024 and paid a year later, at 4.93 %: 9.86 each; the last is bad."""
    year = {"received_date": date(2024, 1, 1), "paid_date": date(2025, 1, 1)}
    good = [{**numbered("deposits", number), **year} for number in range(rows - 1)]
    path = folder / "deposits.parquet"
    frame_of("deposits", [*good, {**numbered("deposits", rows), "service": "water"}]).write_parquet(path)
    return read_input(spark, str(path))


def test_without_a_good_row_totals_are_zero_as_on_one_machine(spark: SparkSession, tmp_path: Path) -> None:
    paths = {}
    for name in DATASETS:
        paths[name] = str(tmp_path / f"{name}.parquet")
        frame = frame_of(name, [{**numbered(name, number), "service": "water"} for number in range(3)])
        frame.drop("customer_id", strict=False).write_parquet(paths[name])
    run = on_spark(spark, paths)
    assert_same(run, one_machine(paths, tmp_path / "out"))
    assert run.manifest["control_totals"]["accounts"] == {
        "all": {"rows": 0, "held_cents": 0, "limit_cents": 0, "excess_cents": 0, "available_cents": 0}
    }
    run.release()


def test_totals_pass_64_bits(spark: SparkSession) -> None:
    rows = "SELECT 'gas' AS service, 'active' AS status, 4000000000000000000L AS interest_cents"
    frame = spark.sql(f"{rows} UNION ALL {rows} UNION ALL {rows}")
    assert totals_of("deposits", frame) == {"gas": {"active": {"rows": 3, "interest_cents": 12 * 10**18}}}


def test_blank_is_what_the_gate_takes_for_blank(spark: SparkSession) -> None:
    texts = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    content = spark.createDataFrame(pa.table({"text": texts})).where(F.col("text").rlike(CONTENT)).toArrow()
    blanks = pl.Series(texts).filter(pl.Series(blank(pl.Series(texts)))).to_list()
    assert set(texts) - set(content["text"].to_pylist()) == set(blanks)
    assert "".join(blanks).split() == []
    assert len(blanks) == 25  # White_Space of Unicode


def test_columns_are_checked_before_anything_runs(spark: SparkSession, tmp_path: Path) -> None:
    deposits = deposits_of(spark, tmp_path, 2)
    with pytest.raises(InputError, match="lacks the required columns service, received_date"):
        run_spark(as_of=AS_OF, deposits=deposits.drop("service", "received_date"))
    floats = deposits.drop("principal_cents").selectExpr("*", "200.10D AS principal")
    with pytest.raises(InputError, match="column principal is of type Float64"):
        run_spark(as_of=AS_OF, deposits=floats)
    accounts = spark.sql(
        "SELECT 'A' AS account_id, 1 AS service, 1 AS billed_cents, 1 AS billed_days, 1 AS late_payments_12m"
    )
    with pytest.raises(InputError, match="column service is of type Int32"):
        run_spark(as_of=AS_OF, deposits=deposits, accounts=accounts)


def test_limits_by_customer_stay_with_one_machine(spark: SparkSession, tmp_path: Path) -> None:
    deposits = deposits_of(spark, tmp_path, 2)
    accounts = "SELECT 'A' AS account_id, 'gas' AS service, 1 AS billed_cents, 1 AS billed_days, 1 AS late_payments_12m"
    with pytest.raises(InputError, match="limits by customer are reckoned on one machine only: use puccalc run"):
        run_spark(as_of=AS_OF, deposits=deposits, accounts=spark.sql(f"{accounts}, 'C' AS customer_id"))


def test_a_frame_of_text_without_places(spark: SparkSession) -> None:
    texts = [
        row | {"principal_cents": cents}
        for row, cents in ((numbered("deposits", 1), "5.5"), (numbered("deposits", 2), "55"))
    ]
    names = [column.name for column in DATASETS["deposits"].columns]
    rows = [tuple(None if row[name] is None else str(row[name]) for name in names) for row in texts]
    frame = spark.createDataFrame(rows, ", ".join(f"{name} string" for name in names))
    run = run_spark(as_of=AS_OF, deposits=frame, switches={"day_count": "actual_365"})
    assert [row["reasons"] for row in run.quarantine["deposits"].collect()] == [["not_a_number"]]
    assert run.quarantine["deposits"].columns == [*names, "reasons", "reason_columns", "reason_allowed"]
    assert run.manifest["quarantine"]["deposits"]["by_column"] == [
        {
            "reason": "not_a_number",
            "column": "principal_cents",
            "allowed": "whole cents, 0 through 1000000000000",
            "rows": 1,
            "first": None,
        }
    ]
    assert run.totals["deposits"]["electric"]["active"]["principal_cents"] == 55
    assert run.manifest["switches"] == {"day_count": "actual_365"}
    run.release()


def test_the_command_writes_results_quarantine_and_the_manifest_last(
    spark: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deposits_of(spark, tmp_path, 300)
    out = tmp_path / "out"
    arguments = ["--as-of", "2026-09-30", "--deposits", str(tmp_path / "deposits.parquet"), "--out", str(out)]
    assert main(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    (manifest,) = (out / "manifest").glob("*.txt")
    assert json.loads(manifest.read_text()) == told
    assert told["max_bad_share"] == "1/200"
    assert told["bounds"] == {"max_bad_share": {"limit": "0.005", "found": 1, "of": 300, "dataset": "deposits"}}
    assert told["rows"] == {"deposits": {"in": 300, "out": 299, "quarantined": 1}}
    results = pl.read_parquet(out / "deposits/*.parquet")
    assert dict(results.cast(pl.Schema(DATASETS["deposits"].results)).schema) == DATASETS["deposits"].results
    assert results["interest_cents"].to_list() == [986] * 299
    refused = pl.read_parquet(out / "quarantine/deposits/*.parquet").to_dicts()
    assert [(row["row"], row["service"], row["reasons"]) for row in refused] == [(300, "water", ["unknown_value"])]

    assert main(arguments) == 5
    assert f"{out}: is there already" in capsys.readouterr().err

    refusing = [*arguments[:-1], str(tmp_path / "refused"), "--max-bad-share", "0.001"]
    assert main(refusing) == 4
    assert (
        "1 of 300 rows of deposits are bad (0.33%, more than the 0.10% allowed): service unknown_value 1 (first: "
        "deposits.parquet row 300)" in capsys.readouterr().err
    )
    assert [each.name for each in (tmp_path / "refused").iterdir()] == ["quarantine"]

    assert main([*arguments[:3], str(tmp_path / "none.parquet"), "--out", str(tmp_path / "new")]) == 3
    assert "none.parquet: cannot be read as Parquet" in capsys.readouterr().err
    (tmp_path / "deposits.csv").write_text("deposit_id\nD1\n", "utf-8")
    assert main([*arguments[:3], str(tmp_path / "deposits.csv"), "--out", str(tmp_path / "new")]) == 3
    assert (
        "deposits.csv: cannot be read as Parquet; of CSV make Parquet, or use puccalc run nightly"
        in capsys.readouterr().err
    )
    assert main([*arguments[:-1], str(tmp_path / "new"), "--set", "day_count=lunar"]) == 2
    assert not (tmp_path / "new").exists()


def test_deposits_without_an_account_are_refused(
    spark: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By hand: of four open deposits one has an account that is not there, one an account of the other service."""
    rows = [{**numbered("deposits", number), "account_id": name} for number, name in enumerate(("1", "1", "01", "2"))]
    frame_of("deposits", rows).write_parquet(tmp_path / "deposits.parquet")
    accounts = [("1", "electric"), ("2", "gas"), ("1", "electric")]
    frame_of(
        "accounts", [{**numbered("accounts", 0), "account_id": name, "service": service} for name, service in accounts]
    ).write_parquet(tmp_path / "accounts.parquet")
    named = [f"--{name}={tmp_path / name}.parquet" for name in ("deposits", "accounts")]
    arguments = ["--as-of", "2026-09-30", *named, "--max-bad-share", "1"]
    assert main([*arguments, "--out", str(tmp_path / "refused")]) == 4
    assert "2 of 4 open deposits have no row of their account and service" in capsys.readouterr().err
    assert [each.name for each in (tmp_path / "refused").iterdir()] == ["quarantine"]
    assert main([*arguments, "--out", str(tmp_path / "out"), "--max-unmatched-share", "0.5"]) == 0
    bound = json.loads(capsys.readouterr().out)["bounds"]["max_unmatched_share"]
    assert bound == {"limit": "0.5", "found": 2, "of": 4, "cents": 40000}
    spark.catalog.clearCache()


@pytest.mark.parametrize(
    "option",
    [["--transactions", "t.parquet"], ["--keep-columns"], ["--max-gone-share", "1"]],
)
def test_what_is_left_to_one_machine_is_named(option: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--as-of", "2026-09-30", "--deposits", "deposits.parquet", "--out", "out"]
    with pytest.raises(SystemExit) as stopped:
        main([*arguments, *option])
    assert stopped.value.code == 2
    assert f"{option[0]} works on one machine only: use puccalc run nightly" in capsys.readouterr().err


@pytest.mark.usefixtures("spark")
def test_the_example_of_the_documentation_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_sample(2000, 3, tmp_path)
    example = (ROOT / "docs/spark.md").read_text("utf-8").split("```python\n")[1].split("```")[0]
    assert example.count("/data/2026-10-31/") == 4
    # A tenth of a percent of a sample this small is every reason once: more than may be bad.
    example = example.replace("/data/2026-10-31/", f"{tmp_path}/").replace('out")', 'out", max_bad_share=1)')
    exec(example, {"__name__": "example"})  # noqa: S102 - the documentation's own lines
    told = capsys.readouterr().out
    (text,) = (tmp_path / "out/manifest").glob("*.txt")
    manifest = json.loads(text.read_text())
    assert manifest["rows"]["deposits"]["in"] == 2000
    remitted = manifest["control_totals"]["deposits"]["electric"]["unclaimed"]["remittance_cents"]
    assert told.splitlines()[-1] == str(remitted)
    assert "|[missing_value]" in told


def failing(attempts: Path) -> Any:  # noqa: ANN401 - a calculator
    """A calculator that raises at its first attempt at deposit D0, kills its process at the second, and then works."""

    def calculator(frame: pl.DataFrame, *, flagged: Int64, **rest: Any) -> Evaluation:  # noqa: ANN401
        if "D0" in frame["deposit_id"]:
            attempt = len(list(attempts.iterdir()))
            (attempts / str(attempt)).touch(exist_ok=False)
            if attempt == 0:
                raise RuntimeError("the first attempt fails")
            if attempt == 1:
                os.kill(os.getpid(), signal.SIGKILL)
        return evaluate(frame, flagged=flagged, **rest)

    return calculator


def test_a_failed_task_is_retried_with_the_same_result(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deposits = deposits_of(spark, tmp_path, 500)
    attempts = tmp_path / "attempts"
    attempts.mkdir()
    monkeypatch.setattr("calc.bulk.spark.part.evaluate_deposits", failing(attempts))
    run = run_spark(as_of=AS_OF, deposits=deposits)
    assert sorted(each.name for each in attempts.iterdir()) == ["0", "1", "2"]
    assert run.manifest["rows"] == {"deposits": {"in": 500, "out": 499, "quarantined": 1}}
    assert run.totals["deposits"]["electric"]["returned"]["interest_cents"] == 499 * 986
    assert set(results_of(run, "deposits")["interest_cents"]) == {986}
    assert [row["row"] for row in quarantine_of(run, "deposits")] == [500]
    run.release()


def test_another_jurisdiction_gives_what_one_machine_gives(spark: SparkSession, tmp_path: Path) -> None:
    deposits_of(spark, tmp_path, 200)
    file = str(tmp_path / "deposits.parquet")
    run = run_spark(as_of=AS_OF, deposits=spark.read.parquet(file), jurisdiction="us-fl")
    found = pl.from_arrow(run.results["deposits"].toArrow())
    run.release()
    job = NightlyJob(as_of=AS_OF, deposits=file, out=tmp_path / "out", max_bad_share=Fraction(1), jurisdiction="us-fl")
    assert (run.manifest["jurisdiction"], run_nightly(job)["jurisdiction"]) == ("us-fl", "us-fl")
    expected = read_results(tmp_path / "out", "deposits").sort("deposit_id").collect()
    assert isinstance(found, pl.DataFrame)
    assert (
        found.sort("deposit_id").select("deposit_id", "interest_cents").rows()
        == expected.select("deposit_id", "interest_cents").rows()
    )
    with pytest.raises(UsageError, match="us-fl has no rule for fixed credit"):
        run_spark(as_of=AS_OF, participants=spark.read.parquet(file), jurisdiction="us-fl")
