"""Parquet as others write it: text in dictionaries (pandas' categories) and bytes, whole numbers as decimals."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from calc.bulk.inputs.map_suggestion import suggest_map
from calc.bulk.publish.results import read_results
from calc.bulk.run.dry_run import dry_run
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.errors import PublishRefusedError
from tests.bulk.bad_rows import frame_of, numbered

AS_OF = date(2026, 9, 30)
ROWS = 1000


def job(folder: Path, **how: Any) -> NightlyJob:  # noqa: ANN401 - any of the job's fields
    return NightlyJob(AS_OF, str(folder / "deposits.parquet"), folder / "out", threads=1, **how)


def quarantine(out: Path, dataset: str) -> list[dict[str, Any]]:
    found = sorted((out / "runs").glob(f"*/quarantine/{dataset}-*.parquet"))
    return [row for path in found for row in pl.read_parquet(path).to_dicts()]


def written(folder: Path, name: str, rows: list[dict[str, Any]], *categories: str) -> str:
    """A dataset as pandas writes it, with some of its columns as categories."""
    path = folder / f"{name}.parquet"
    frame = pd.DataFrame(rows)
    frame.astype(dict.fromkeys(categories, "category")).to_parquet(path)
    return str(path)


def deposits(**change: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a value of any column
    """ROWS deposits of 200.00, the eighth changed."""
    rows = [{**numbered("deposits", number), "principal_cents": 20_000} for number in range(ROWS)]
    rows[7] |= change
    return rows


@pytest.mark.parametrize("part_rows", [100, 10_000])
def test_a_category_in_the_deposits(part_rows: int, tmp_path: Path) -> None:
    written(tmp_path, "deposits", deposits(principal_cents=-1), "service", "deposit_id", "account_id", "kind")
    how = {"part_rows": part_rows}
    assert dry_run(job(tmp_path, **how))["datasets"]["deposits"]["reasons"] == {"negative_amount": 1}
    counted = run_nightly(job(tmp_path, **how))["rows"]["deposits"]
    assert counted == {"in": 1000, "out": 999, "quarantined": 1}
    (bad,) = quarantine(tmp_path / "out", "deposits")
    assert (bad["row"], bad["service"], bad["principal_cents"], bad["reasons"]) == (
        8,
        "electric",
        -1,
        ["negative_amount"],
    )
    found = read_results(tmp_path / "out", "deposits").collect()
    assert found["service"].to_list() == ["electric"] * 999


def test_kept_categories_however_deep_they_lie(tmp_path: Path) -> None:
    plain = pl.DataFrame({"branch": ["north", None] * 500, "tags": [["a"], []] * 500, "box": [{"at": "b"}] * 1000})
    deep = {"branch": pl.Categorical, "tags": pl.List(pl.Categorical), "box": pl.Struct({"at": pl.Categorical})}
    frame = frame_of("deposits", deposits(kind="bond")).hstack(plain.cast(deep))  # type: ignore[arg-type]
    frame.write_parquet(tmp_path / "deposits.parquet")
    run_nightly(job(tmp_path, keep_columns=True))
    found = read_results(tmp_path / "out", "deposits").collect()
    kept = pl.concat([plain[:7], plain[8:]])
    assert found.select("branch", "tags", "box").equals(kept)
    (bad,) = quarantine(tmp_path / "out", "deposits")
    assert {name: bad[name] for name in deep} == plain.row(7, named=True)


def test_categories_in_every_dataset(tmp_path: Path) -> None:
    """One bad row in each: a deposit and its account are withheld, and a transaction's deposit."""
    written(tmp_path, "deposits", deposits(), "deposit_id", "account_id", "service")
    accounts = [numbered("accounts", number) for number in range(ROWS)]
    accounts[3] |= {"billed_days": 0}
    people = [numbered("participants", number) for number in range(ROWS)]
    people[5] |= {"primary_heating": "sun"}
    moves = [
        {"deposit_id": row["deposit_id"], "date": date(2024, 1, 2), "kind": kind, "amount_cents": 100}
        for row, kind in zip(deposits()[:2], ("principal", "gift"), strict=True)
    ]
    asked = job(
        tmp_path,
        accounts=written(tmp_path, "accounts", accounts, "account_id", "service"),
        participants=written(tmp_path, "participants", people, "participant_id", "service", "primary_heating"),
        transactions=written(tmp_path, "transactions", moves, "deposit_id", "kind"),
        max_bad_share=Fraction(1),
    )
    expected = {"transactions": 1, "deposits": 1, "accounts": 2, "participants": 1}
    assert {name: each["quarantined"] for name, each in dry_run(asked)["datasets"].items()} == expected
    rows = run_nightly(asked)["rows"]
    assert {name: each["quarantined"] for name, each in rows.items()} == {
        **expected,
        "customers": 0,
        "participant_months": 0,
    }
    assert quarantine(tmp_path / "out", "transactions")[0]["kind"] == "gift"
    assert quarantine(tmp_path / "out", "participants")[0]["primary_heating"] == "sun"
    assert [row["row"] for row in quarantine(tmp_path / "out", "accounts")] == [2, 4]


