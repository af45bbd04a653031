"""Totals rolled forward from night to night: each cause by hand, all of them against a join, and what is refused."""

import json
import random
import shutil
from collections import Counter
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from calc.atomic_write import write_json
from calc.bulk.reconcile import bucket_digests as standing
from calc.bulk.reconcile import roll_forward
from calc.bulk.reconcile.check import check_output
from calc.bulk.reconcile.reconciling_items import FLOWS, RESTATED
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.columns.unclaimed import evaluate
from calc.errors import PublishRefusedError
from calc.rates.computing.table import load_rate_table
from calc.rules.resolve import load_rules
from calc.sample import write_sample
from tests.bulk.bad_rows import frame_of, numbered
from tests.reference import bucket_digests as twin

JULY, YEAR_END = date(2024, 7, 1), date(2025, 1, 1)
"""At 4.93 % over 366 days, 200.00 earn 4.90 from New Year to the first (182 days), and 9.86 to the second."""

ANY_SHARE = {"max_bad_share": Fraction(1), "max_gone_share": Fraction(1)}
Row = dict[str, Any]


def deposit(number: int, **change: Any) -> Row:  # noqa: ANN401 - columns of any type
    return {**numbered("deposits", number), "received_date": date(2024, 1, 1), **change}


def event(number: int, day: date, kind: str, amount_cents: int) -> Row:
    return {"deposit_id": f"D{number}", "date": day, "kind": kind, "amount_cents": amount_cents}


class Nights:
    """Runs night after night into one output folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = folder / "out"

    def run(self, as_of: date, rows: list[Row], events: list[Row] | None = None, **settings: Any) -> dict[str, Any]:  # noqa: ANN401
        frame_of("deposits", rows).write_parquet(self.folder / "deposits.parquet")
        if events is not None:
            schema = {"deposit_id": pl.String, "date": pl.Date, "kind": pl.String, "amount_cents": pl.Int64}
            pl.DataFrame(events, schema=schema, orient="row").write_parquet(self.folder / "transactions.parquet")
            settings["transactions"] = str(self.folder / "transactions.parquet")
        named = str(self.folder / "deposits.parquet")
        job = NightlyJob(**{**ANY_SHARE, **settings, "as_of": as_of, "deposits": named, "out": self.out})
        return run_nightly(job)

    def manifest(self) -> Any:  # noqa: ANN401 - JSON
        return json.loads((self.out / "manifest.json").read_text())


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    return Nights(tmp_path)


def way(manifest: Mapping[str, Any], service: str, figure: str) -> dict[str, int]:
    """A figure's way without the causes that are zero, once it adds up."""
    amounts: dict[str, int] = manifest["roll_forward"][service][figure]
    assert set(amounts) <= {"previous", *RESTATED, *FLOWS, "tonight"}
    causes = sum(amount for cause, amount in amounts.items() if cause not in {"previous", "tonight", "paid"})
    assert amounts["previous"] + causes - amounts["paid"] == amounts["tonight"]
    return {cause: amount for cause, amount in amounts.items() if amount}


def test_the_first_run_has_nothing_to_roll_forward(nights: Nights) -> None:
    manifest = nights.run(JULY, [deposit(0)])
    assert manifest["roll_forward"] == {}
    assert manifest["rolled_from"] == {"why_not": "no run was published in this folder before"}


def test_new_accrual_and_paid_by_hand(nights: Nights) -> None:
    first = [deposit(0), deposit(1), deposit(2, service="gas"), deposit(3, kind="overcharge_refund")]
    before = nights.run(JULY, first)
    second = [
        *first[:1],
        deposit(1, paid_date=date(2024, 10, 1)),  # 274 days: 7.38
        *first[2:],
        deposit(4, received_date=date(2024, 8, 1)),  # 153 days: 4.12
        deposit(5, received_date=date(2024, 8, 1), paid_date=date(2024, 8, 31)),  # 30 days: 0.81
        deposit(6, received_date=date(2025, 1, 2)),
    ]
    after = nights.run(YEAR_END, second)
    assert after["rolled_from"] == {"run_id": before["run_id"], "as_of": "2024-07-01", "changed": []}
    assert way(after, "electric", "rows") == {"previous": 2, "new": 2, "paid": 2, "tonight": 2}
    principal = {"previous": 40000, "new": 40000, "paid": 40000, "tonight": 40000}
    assert way(after, "electric", "principal_cents") == principal
    accrual = (986 - 490) + (738 - 490) + 412 + 81
    base = {"previous": 980, "accrual": accrual, "paid": 738 + 81, "tonight": 986 + 412}
    assert way(after, "electric", "base_interest_cents") == base
    assert way(after, "electric", "interest_due_cents") == base
    assert way(after, "electric", "surcharge_interest_cents") == {}
    assert way(after, "gas", "base_interest_cents") == {"previous": 490, "accrual": 496, "tonight": 986}
    assert way(after, "all", "base_interest_cents") == {
        "previous": 1470, "accrual": accrual + 496, "paid": 819, "tonight": 2384
    }  # fmt: skip


