"""`puccalc resume`: good parts are kept, tampered ones computed anew, what changed is named, the result is the same."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from calc.bulk.reconcile.check import check_output
from calc.bulk.run import nightly
from calc.bulk.run.manifest import basis_of
from calc.bulk.run.nightly import run_nightly
from calc.bulk.run.outcome import Progress
from calc.bulk.run.resume import resume_nightly
from calc.cli import main
from calc.errors import InputError, UsageError
from calc.sample import write_sample
from tests.bulk.stops import DATA, OLD_AS_OF, assert_sound, content, job_of, leftovers, manifest_in


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("portfolio")
    write_sample(6000, 11, folder)
    return folder


@pytest.fixture(scope="module")
def whole(portfolio: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    out = tmp_path_factory.mktemp("whole") / "out"
    run_nightly(job_of(portfolio, out, part_rows=1000))
    return manifest_in(out)


class StopError(Exception):
    """A run stopped in these tests."""


def stopped(portfolio: Path, out: Path, dataset: str, parts: int, **settings: Any) -> Path:  # noqa: ANN401
    """Folder of a run that stopped when so many parts of a dataset were done."""

    def report(progress: Progress) -> None:
        if (progress.dataset, progress.parts) == (dataset, parts):
            raise StopError

    with pytest.raises(StopError):
        run_nightly(job_of(portfolio, out, part_rows=1000, threads=1, **settings), report)
    return max((out / "runs").iterdir(), key=lambda each: int(each.name.rpartition("-")[2]))


def times(folder: Path) -> dict[str, int]:
    return {each.relative_to(folder).as_posix(): each.stat().st_mtime_ns for each in folder.rglob("*.parquet")}


@pytest.mark.parametrize(("dataset", "parts"), [("deposits", 1), ("deposits", 4), ("accounts", 2), ("participants", 1)])
def test_good_parts_are_kept(dataset: str, parts: int, portfolio: Path, whole: dict[str, Any], tmp_path: Path) -> None:
    out = tmp_path / "out"
    folder = stopped(portfolio, out, dataset, parts)
    before = times(folder)
    assert sum(name.startswith("deposits/") for name in before) >= parts
    manifest = resume_nightly(out)
    assert manifest["run_id"] == folder.name
    after = times(folder)
    assert {name: at for name, at in before.items() if not name.startswith("held/")}.items() <= after.items()
    assert not (folder / "held").exists()
    assert content(manifest_in(out)) == content(whole)
    assert leftovers(out) == []
    assert_sound(out)


def change_side_file(folder: Path) -> None:
    path = folder / "parts" / "deposits-00001.json"
    data = json.loads(path.read_text())
    data["totals"]["gas"]["active"]["principal_cents"] += 1
    path.write_text(json.dumps(data))


def change_part(folder: Path) -> None:
    path = folder / "deposits" / "part-00001.parquet"
    text = path.read_bytes()
    path.write_bytes(text[:99] + bytes([text[99] ^ 1]) + text[100:])


def cut_held(folder: Path) -> None:
    path = folder / "held" / "part-00001.parquet"
    path.write_bytes(path.read_bytes()[:-1])


TAMPERING: dict[str, Callable[[Path], object]] = {
    "a side file's total": change_side_file,
    "a side file that is no JSON": lambda folder: (folder / "parts/deposits-00001.json").write_bytes(b"\xff{"),
    "a side file that is a list": lambda folder: (folder / "parts/deposits-00001.json").write_text("[]"),
    "no side file": lambda folder: (folder / "parts/deposits-00001.json").unlink(),
    "a side file that says nothing": lambda folder: (folder / "parts/deposits-00001.json").write_text("{}"),
    "the side file of another part": lambda folder: shutil.copy(
        folder / "parts/deposits-00000.json", folder / "parts/deposits-00001.json"
    ),
    "a flipped bit": change_part,
    "no part": lambda folder: (folder / "deposits/part-00001.parquet").unlink(),
    "what is held, cut": cut_held,
    "what is held, gone": lambda folder: shutil.rmtree(folder / "held"),
    "quarantine gone": lambda folder: shutil.rmtree(folder / "quarantine"),
    "a temporary file": lambda folder: (folder / "deposits/.part-00003.parquet.tmp").write_bytes(b"PAR1"),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_what_was_tampered_with_is_computed_anew(
    what: str, portfolio: Path, whole: dict[str, Any], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    folder = stopped(portfolio, out, "accounts", 1)
    TAMPERING[what](folder)
    resume_nightly(out)
    assert content(manifest_in(out)) == content(whole)
    assert check_output(out).differences == []
    assert leftovers(out) == []


def test_a_repeated_key_across_a_kept_and_a_new_part(portfolio: Path, tmp_path: Path) -> None:
    import polars as pl  # noqa: PLC0415 - for this test alone

    inputs = tmp_path / "in"
    shutil.copytree(portfolio, inputs)
    frame = pl.read_parquet(portfolio / "deposits.parquet")
    repeated = pl.concat([frame[:3000], frame[5:6], frame[3000:]])
    repeated.write_parquet(inputs / "deposits.parquet")
    run_nightly(job_of(inputs, tmp_path / "whole", part_rows=1000))
    stopped(inputs, tmp_path / "out", "deposits", 2)
    resume_nightly(tmp_path / "out")
    assert content(manifest_in(tmp_path / "out")) == content(manifest_in(tmp_path / "whole"))
    assert manifest_in(tmp_path / "out")["quarantine"]["deposits"]["reasons"]["duplicate_key"] >= 2


@pytest.mark.parametrize(("dataset", "parts"), [("transactions", 1), ("deposits", 3), ("accounts", 1)])
def test_transactions_reach_the_parts_that_are_new(dataset: str, parts: int, portfolio: Path, tmp_path: Path) -> None:
    transactions = str(portfolio / "transactions.parquet")
    run_nightly(job_of(portfolio, tmp_path / "whole", part_rows=1000, transactions=transactions))
    stopped(portfolio, tmp_path / "out", dataset, parts, transactions=transactions)
    resume_nightly(tmp_path / "out")
    assert content(manifest_in(tmp_path / "out")) == content(manifest_in(tmp_path / "whole"))
    assert leftovers(tmp_path / "out") == []
    assert_sound(tmp_path / "out")


def test_stopped_before_the_inputs_hashes_were_known(portfolio: Path, whole: dict[str, Any], tmp_path: Path) -> None:
    out = tmp_path / "out"
    folder = stopped(portfolio, out, "deposits", 3)
    path = folder / "job.json"
    data = json.loads(path.read_text())
    data["inputs"]["accounts"][0]["sha256"] = None
    path.write_text(json.dumps(data))
    before = times(folder)
    resume_nightly(out)
    assert not before.items() & times(folder).items()
    assert content(manifest_in(out)) == content(whole)


@pytest.mark.parametrize("dataset", DATA)
def test_a_changed_input_is_named(dataset: str, portfolio: Path, tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    shutil.copytree(portfolio, inputs)
    out = tmp_path / "out"
    stopped(inputs, out, "deposits", 1)
    path = inputs / f"{dataset}.parquet"
    status = path.stat()
    text = path.read_bytes()
    path.write_bytes(text[:200] + bytes([text[200] ^ 1]) + text[201:])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))  # neither size nor time tell
    with pytest.raises(InputError, match=rf"{dataset}\.parquet changed; start a new run"):
        resume_nightly(out)


def test_changed_rates_and_versions_are_named(portfolio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    stopped(portfolio, out, "deposits", 1)

    def other(*arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - as basis_of
        basis = basis_of(*arguments)
        return {
            **basis,
            "checksums": {**basis["checksums"], "rates": "0" * 64},
            "versions": {**basis["versions"], "polars": "0.1"},
        }

    monkeypatch.setattr(nightly, "basis_of", other)
    with pytest.raises(InputError, match=r"the rates \(checksums\), the polars \(versions\) changed; start a new run"):
        resume_nightly(out)


def test_nothing_to_go_on_with(portfolio: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    for _ in ("nothing is there", "a run was published", "and another"):
        with pytest.raises(UsageError, match="nothing to go on with"):
            resume_nightly(out)
        with pytest.raises(SystemExit) as ended:
            main(["resume", str(out)])
        assert ended.value.code == 2
        assert "nothing to go on with" in capsys.readouterr().err
        run_nightly(job_of(portfolio, out))


def test_a_refused_run_is_not_gone_on_with(portfolio: Path, tmp_path: Path) -> None:
    from calc.errors import PublishRefusedError  # noqa: PLC0415 - for this test alone

    with pytest.raises(PublishRefusedError):
        run_nightly(job_of(portfolio, tmp_path, max_bad_share=0))
    with pytest.raises(UsageError, match="nothing to go on with"):
        resume_nightly(tmp_path)


def test_inputs_are_named_from_where_the_run_was_started(
    portfolio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(portfolio)
    stopped(Path(), tmp_path / "out", "deposits", 1)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["resume", "out", "--json"])
    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out)["inputs"]["deposits"][0]["path"] == "deposits.parquet"
    assert Path.cwd() == tmp_path


def test_manifests_are_chained(portfolio: Path, tmp_path: Path) -> None:
    import hashlib  # noqa: PLC0415 - for this test alone

    first = run_nightly(job_of(portfolio, tmp_path))
    digest = hashlib.sha256((tmp_path / "manifest.json").read_bytes()).hexdigest()
    second = run_nightly(job_of(portfolio, tmp_path))
    assert (first["previous_run_id"], first["previous_manifest_sha256"]) == (None, None)
    assert (second["previous_run_id"], second["previous_manifest_sha256"]) == (first["run_id"], digest)
    assert_sound(tmp_path)
    copy = tmp_path / "runs" / first["run_id"] / "manifest.json"
    copy.write_bytes(copy.read_bytes().replace(b'"as_of": "2026-10-31"', b'"as_of": "2026-10-30"'))
    assert any(str(copy) in each for each in check_output(tmp_path).differences)


def with_map(portfolio: Path, folder: Path) -> dict[str, Any]:
    """Settings of a run over deposits as text under other names, and the first 4,500 rows of each dataset."""
    import polars as pl  # noqa: PLC0415 - for this test alone

    renamed = pl.read_parquet(portfolio / "deposits.parquet").rename({"deposit_id": "Dep No", "service": "Svc"})
    text = pl.when(pl.col("Svc") == "electric").then(pl.lit("E")).otherwise("Svc").alias("Svc")
    renamed.with_columns(text).write_csv(folder / "extract.txt", separator=";")
    mapped = folder / "map.toml"
    mapped.write_text(
        '[deposits]\ndelimiter = ";"\n[deposits.names]\n"Dep No" = "deposit_id"\nSvc = "service"\n'
        '[deposits.words]\nservice = { E = "electric" }\n'
    )
    return {"deposits": str(folder / "extract.txt"), "mapping": mapped, "limit": 4500}


@pytest.mark.parametrize(("dataset", "parts"), [("deposits", 2), ("accounts", 1)])
def test_a_map_and_a_limit_are_gone_on_with(dataset: str, parts: int, portfolio: Path, tmp_path: Path) -> None:
    settings = with_map(portfolio, tmp_path)
    run_nightly(job_of(portfolio, tmp_path / "whole", part_rows=1000, **settings))
    folder = stopped(portfolio, tmp_path / "out", dataset, parts, **settings)
    before = times(folder / "deposits")
    assert resume_nightly(tmp_path / "out")["limit"] == 4500
    assert before.items() <= times(folder / "deposits").items()
    assert manifest_in(tmp_path / "out")["rows"]["deposits"]["in"] == 4500
    assert content(manifest_in(tmp_path / "out")) == content(manifest_in(tmp_path / "whole"))
    assert files_of(tmp_path / "out") == files_of(tmp_path / "whole")


def test_a_changed_map_is_named(portfolio: Path, tmp_path: Path) -> None:
    settings = with_map(portfolio, tmp_path)
    stopped(portfolio, tmp_path / "out", "deposits", 1, **settings)
    settings["mapping"].write_text(settings["mapping"].read_text() + "# another word\n")
    with pytest.raises(InputError, match=r"the map changed; start a new run"):
        resume_nightly(tmp_path / "out")


def files_of(out: Path) -> dict[str, bytes]:
    """The bytes of every Parquet file of the published run, by its place in the run's folder."""
    folder = out / "runs" / manifest_in(out)["run_id"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.parquet")}


def test_a_resumed_run_rolls_the_same_totals_forward(portfolio: Path, tmp_path: Path) -> None:
    """Parts that are kept count as those that are new do, transactions among them; the files are the same bytes."""
    transactions = str(portfolio / "transactions.parquet")
    run_nightly(job_of(portfolio, tmp_path / "whole", as_of=OLD_AS_OF, transactions=transactions))
    shutil.copytree(tmp_path / "whole", tmp_path / "out")
    run_nightly(job_of(portfolio, tmp_path / "whole", part_rows=1000, transactions=transactions))
    stopped(portfolio, tmp_path / "out", "deposits", 4, transactions=transactions)
    resumed = resume_nightly(tmp_path / "out")
    assert resumed["roll_forward"]["all"]["principal_cents"]["paid"] > 0
    assert resumed["quarantine"]["deposits"]["rows"] > 0
    assert content(manifest_in(tmp_path / "out")) == content(manifest_in(tmp_path / "whole"))
    assert files_of(tmp_path / "out") == files_of(tmp_path / "whole")