def test_dictionaries_bytes_and_decimals_without_a_fraction(tmp_path: Path) -> None:
    """Every column as a program that knows none of ours might write it; the same results as from plain columns."""
    rows = deposits(service="water")
    frame_of("deposits", rows).write_parquet(tmp_path / "deposits.parquet")
    run_nightly(job(tmp_path))
    expected = read_results(tmp_path / "out", "deposits").collect()
    as_text = {name: pa.array([row[name] for row in rows]) for name in ("account_id", "service", "kind")}
    table = pa.table(
        {
            "deposit_id": pa.array([row["deposit_id"].encode() for row in rows], pa.binary()),
            "account_id": as_text["account_id"].cast(pa.binary()).dictionary_encode(),
            "service": as_text["service"].dictionary_encode(),
            "kind": as_text["kind"].cast(pa.large_string()),
            "principal": pa.array(["200.0000"] * ROWS).dictionary_encode(),
            "received_date": pa.array([row["received_date"].isoformat() for row in rows]).dictionary_encode(),
            "efforts_made": pa.array(["TRUE"] * ROWS).dictionary_encode(),
            "interest_payable": pa.array([True] * ROWS).dictionary_encode(),
            "posted_cents": pa.array([Decimal(0)] * ROWS, pa.decimal128(38, 0)),
            "amounts_owed": pa.array([Decimal(0)] * ROWS, pa.decimal128(38, 4)),
            **{
                name: pa.array([None] * ROWS, pa.date32())
                for name in ("paid_date", "remitted_date", "service_ended_date", "order_payable_date")
            },
        }
    )
    pq.write_table(table, tmp_path / "deposits.parquet")
    assert run_nightly(job(tmp_path))["quarantine"]["deposits"]["reasons"] == {"unknown_value": 1}
    assert read_results(tmp_path / "out", "deposits").collect().equals(expected)


def test_ids_that_are_whole_decimals_find_each_other(tmp_path: Path) -> None:
    """Account 7 as decimal(38,0) in the deposits is account "7" of the accounts; 10 deposits of 200.00 each."""
    rows = [{**row, "deposit_id": number, "account_id": number} for number, row in enumerate(deposits()[:10])]
    table = pa.Table.from_pylist(rows)
    ids = pa.array([Decimal(number) for number in range(10)], pa.decimal128(38, 0))
    for name in ("deposit_id", "account_id"):
        table = table.set_column(table.schema.get_field_index(name), name, ids)
    pq.write_table(table, tmp_path / "deposits.parquet")
    accounts = [{**numbered("accounts", number), "account_id": str(number)} for number in range(10)]
    run_nightly(job(tmp_path, accounts=written(tmp_path, "accounts", accounts)))
    found = read_results(tmp_path / "out", "accounts").collect()
    assert found["held_cents"].to_list() == [20_000] * 10
    assert read_results(tmp_path / "out", "deposits").collect()["deposit_id"].to_list() == [str(n) for n in range(10)]