def test_the_same_day_again_and_a_day_in_between(nights: Nights) -> None:
    rows = [deposit(number) for number in range(3)]
    nights.run(JULY, rows)
    again = nights.run(JULY, rows)
    assert way(again, "electric", "base_interest_cents") == {"previous": 1470, "tonight": 1470}
    assert way(again, "electric", "rows") == {"previous": 3, "tonight": 3}
    next_day = nights.run(date(2024, 7, 2), rows)  # 183 days: 4.93
    assert way(next_day, "electric", "base_interest_cents") == {"previous": 1470, "accrual": 9, "tonight": 1479}


def test_an_earlier_day_is_not_rolled_to_but_from(nights: Nights) -> None:
    late = nights.run(YEAR_END, [deposit(0)])
    early = nights.run(JULY, [deposit(0)])
    assert early["roll_forward"] == {}
    assert early["rolled_from"] == {"why_not": f"run {late['run_id']} is as of a later day, 2025-01-01"}
    last = nights.run(YEAR_END, [deposit(0)])
    assert last["rolled_from"]["run_id"] == early["run_id"]
    assert way(last, "electric", "base_interest_cents") == {"previous": 490, "accrual": 496, "tonight": 986}


def test_the_surcharge_accrues_and_is_paid(nights: Nights) -> None:
    rows = [
        {**numbered("deposits", number), "service_ended_date": date(2024, 3, 15), "remitted_date": remitted}
        for number, remitted in ((0, date(2026, 9, 30)), (1, None))
    ]
    nights.run(date(2026, 7, 17), rows)
    after = nights.run(date(2026, 9, 30), rows)  # 200.00 until then: 29.32 and 2.46 (RULES, section 5)
    assert way(after, "electric", "surcharge_interest_cents") == {"accrual": 492, "paid": 246, "tonight": 246}
    assert way(after, "electric", "base_interest_cents")["paid"] == 2932
    assert way(after, "electric", "rows") == {"previous": 2, "paid": 1, "tonight": 1}


def test_every_cause_of_a_difference_in_the_past(nights: Nights) -> None:
    bad = {"kind": "bond"}
    first = [
        deposit(0), deposit(1), deposit(2), deposit(3, **bad), deposit(4), deposit(5), deposit(6, posted_cents=100),
        deposit(7), *(deposit(number) for number in range(100, 110)),
    ]  # fmt: skip
    nights.run(JULY, first)
    second = [
        deposit(0, principal_cents=30000),  # corrected: + 100.00, + 2.45
        # 1 is gone
        deposit(2, **bad),  # quarantined
        deposit(3),  # released
        deposit(4, received_date=date(2024, 1, 2)),  # corrected: 181 days, 4.88 (4.876)
        deposit(5, paid_date=date(2024, 6, 1)),  # a payment that was booked late: corrected
        deposit(6, posted_cents=350),  # posted: 2.50
        deposit(7, service="gas"),  # gone from electric, late in gas
        deposit(8, received_date=date(2024, 6, 30)),  # late: 1 day, 0.03
        *(deposit(number) for number in range(100, 110)),
    ]
    for as_of, accrued in ((JULY, 0), (date(2024, 7, 2), None)):
        shutil.copytree(nights.out, nights.folder / "kept", dirs_exist_ok=True)
        after = nights.run(as_of, second)
        assert after["rolled_from"]["changed"] == []
        found = way(after, "electric", "rows")
        assert found == {
            "previous": 17, "late": 1, "released": 1, "gone": -2, "quarantined": -1, "corrected": -1, "tonight": 15
        }  # fmt: skip
        found = way(after, "electric", "principal_cents")
        assert found == {
            "previous": 340000, "late": 20000, "released": 20000, "gone": -40000, "quarantined": -20000,
            "corrected": 10000 - 20000, "tonight": 310000,
        }  # fmt: skip
        found = way(after, "electric", "base_interest_cents")
        assert accrued is None or "accrual" not in found
        assert {cause: amount for cause, amount in found.items() if cause not in {"accrual", "tonight"}} == {
            "previous": 17 * 490, "late": 3, "released": 490, "gone": -980, "quarantined": -490,
            "corrected": 245 - 2 - 490,
        }  # fmt: skip
        assert way(after, "electric", "posted_cents") == {"previous": 100, "posted": 250, "tonight": 350}
        assert way(after, "gas", "principal_cents") == {"late": 20000, "tonight": 20000}
        shutil.rmtree(nights.out)
        shutil.move(nights.folder / "kept", nights.out)


