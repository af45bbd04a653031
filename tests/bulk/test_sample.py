import errno
import os
import resource
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import pyarrow.parquet as pq
import pytest

from calc import sample
from calc.columns import deposit_limit, fixed_credit, participant_terms, participant_year, unclaimed
from calc.columns.contract import DATASETS, HEATING, PARTICIPANTS, SERVICES
from calc.columns.evaluation import Evaluation
from calc.columns.gate import gate
from calc.errors import OutputError, Reason, UsageError, reason_codes
from calc.kernels.participant_events import KINDS
from calc.rates.computing.table import load_rate_table
from calc.rules.guidelines import load_guidelines
from calc.rules.resolve import load_rules
from calc.sample import Written, accounts, files, write_sample

ROWS = 32_000
NIGHTS = (date(2026, 9, 30), date(2026, 10, 31))
TYPES = {
    "deposits": {
        "deposit_id": "string", "account_id": "string", "service": "string", "kind": "string",
        "principal_cents": "int64", "received_date": "date32[day]", "paid_date": "date32[day]",
        "remitted_date": "date32[day]", "service_ended_date": "date32[day]", "order_payable_date": "date32[day]",
        "efforts_made": "bool", "interest_payable": "bool", "posted_cents": "int64", "amounts_owed_cents": "int64",
    },
    "accounts": {
        "account_id": "string", "service": "string", "billed_cents": "int64", "billed_days": "int64",
        "bills_in_advance": "bool", "late_payments_12m": "int64", "premises_billed_cents": "int64",
        "premises_billed_days": "int64", "class_billed_cents": "int64", "class_billed_days": "int64",
        "monthly_bill_cents": "list<element: int64>", "applied_date": "date32[day]", "clean_past_service": "bool",
        "good_payment_ended_date": "date32[day]", "assistance_last_date": "date32[day]", "assistance_now": "bool",
        "return_qualified_date": "date32[day]",
    },
    "participants": {
        "participant_id": "string", "account_id": "string", "service": "string", "primary_heating": "string",
        "regulated_gas": "bool", "household_income_cents": "int64", "household_size": "int64",
        "county_fips": "string", "leap_qualified": "bool", "full_annual_bill_cents": "int64", "share_ppm": "int64",
        "basis_bill_cents": "int64", "months_remaining": "int64", "leap_grant_cents": "int64",
        "arrearage_cents": "int64", "arrearage_months": "int64", "arrearage_copay_cents": "int64",
        "first_bill_date": "date32[day]", "arrearage_elapsed_months": "int64",
    },
    "transactions": {"deposit_id": "string", "date": "date32[day]", "kind": "string", "amount_cents": "int64"},
    "events": {
        "participant_id": "string", "service": "string", "date": "date32[day]", "kind": "string",
        "amount_cents": "int64", "word": "string",
    },
}  # fmt: skip
SHARED = {"missing_value", "negative_amount", "out_of_range", "unknown_value", "duplicate_key"}
REASONS = {
    "deposits": SHARED | {"date_order", "no_rate_in_force"},
    "accounts": SHARED,
    "participants": SHARED | {"no_rule_band", "share_outside_band"},
    "transactions": set(),
    "events": set(),
}
TEXT_REASONS = {
    "deposits": {"not_a_number", "too_many_decimals", "bad_date"},
    "accounts": {"not_a_number", "too_many_decimals"},
    "participants": {"not_a_number", "too_many_decimals"},
    "transactions": set(),
    "events": set(),
}


class Sample(NamedTuple):
    """A sample as it was written, and its frames."""

    folder: Path
    written: dict[str, Written]
    frames: dict[str, pl.DataFrame]


def write(folder: Path, rows: int, seed: int = 1, file_format: str = "parquet") -> Sample:
    written = {file.dataset: file for file in write_sample(rows, seed, folder, file_format)}
    assert {file.path for file in written.values()} == set(folder.iterdir())
    frames = {
        name: pl.read_parquet(file.path) if file_format == "parquet" else pl.read_csv(file.path, infer_schema=False)
        for name, file in written.items()
    }
    assert {name: frame.height for name, frame in frames.items()} == {name: file.rows for name, file in written.items()}
    return Sample(folder, written, frames)