def test_an_id_of_bytes_that_are_no_text_is_quarantined_as_it_was_read(tmp_path: Path) -> None:
    rows = deposits()
    ids = [row["deposit_id"].encode() for row in rows]
    ids[7] = b"D\xff7"
    frame = frame_of("deposits", rows).with_columns(deposit_id=pl.Series(ids))
    frame.write_parquet(tmp_path / "deposits.parquet")
    assert run_nightly(job(tmp_path))["rows"]["deposits"]["out"] == 999
    (bad,) = quarantine(tmp_path / "out", "deposits")
    assert (bad["row"], bad["deposit_id"], bad["reasons"]) == (8, b"D\xff7", ["unknown_value"])


def test_nothing_to_keep_is_fine(tmp_path: Path) -> None:
    frame_of("deposits", deposits()).write_parquet(tmp_path / "deposits.parquet")
    accounts = frame_of("accounts", [numbered("accounts", number) for number in range(ROWS)])
    accounts.with_columns(branch=pl.lit("north")).write_parquet(tmp_path / "accounts.parquet")
    run_nightly(job(tmp_path, accounts=str(tmp_path / "accounts.parquet"), keep_columns=True))
    assert read_results(tmp_path / "out", "deposits").collect().height == ROWS
    assert read_results(tmp_path / "out", "accounts").collect()["branch"].to_list() == ["north"] * ROWS


def instants(folder: Path, hour: int, zone: str = "UTC") -> None:
    """Deposits whose received_date is an instant: 1 January 2024 at an hour of UTC, shown in a zone."""
    received = pl.Series([datetime(2024, 1, 1, hour, tzinfo=UTC)]).dt.convert_time_zone(zone)
    frame = frame_of("deposits", deposits()).with_columns(received_date=received.new_from_index(0, ROWS))
    frame.write_parquet(folder / "deposits.parquet")


def test_a_timestamp_of_local_midnights_is_the_local_day(tmp_path: Path) -> None:
    """7:00 in UTC is midnight in Denver: received on 1 January, 366 days to the end of 2024 included."""
    instants(tmp_path, 7, "America/Denver")
    rows = frame_of("deposits", deposits(paid_date=date(2025, 1, 1)))
    pl.read_parquet(tmp_path / "deposits.parquet").with_columns(rows["paid_date"]).write_parquet(
        tmp_path / "deposits.parquet"
    )
    run_nightly(job(tmp_path))
    returned = read_results(tmp_path / "out", "deposits").filter(pl.col("status") == "returned").collect()
    assert returned["accrued_days"].to_list() == [366]


@pytest.mark.parametrize(("hour", "zone"), [(0, "America/Denver"), (7, "UTC")])
def test_a_column_of_other_times_is_refused_by_name(hour: int, zone: str, tmp_path: Path) -> None:
    instants(tmp_path, hour, zone)
    says = (
        rf"deposits: received_date is a timestamp with the zone {zone}, and 1,000 of its values are not midnight there"
    )
    assert re.search(says, dry_run(job(tmp_path))["refused"])
    with pytest.raises(PublishRefusedError, match=says):
        run_nightly(job(tmp_path))
    (tmp_path / "map.toml").write_text(f'[deposits]\ntime_zone = "{"UTC" if hour == 0 else "America/Denver"}"\n')
    assert run_nightly(job(tmp_path, mapping=tmp_path / "map.toml"))["rows"]["deposits"]["out"] == ROWS


def test_a_map_is_proposed_with_the_zone_of_the_midnights(tmp_path: Path) -> None:
    instants(tmp_path, 7)
    assert 'time_zone = "America/Denver"' in suggest_map(tmp_path / "deposits.parquet")
    for hour, zone in ((7, "America/Denver"), (3, "UTC")):
        instants(tmp_path, hour, zone)
        assert "time_zone" not in suggest_map(tmp_path / "deposits.parquet")