def test_another_reading_of_the_rules_is_named(nights: Nights) -> None:
    rows = [deposit(number) for number in range(4)]
    nights.run(JULY, rows)
    after = nights.run(YEAR_END, rows, switches={"day_count": "actual_365"})
    assert after["rolled_from"]["changed"] == ["switches"]
    # 182 days of 365: 4.92 (4.916); 366 of 365: 9.89 (9.887)
    expected = {"previous": 4 * 490, "law": 4 * 2, "accrual": 4 * (989 - 492), "tonight": 4 * 989}
    assert way(after, "electric", "base_interest_cents") == expected
    same = nights.run(YEAR_END, rows, switches={"day_count": "actual_365"})
    assert way(same, "electric", "base_interest_cents") == {"previous": 4 * 989, "tonight": 4 * 989}


def test_a_rate_that_is_not_known_any_more(nights: Nights) -> None:
    """The rate of 2026 was not known in June 2025: a deposit that earned on New Year's day is refused."""
    nights.run(date(2026, 1, 2), [deposit(0), deposit(1, paid_date=date(2026, 1, 1))])
    after = nights.run(date(2026, 1, 2), [deposit(0)], known_on=date(2025, 6, 1))
    assert set(after["rolled_from"]["changed"]) == {"known_on", "rates"}
    assert way(after, "electric", "rows") == {"previous": 1, "quarantined": -1}


def test_another_tariff_changes_nothing_of_the_deposits(nights: Nights) -> None:
    nights.run(JULY, [deposit(0)])
    after = nights.run(JULY, [deposit(0)], tariff="example")
    assert after["rolled_from"]["changed"] == ["tariff"]
    assert way(after, "electric", "base_interest_cents") == {"previous": 490, "tonight": 490}


def test_the_first_rows_alone_are_told(nights: Nights) -> None:
    rows = [deposit(number) for number in range(10)]
    nights.run(JULY, rows)
    after = nights.run(JULY, rows, limit=7)
    assert after["rolled_from"]["changed"] == ["limit"]
    assert way(after, "electric", "rows") == {"previous": 10, "gone": -3, "tonight": 7}


def test_transactions_of_two_nights(nights: Nights) -> None:
    rows = [deposit(number) for number in range(6)]
    first = [
        event(1, date(2024, 1, 1), "principal", 10000),
        event(2, date(2024, 1, 1), "principal", 20000),
        event(4, date(2024, 1, 1), "principal", 20000),
    ]
    nights.run(JULY, rows, first)
    second = [
        *first,
        event(0, date(2024, 8, 1), "posting", 100),
        event(1, date(2024, 8, 1), "principal", 5000),  # an installment
        event(2, date(2024, 8, 1), "principal", -15000),  # a part goes back
        event(3, date(2024, 3, 1), "posting", 77),  # booked late
        event(4, date(2024, 10, 1), "principal", -20000),  # all goes back
        event(5, date(2024, 1, 1), "principal", 21000),  # booked late
    ]
    after = nights.run(YEAR_END, rows, second)
    assert way(after, "electric", "rows") == {"previous": 6, "paid": 1, "tonight": 5}
    assert way(after, "electric", "principal_cents") == {
        "previous": 110000, "corrected": 1000, "new": 5000, "paid": 15000 + 20000, "tonight": 81000
    }  # fmt: skip
    assert way(after, "electric", "posted_cents") == {"posted": 177, "tonight": 177}
    assert way(after, "electric", "base_interest_cents")["paid"] == 738


def test_a_transaction_moved_in_the_past_is_a_correction(nights: Nights) -> None:
    """The same principal, received date and balance, but another way there: only the transactions tell."""
    rows = [deposit(number) for number in range(3)]

    def moves(day: date) -> list[Row]:
        return [event(0, date(2024, 1, 1), "principal", 20000), event(0, day, "principal", 5000)]

    nights.run(JULY, rows, moves(date(2024, 2, 1)))
    after = nights.run(JULY, rows, moves(date(2024, 6, 1)))
    found = way(after, "electric", "base_interest_cents")
    assert found["corrected"] < 0
    assert set(found) == {"previous", "corrected", "tonight"}


# --- what is refused