def evaluate(name: str, frame: pl.DataFrame, as_of: date = NIGHTS[0]) -> Evaluation:
    """Results and reasons, repeated keys among them as in a run."""
    repeated = frame.select(pl.struct(DATASETS[name].key).is_duplicated()).to_series().to_numpy()
    flagged = np.where(repeated, np.int64(Reason.duplicate_key), np.int64(0))
    rules = load_rules(as_of)
    if name == "deposits":
        rates = load_rate_table(rules.electric.annual_rate)
        return unclaimed.evaluate(frame, rules=rules, rates=rates, as_of=as_of, flagged=flagged)
    if name == "accounts":
        return deposit_limit.evaluate(frame, rules=rules, as_of=as_of, flagged=flagged)
    return fixed_credit.evaluate(frame, rules=rules, as_of=as_of, flagged=flagged)


def codes_of(evaluation: Evaluation) -> list[list[str]]:
    return [reason_codes(mask) for mask in evaluation.reasons[evaluation.reasons != 0].tolist()]


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return write(tmp_path_factory.mktemp("typed"), ROWS)


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return write(tmp_path_factory.mktemp("text"), ROWS, file_format="csv")


@pytest.fixture(scope="module")
def good(typed: Sample) -> dict[str, pl.DataFrame]:
    """The good rows as they were written."""
    return {
        name: typed.frames[name].filter(pl.Series(evaluate(name, typed.frames[name]).reasons == 0)) for name in DATASETS
    }


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> int:
    rows = 4096
    for module in (sample, files):
        monkeypatch.setattr(module, "GROUP_ROWS", rows)
    return rows


def values(frame: pl.DataFrame, column: str) -> set[Any]:
    return set(frame[column].to_list())


@pytest.mark.parametrize("file_format", ["parquet", "csv"])
def test_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path, file_format: str) -> None:
    first, again, other = (
        write(tmp_path / name, 3000, seed, file_format) for name, seed in (("first", 7), ("again", 7), ("other", 8))
    )
    for name, file in first.written.items():
        assert file.path.read_bytes() == again.written[name].path.read_bytes()
        assert file.path.read_bytes() != other.written[name].path.read_bytes()


def test_columns_and_types_are_the_contracts(typed: Sample, text: Sample) -> None:
    left_out = {"customer_id", "class", "stop_date", "interest_payment"}
    assert {
        name: [column.name for column in dataset.columns if column.name not in left_out]
        for name, dataset in DATASETS.items()
    } == {name: list(TYPES[name]) for name in DATASETS}
    for name, types in TYPES.items():
        schema = pq.read_schema(typed.written[name].path)
        assert {field.name: str(field.type) for field in schema} == types
        assert text.frames[name].columns == [
            column if column == "deposit_id" else column.removesuffix("_cents") for column in types
        ]


def test_parquet_has_words_in_dictionaries_zstd_and_full_row_groups(tmp_path: Path, small_chunks: int) -> None:
    written = write(tmp_path, 10_000)
    groups = {}
    for name, file in written.written.items():
        metadata = pq.read_metadata(file.path)
        groups[name] = [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
        for group in range(metadata.num_row_groups):
            columns = [metadata.row_group(group).column(place) for place in range(metadata.num_columns)]
            assert {column.compression for column in columns} == {"ZSTD"}
            words = [column for column in columns if column.path_in_schema in {"service", "kind"}]
            assert all("RLE_DICTIONARY" in column.encodings for column in words)
            assert words
    assert groups["deposits"] == [small_chunks, small_chunks, 10_000 - 2 * small_chunks]
    assert all(rows == small_chunks for sizes in groups.values() for rows in sizes[:-1])
    assert len(groups["accounts"]) == 2


def test_chunks_differ_and_number_their_rows_through(tmp_path: Path, small_chunks: int) -> None:
    written = write(tmp_path, 3 * small_chunks)
    deposits = written.frames["deposits"]
    chunks = [deposits[first : first + small_chunks] for first in range(0, deposits.height, small_chunks)]
    assert not chunks[0]["principal_cents"].equals(chunks[1]["principal_cents"])
    numbers = deposits["deposit_id"].str.slice(1).cast(pl.Int64)
    wrong = deposits.filter(numbers != pl.Series(range(1, deposits.height + 1)))
    assert wrong.height == written.written["deposits"].bad_rows.get("duplicate_key", 0) // 2  # the copies
    assert_reasons_are_as_counted(written)


def test_rows(typed: Sample, good: dict[str, pl.DataFrame]) -> None:
    assert typed.written["deposits"].rows == ROWS
    assert 0.5 * ROWS < typed.written["accounts"].rows < 0.55 * ROWS
    assert 0.25 * ROWS < typed.written["participants"].rows < 0.28 * ROWS
    pair = ["account_id", "service"]
    named = good["deposits"].select(pair).unique()
    assert named.height > 0.48 * ROWS
    missing = named.join(good["accounts"], on=pair, how="anti")
    assert missing.height <= sum(typed.written["accounts"].bad_rows.values())
    without_deposit = good["accounts"].join(typed.frames["deposits"], on=pair, how="anti")
    assert 0.005 * ROWS < without_deposit.height < 0.03 * ROWS
    strangers = good["participants"].join(typed.frames["accounts"], on=pair, how="anti")
    assert strangers.height <= sum(typed.written["accounts"].bad_rows.values())


@pytest.mark.parametrize("rows", [1, 2, 15, 16, 17, 999, 1000])
def test_every_account_of_a_deposit_is_there_whatever_the_number_of_rows(tmp_path: Path, rows: int) -> None:
    frames = write(tmp_path, rows).frames
    deposits = frames["deposits"].drop_nulls(["account_id", "service"]).filter(pl.col("service").is_in(SERVICES))
    lost = deposits.join(frames["accounts"], on=["account_id", "service"], how="anti")
    bad_accounts = [reasons for (reasons,) in codes_of(evaluate("accounts", frames["accounts"]))]
    # an account whose key was spoiled is not found; a key that is a copy hides one, a changed service another
    assert lost["account_id"].n_unique() <= len(bad_accounts)
    assert (rows > 17) or lost.is_empty()
    assert frames["deposits"]["deposit_id"].n_unique() >= rows - 1


@pytest.mark.parametrize("as_of", NIGHTS)
def test_every_status_on_both_nights(typed: Sample, as_of: date) -> None:
    results = evaluate("deposits", typed.frames["deposits"], as_of).results
    counts = Counter(results["status"].to_list())
    assert set(counts) == {
        "not_received", "active", "waiting", "unclaimed", "overdue", "remitted", "returned", "excluded"
    }  # fmt: skip
    assert counts["active"] + counts["returned"] > 0.5 * ROWS
    assert results["surcharge_interest_cents"].max() != 0


def test_every_case_of_deposits(good: dict[str, pl.DataFrame]) -> None:
    deposits = good["deposits"]
    assert values(deposits, "service") == {"electric", "gas"}
    assert values(deposits, "kind") == {
        "deposit", "construction_advance", "overcharge_refund", "cost_adjustment_credit", None
    }  # fmt: skip
    advances = deposits.filter(pl.col("kind") == "construction_advance")
    assert values(advances, "interest_payable") == values(deposits, "efforts_made") == {True, False, None}
    for column in ("paid_date", "remitted_date", "service_ended_date", "order_payable_date"):
        happened = deposits[column].drop_nulls()
        assert 0 < happened.len() < deposits.height
        assert happened.max() <= date(2026, 12, 31)  # type: ignore[operator]  # Polars types it as any Python value
    for column in ("received_date", "paid_date", "service_ended_date"):
        happened = deposits[column]
        assert happened.filter((happened.dt.month() == 2) & (happened.dt.day() == 29)).len() > 1
    received = deposits["received_date"]
    assert set(range(1990, 2027)) == set(received.dt.year().to_list())
    month_ends = received.filter(received == received.dt.month_end())
    new_years = received.filter((received.dt.month() == 1) & (received.dt.day() == 1))
    assert 0.15 < month_ends.len() / ROWS < 0.3
    assert set(new_years.dt.year().to_list()) > set(range(1995, 2027))
    for column in ("posted_cents", "amounts_owed_cents"):
        assert deposits[column].null_count() > 0
        assert deposits.filter(pl.col(column) == 0).height > 0
        assert deposits.filter(pl.col(column) > 0).height > 0
    usual = deposits.filter(pl.col("principal_cents").is_between(5_000, 60_000))
    assert 0.85 < usual.height / ROWS < 0.98
    assert 0 < deposits.filter(pl.col("principal_cents") > 2_000_000).height < 0.01 * ROWS
    assert 0 < deposits.filter(pl.col("principal_cents") == 0).height < 0.01 * ROWS


def test_every_case_of_accounts(good: dict[str, pl.DataFrame]) -> None:
    frame = good["accounts"]
    held = pl.Series("held_cents", np.full(frame.height, 30_000))
    results = deposit_limit.evaluate(frame.with_columns(held), rules=load_rules(NIGHTS[0]), as_of=NIGHTS[0]).results
    assert values(results, "estimate_source") == {"account", "premises", "class"}
    assert values(results, "return_due") == {True, False}
    assert values(frame, "bills_in_advance") == {True, False, None}
    assert values(frame, "late_payments_12m") == {*range(13), None}
    assert results.filter(pl.col("excess_cents") > 0).height > 0.2 * frame.height


def test_every_case_of_participants(good: dict[str, pl.DataFrame]) -> None:
    frame = good["participants"]
    results = evaluate("participants", frame).results
    assert values(results, "eligible_basis") == {"none", "fpl_200", "ami_80", "leap"}
    for column in ("leap_to_unaffordable_cents", "leap_to_arrearage_cents", "leap_to_account_cents"):
        assert results.filter(pl.col(column) > 0).height > 0
    assert values(results, "recalculation_due") == {True, False}
    assert results.filter(pl.col("arrearage_credit_cents").list.sum() > 0).height > 0
    assert results.filter(pl.col("fixed_credit_annual_cents") > 0).height > 0.4 * frame.height
    assert values(results, "tests_dropped") == {"", "ami_80"}
    change, basis = pl.col("full_annual_bill_cents") - pl.col("basis_bill_cents"), pl.col("basis_bill_cents")
    for quarter in (basis, -basis):
        assert frame.filter(4 * change == quarter, basis > 0).height > 0
    assert frame.filter(change == 0).height > 0
    assert values(frame, "months_remaining") == {*range(13), None}
    assert values(frame, "arrearage_months") == {*range(1, 25), None}
    income = pl.col("household_income_cents")
    assert 0.9 < frame.filter(income <= 6_000_000).height / frame.height < 1
    assert 0.01 < frame.filter(income == 0).height / frame.height < 0.1
    copayment = pl.col("arrearage_copay_cents")
    for case in (copayment.is_null(), copayment == 0, copayment == income // 100, copayment < income // 100):
        assert frame.filter(case).height > 0
    assert frame.filter(pl.col("household_size") > 8).height > 0
    assert 0.7 < frame["share_ppm"].null_count() / frame.height < 0.9
    counties = values(frame, "county_fips")
    assert counties - set(load_guidelines().ami_usd) == {None, "08999"}
    assert len(counties) == 64 + 2


def test_every_account_class(good: dict[str, pl.DataFrame]) -> None:
    frame = good["participants"]
    gated = gate(PARTICIPANTS, frame).values
    classes = participant_terms.account_class(gated["service"], gated["primary_heating"], gated["regulated_gas"])
    assert set(classes.tolist()) == {0, 1, 2, 3, 4}
    assert values(frame.filter(pl.col("service") == "electric"), "primary_heating") == set(HEATING)
    own = frame.filter(pl.col("share_ppm").is_not_null(), pl.Series(classes == 1))["share_ppm"]
    assert (own.min(), own.max()) == (30_000, 50_000)  # 3412(e)(I)(A), with regulated gas


def test_services_of_a_household_share_its_figures(good: dict[str, pl.DataFrame]) -> None:
    both = good["participants"].filter(pl.col("participant_id").is_duplicated())
    assert both.height > 1000
    for column in (
        "account_id", "household_income_cents", "household_size", "county_fips", "primary_heating", "regulated_gas",
        "leap_qualified",
    ):  # fmt: skip
        # a spoiled row keeps its household's figures but is not among the good ones
        assert both.group_by("participant_id").agg(pl.col(column).n_unique())[column].max() == 1


def assert_reasons_are_as_counted(written: Sample, as_of: date = NIGHTS[0]) -> None:
    for name in DATASETS:
        codes = codes_of(evaluate(name, written.frames[name], as_of))
        assert all(len(reasons) == 1 for reasons in codes)
        assert Counter(reason for (reason,) in codes) == written.written[name].bad_rows


@pytest.mark.parametrize("as_of", NIGHTS)
def test_bad_rows_have_just_the_reason_they_were_made_for(typed: Sample, text: Sample, as_of: date) -> None:
    assert_reasons_are_as_counted(typed, as_of)
    assert_reasons_are_as_counted(text, as_of)
    assert {name: set(file.bad_rows) for name, file in typed.written.items()} == REASONS
    assert {name: set(file.bad_rows) for name, file in text.written.items()} == {
        name: reasons | TEXT_REASONS[name] for name, reasons in REASONS.items()
    }


def test_about_one_row_of_a_thousand_is_bad(tmp_path: Path) -> None:
    for file in write(tmp_path, 200_000).written.values():
        bad = sum(file.bad_rows.values())
        assert (0.0009 < bad / file.rows <= 0.001) or file.dataset in {"transactions", "events"}
        assert max(file.bad_rows.values(), default=0) <= 3 * min(file.bad_rows.values(), default=0)


@pytest.mark.parametrize("seed", range(3))
def test_every_reason_is_there_in_thirty_thousand_rows(tmp_path: Path, seed: int) -> None:
    written = write(tmp_path, 30_000, seed)
    assert_reasons_are_as_counted(written)
    assert {name: set(file.bad_rows) for name, file in written.written.items()} == REASONS
    assert 24 <= sum(written.written["deposits"].bad_rows.values()) <= 30


def test_few_rows_have_few_bad_ones(tmp_path: Path) -> None:
    assert write(tmp_path / "999", 999).written["deposits"].bad_rows == {}
    assert write(tmp_path / "2000", 2000).written["deposits"].bad_rows == {"missing_value": 1, "negative_amount": 1}


def day_sums(rows: list[dict[str, Any]]) -> Iterator[int]:
    """The balance after each day with a receipt or a refund."""
    balance = 0
    for day in sorted({row["date"] for row in rows}):
        balance += sum(row["amount_cents"] for row in rows if row["date"] == day)
        yield balance


def test_events_are_of_every_kind_and_good(typed: Sample, good: dict[str, pl.DataFrame]) -> None:
    """Of one participant in four, those with a first bill; on bill days, before the first bill and after the last."""
    events = typed.frames["events"]
    assert values(events, "kind") == set(KINDS)
    first_bills = good["participants"].drop_nulls("first_bill_date")
    assert 0.2 < first_bills.height / good["participants"].height < 0.3
    both = events.join(first_bills, on=["participant_id", "service"], validate="m:1")
    assert both.height == events.height
    days = both.select((pl.col("date") - pl.col("first_bill_date")).dt.total_days()).to_series()
    assert (days.min(), days.max(), (days == 0).sum() > events.height // 20) == (-20, 360, True)
    year = participant_year.evaluate(first_bills, events, rules=load_rules(NIGHTS[0]), as_of=NIGHTS[0])
    assert not year.event_reasons.any()
    assert not year.participants.reasons.any()
    assert year.months.height == 12 * first_bills.height


def test_transactions_add_up_to_their_deposits(typed: Sample, good: dict[str, pl.DataFrame]) -> None:
    transactions = typed.frames["transactions"]
    assert values(transactions, "kind") == {"principal", "posting", "owed"}
    deposits = {row["deposit_id"]: row for row in good["deposits"].iter_rows(named=True)}
    assert values(transactions, "deposit_id") <= set(deposits)
    assert 0.04 < transactions["deposit_id"].n_unique() / ROWS < 0.06
    cases: Counter[str] = Counter()
    for (deposit_id, kind), group in transactions.group_by("deposit_id", "kind"):
        deposit, rows = deposits[str(deposit_id)], group.sort("date").rows(named=True)
        assert deposit["kind"] in {None, "deposit", "construction_advance"}
        assert rows[0]["date"] >= deposit["received_date"]
        assert rows[-1]["date"] <= date(2026, 12, 31)
        if kind != "principal":
            assert all(row["amount_cents"] > 0 for row in rows)
            continue
        assert rows[0]["date"] == deposit["received_date"]
        paid, remitted = deposit["paid_date"], deposit["remitted_date"]
        returned = paid is not None and (remitted is None or paid < remitted)
        *earlier, last = day_sums(rows)
        assert all(balance > 0 for balance in earlier)
        assert last == (0 if returned else deposit["principal_cents"])
        assert rows[-1]["date"] <= min(day or date.max for day in (paid, remitted))
        assert rows[-1]["date"] == paid or not returned
        later = rows[1:-1] if returned else rows[1:]
        cases["returned" if returned else "held"] += 1
        cases["added"] += any(row["amount_cents"] > 0 for row in later)
        cases["refunded in part"] += any(row["amount_cents"] < 0 for row in later)
    assert set(cases) == {"returned", "held", "added", "refunded in part"}
    assert min(cases.values()) > 50


def written_columns(sample: Sample, name: str) -> list[str]:
    return sample.frames[name].columns


def test_csv_holds_what_parquet_holds(typed: Sample, text: Sample) -> None:
    for name, dataset in DATASETS.items():
        evaluated = [evaluate(name, written.frames[name]) for written in (typed, text)]
        both = (evaluated[0].reasons == 0) & (evaluated[1].reasons == 0)
        assert both.sum() == evaluated[1].results.height
        found = [gate(dataset, written.frames[name]) for written in (typed, text)]
        gated = [each.values for each in found]
        for numbers in gated[0]:
            assert np.array_equal(gated[0][numbers][both], gated[1][numbers][both])
        lists = [{each: lists.tolist() for each, lists in one.lists.items()} for one in found]
        assert lists[0] == lists[1]
        for column in dataset.columns:
            if column.name in written_columns(typed, name) and column.name not in (*gated[0], *lists[0]):
                frames = [written.frames[name][column.name].filter(pl.Series(both)) for written in (typed, text)]
                assert frames[0].equals(frames[1])
    transactions = text.frames["transactions"].select(
        "deposit_id",
        pl.col("date").str.to_date("%Y-%m-%d"),
        "kind",
        amount_cents=(pl.col("amount").str.replace(".", "", literal=True)).cast(pl.Int64),
    )
    assert transactions.equals(typed.frames["transactions"])


def test_same_faults_in_text(typed: Sample, text: Sample) -> None:
    for name in DATASETS:
        reasons = [evaluate(name, written.frames[name]).reasons for written in (typed, text)]
        bad = reasons[0] != 0
        assert np.array_equal(reasons[0][bad], reasons[1][bad])


def test_nothing_has_its_name_before_all_is_written(tmp_path: Path) -> None:
    seen: list[set[str]] = []
    write_sample(100, 1, tmp_path, progress=lambda _: seen.append({path.name for path in tmp_path.glob("*.parquet")}))
    assert seen == [set()] * 5
    assert len(list(tmp_path.iterdir())) == 5


@pytest.mark.parametrize("file_format", ["parquet", "csv"])
def test_failure_leaves_the_old_files_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file_format: str
) -> None:
    old = write(tmp_path, 100, 1, file_format)
    contents = {path: path.read_bytes() for path in tmp_path.iterdir()}

    def fail(*_: object) -> pl.DataFrame:
        raise KeyError("no chunk")

    with monkeypatch.context() as patched:
        patched.setattr(accounts, "chunk", fail)
        with pytest.raises(KeyError):
            write_sample(200, 2, tmp_path, file_format)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == contents
    assert len(contents) == len(old.written) == 5


@pytest.mark.parametrize(("file_format", "room"), [("parquet", 50_000), ("csv", 50_000), ("parquet", 0)])
def test_file_that_cannot_be_written_is_an_output_error(tmp_path: Path, file_format: str, room: int) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        with pytest.raises(OutputError, match="File too large") as raised:
            write_sample(10_000, 1, tmp_path / "out", file_format)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert str(tmp_path / "out") in str(raised.value)
    assert list((tmp_path / "out").iterdir()) == []


def test_disk_that_fills_at_the_end_is_an_output_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_sample(100, 1, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_folder_that_cannot_be_made_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(OutputError, match="cannot be written"):
            write_sample(100, 1, folder)


@pytest.mark.parametrize(
    ("rows", "seed", "file_format"),
    [(0, 1, "parquet"), (-1, 1, "csv"), (10**9 + 1, 1, "csv"), (1, -1, "csv"), (1, 1, "xml")],
)
def test_bad_usage(tmp_path: Path, rows: int, seed: int, file_format: str) -> None:
    with pytest.raises(UsageError):
        write_sample(rows, seed, tmp_path / "out", file_format)
    assert not (tmp_path / "out").exists()


def test_faulty_dates_lie_where_their_reasons_say(typed: Sample) -> None:
    deposits = typed.frames["deposits"]
    reasons = pl.Series(evaluate("deposits", deposits).reasons)
    early = deposits.filter(reasons == int(Reason.date_order))
    others = ("paid_date", "remitted_date", "service_ended_date", "order_payable_date")
    assert early.select(pl.min_horizontal(*others) == pl.col("received_date") - timedelta(days=30)).to_series().all()
    unrated = deposits.filter(reasons == int(Reason.no_rate_in_force))
    assert unrated["received_date"].max() < date(1990, 1, 1)  # type: ignore[operator]  # as above
    assert early.height > 1
    assert unrated.height > 1


@pytest.mark.parametrize("file_format", ["parquet", "csv"])
def test_customers_have_the_accounts_of_their_deposits(tmp_path: Path, file_format: str) -> None:
    """Two customers a block of six accounts, of two accounts each: 0 and 1, 3 and 5."""
    write_sample(3_200, 1, tmp_path / "named", file_format, customers=True)
    write_sample(3_200, 1, tmp_path / "plain", file_format)
    read = pl.read_parquet if file_format == "parquet" else partial(pl.read_csv, infer_schema=False)
    for name in ("deposits", "accounts"):
        named, plain = (read(tmp_path / folder / f"{name}.{file_format}") for folder in ("named", "plain"))
        assert named.drop("customer_id").equals(plain)
        number = pl.col("account_id").str.slice(1).cast(pl.Int64, strict=False) - 1
        block, place = number // 6, number % 6
        customer = pl.when(place < 2).then(2 * block + 1).when(place.is_in([3, 5])).then(2 * block + 2)
        whole = named.filter(number.is_not_null())
        expected = pl.when(customer.is_not_null()).then("C" + customer.cast(pl.String).str.zfill(10))
        assert whole.filter(~pl.col("customer_id").eq_missing(expected)).height <= 10  # whose account id is spoilt