def refused(nights: Nights, match: str, rows: list[Row]) -> dict[str, Any]:
    before = (nights.out / "manifest.json").read_bytes()
    with pytest.raises(PublishRefusedError, match=match) as error:
        nights.run(YEAR_END, rows)
    assert error.value.exit_code == 4
    assert (nights.out / "manifest.json").read_bytes() == before
    named = nights.out / "refused.json"
    return dict(json.loads(named.read_text())) if named.exists() else {}


def test_totals_that_do_not_follow_are_refused(nights: Nights) -> None:
    rows = [deposit(number) for number in range(4)]
    nights.run(JULY, rows)
    manifest = nights.manifest()
    manifest["control_totals"]["deposits"]["electric"]["active"]["base_interest_cents"] += 1
    write_json(nights.out / "manifest.json", manifest)
    told = refused(nights, "base_interest_cents of electric differ by -1 without a cause", rows)
    assert told["roll_forward"]["electric"]["base_interest_cents"]["unnamed"] == -1
    assert not list((nights.out / "runs" / told["run_id"]).rglob("standing.parquet"))


def test_other_figures_from_the_same_input_are_refused_even_if_they_cancel_out(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [deposit(number) for number in range(40)]

    def tampered(path: Path) -> pl.DataFrame:
        table = standing.read_table(path)
        electric = table["service"].cast(pl.String) == "electric"
        place = pl.int_range(pl.len())
        cents = pl.col("base_interest_cents") + pl.when(place == 0).then(1).when(place == 1).then(-1).otherwise(0)
        assert electric[:2].all()
        return table.with_columns(cents)

    nights.run(JULY, rows)
    with monkeypatch.context() as patched:
        patched.setattr(roll_forward, "read_table", tampered)
        refused(nights, "of electric differ by 0 without a cause", rows)
        nights.run(YEAR_END, rows, switches={"day_count": "actual_365"})  # the law has changed: named
    assert check_output(nights.out).differences == []


@pytest.mark.parametrize("damage", ["gone", "flipped", "cut"])
def test_what_the_previous_run_kept_has_to_be_whole(damage: str, nights: Nights) -> None:
    rows = [deposit(0)]
    first = nights.run(JULY, rows)
    path = nights.out / first["standing"]["path"]
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(content[:-1] if damage == "cut" else content[:-30] + b"\0" + content[-29:])
    refused(nights, f"is not what run {first['run_id']} kept to roll its totals forward", rows)
    assert not (nights.out / "refused.json").exists()
    path.write_bytes(content)
    assert way(nights.run(YEAR_END, rows), "electric", "rows") == {"previous": 1, "tonight": 1}


def test_a_run_before_there_was_a_roll_forward(nights: Nights) -> None:
    first = nights.run(JULY, [deposit(0)])
    manifest = nights.manifest()
    del manifest["standing"]
    write_json(nights.out / "manifest.json", manifest)
    after = nights.run(YEAR_END, [deposit(0)])
    assert after["rolled_from"] == {"why_not": f"run {first['run_id']} kept nothing to roll forward from"}


def test_another_version_of_polars_has_other_hashes(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells cannot be compared: what differs is told for each service in one."""
    rows = [deposit(number) for number in range(30)]
    nights.run(JULY, rows)
    manifest = nights.manifest()
    manifest["versions"]["polars"] = "0.1"
    write_json(nights.out / "manifest.json", manifest)
    monkeypatch.setattr("calc.bulk.reconcile.bucket_digests._SEED", 7)
    after = nights.run(YEAR_END, [deposit(0, principal_cents=30000), *rows[1:]])
    assert after["rolled_from"]["changed"] == ["versions"]
    assert way(after, "electric", "principal_cents") == {"previous": 600000, "law": 10000, "tonight": 610000}


# --- against a join of both nights, row by row


def test_cells_fold(nights: Nights) -> None:
    """A portfolio that has grown has more cells than the night before: they are compared all the same."""
    many = [deposit(number, principal_cents=1) for number in range(1024 * 64)]
    assert nights.run(JULY, [*many[:1000]])["standing"]["bits"] == 10
    after = nights.run(JULY, many)
    assert after["standing"]["bits"] == 11
    assert way(after, "electric", "rows") == {"previous": 1000, "late": 1024 * 64 - 1000, "tonight": 1024 * 64}
    back = nights.run(JULY, many[500:1000])
    assert way(back, "electric", "rows") == {"previous": 1024 * 64, "gone": -(1024 * 64 - 500), "tonight": 500}


def standing_on(day: date, frame: pl.DataFrame) -> dict[str, Row]:
    """Service, status and money of every good row on a day, from the calculator alone."""
    rules = load_rules(day)
    evaluation = evaluate(frame, rules=rules, rates=load_rate_table(rules.electric.annual_rate), as_of=day)
    names = {"principal_cents": "principal", "posted_cents": "posted"}
    money = [pl.Series(name, evaluation.inputs[column]) for column, name in names.items()]
    found = evaluation.results.with_columns(money).rename(
        {"base_interest_cents": "base", "surcharge_interest_cents": "surcharge"}
    )
    return {row["deposit_id"]: {**row, "good": True} for row in found.to_dicts()}


def expected_amounts(
    frames: tuple[pl.DataFrame, pl.DataFrame], days: tuple[date, date]
) -> Counter[tuple[str, str, str]]:
    """Why totals of two nights differ, from a join of both by key."""
    then, seen, now = (
        standing_on(days[0], frames[0]), standing_on(days[0], frames[1]), standing_on(days[1], frames[1])
    )  # fmt: skip
    refused = [
        set(frame["deposit_id"].drop_nulls()) - set(standing)
        for frame, standing in zip(frames, (then, seen), strict=True)
    ]
    amounts = twin.flows((seen[key], now[key]) for key in now)

    def count(cause: str, row: Row, sign: int) -> None:
        if row["status"] in twin.OPEN:
            for figure in ("rows", *twin.MONEY):
                amounts[row["service"], figure, cause] += sign * (1 if figure == "rows" else row[figure])

    received = [{key: row for key, row in each.items() if row["status"] != "not_received"} for each in (then, seen)]
    for key, row in received[0].items():
        other = received[1].get(key)
        if other is None or other["service"] != row["service"]:
            count("quarantined" if key in refused[1] else "gone", row, -1)
        else:
            since = (other["posted"] if other["status"] in twin.OPEN else 0) - (
                row["posted"] if row["status"] in twin.OPEN else 0
            )
            amounts[row["service"], "posted", "posted"] += since
            count("corrected", {**row, "posted": 0}, -1)
            count("corrected", {**other, "posted": 0}, 1)
    for key, row in received[1].items():
        other = received[0].get(key)
        if other is None or other["service"] != row["service"]:
            count("released" if key in refused[0] else "late", row, 1)
    return amounts


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_against_a_join_of_both_nights(
    seed: int, nights: Nights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calc.bulk.reconcile.bucket_digests._BITS_LEAST", 16)  # no two of the changes share a cell
    write_sample(3000, seed, tmp_path / "in")
    rows = pl.read_parquet(tmp_path / "in" / "deposits.parquet").unique("deposit_id", maintain_order=True).to_dicts()
    chance = random.Random(seed)  # noqa: S311 - which rows change, no secrets
    days = date(2026, 8, 15), date(2026, 9, 30)
    changes: list[Row] = [
        {"principal_cents": 12345}, {"received_date": date(2020, 2, 29)}, {"kind": "bond"}, {"service": "gas"},
        {"paid_date": date(2026, 9, 1)}, {"paid_date": date(2026, 8, 1)}, {"remitted_date": date(2026, 8, 15)},
        {"posted_cents": 777}, {"service_ended_date": date(2024, 1, 31)}, {"paid_date": None, "remitted_date": None},
        {"amounts_owed_cents": 5000}, {"received_date": date(2026, 9, 9), "paid_date": None},
    ]  # fmt: skip
    first = [{**row, "kind": "bond"} if chance.random() < 0.01 else row for row in rows]
    second = [{**row, **chance.choice(changes)} if chance.random() < 0.02 else row for row in rows]
    frames = tuple(
        pl.DataFrame([row for row in each if chance.random() < 0.99], infer_schema_length=None)
        for each in (first, second)
    )
    for frame, day in zip(frames, days, strict=True):
        manifest = nights.run(day, frame.to_dicts())
    expected = expected_amounts((frames[0], frames[1]), days)
    names = {"rows": "rows", "principal_cents": "principal", "base_interest_cents": "base",
             "surcharge_interest_cents": "surcharge", "posted_cents": "posted"}  # fmt: skip
    causes = set()
    for service in ("electric", "gas"):
        for figure, name in names.items():
            found = way(manifest, service, figure)
            told = {cause: amount for cause, amount in found.items() if cause not in {"previous", "tonight"}}
            wanted = {cause: expected[service, name, cause] for cause in (*RESTATED, *FLOWS)}
            assert told == {cause: amount for cause, amount in wanted.items() if amount}, (service, figure)
            causes |= set(told)
    assert causes == {*RESTATED, *FLOWS} - {"law"}
