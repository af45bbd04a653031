"""Every way in which a row is asked for under a switch: each gives the figure, or what it is refused with."""

import io
import json
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa

import calc
from api.answering.arrow import MEDIA_TYPE
from calc.bulk.publish.results import read_results
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.nightly import run_nightly
from calc.bulk.spark.part import FLAGGED, evaluate_batches, evaluations
from calc.columns.contract import ACCOUNTS, DEPOSITS, INTEREST, PARTICIPANT_YEARS, PARTICIPANTS, Dataset
from calc.rates.computing.table import load_rate_table
from calc.rules.resolve import load_rules
from calc.units import format_cents
from tests.api.client import Service
from tests.bulk.bad_rows import GOOD
from tests.cases.command import puccalc
from tests.cases.switch_cases import Case
from tests.columns.frames import as_frame

Row = Mapping[str, Any]
DATASETS: dict[str, Dataset] = {
    "interest": INTEREST, "unclaimed": DEPOSITS, "deposit-limit": ACCOUNTS, "fixed-credit": PARTICIPANTS,
    "participant-year": PARTICIPANT_YEARS,
}  # fmt: skip
DAY_OF = {
    "unclaimed": "through_date", "deposit-limit": "applied_date", "fixed-credit": "as_of_date",
    "participant-year": "as_of_date",
}  # fmt: skip


class Refused(NamedTuple):
    """Why a row has no figure."""

    why: str


Figure = int | str | date | Refused | None
"""What a door gives: truth values are numbers, dates may be text."""


def _row(case: Case, switches: Row) -> dict[str, Any]:
    return {**case.row, **(case.other_row if switches else {})}


def _whole(case: Case, switches: Row) -> dict[str, Any]:
    """The row with ids and what files must give."""
    name = "participants" if case.topic == "participant-year" else DATASETS[case.topic].name
    return {**GOOD.get(name, {}), **_row(case, switches)}


def _frame(case: Case, switches: Row) -> pl.DataFrame:
    row = _whole(case, switches)
    frame = as_frame(DATASETS[case.topic], row)
    if case.topic == "deposit-limit":
        frame = frame.with_columns(held_cents=pl.lit(row["held_cents"], pl.Int64))
    if case.topic == "participant-year":
        frame = frame.with_columns(events=pl.Series([row["events"]]))
    return frame


_FLAGS = {"efforts_made": ("--no-efforts", False), "regulated_gas": ("--regulated-gas", True)}
"""Fields that are options without a value, and the value that each of these stands for."""
_OPTIONS = {
    "principal_cents": "--principal", "received_date": "--received", "through_date": "--through",
    "service_ended_date": "--service-ended", "amounts_owed_cents": "--owed", "billed_cents": "--billed",
    "billed_days": "--billed-days", "held_cents": "--held", "late_payments_12m": "--late-payments",
    "monthly_bill_cents": "--monthly-bills", "applied_date": "--applied", "as_of_date": "--as-of",
    "return_qualified_date": "--return-qualified", "household_income_cents": "--income",
    "household_size": "--household-size", "full_annual_bill_cents": "--annual-bill", "county_fips": "--county",
    "primary_heating": "--primary-heating", "service": "--service", "leap_grant_cents": "--leap-grant",
    "arrearage_cents": "--arrearage", "arrearage_months": "--arrearage-months", "remitted_date": "--remitted",
    "first_bill_date": "--first-bill",
}  # fmt: skip


def _text(name: str, value: object) -> str:
    if isinstance(value, list):
        return ",".join(map(format_cents, value))
    return format_cents(value) if isinstance(value, int) and name.endswith("_cents") else str(value)


def _amount(event: Row) -> str:
    return f",{format_cents(event['amount_cents'])}" if event.get("amount_cents") else ""


def command_line(case: Case, switches: Row) -> Figure:
    row = {**_row(case, switches), DAY_OF.get(case.topic, "through_date"): case.on}
    words = ["quote", case.topic, "--json", "--tariff", case.tariff]
    for name, value in row.items():
        if name in _FLAGS:
            option, told = _FLAGS[name]
            words += [option] * (value is told)
        elif name == "events":
            words += [f"--event={each['date']},{each['kind']}{_amount(each)}" for each in value]
        elif value is not None:
            words += [_OPTIONS[name], _text(name, value)]
    words += [word for name, value in switches.items() for word in ("--set", f"{name}={value}")]
    finished = puccalc(words)
    return finished.json()[case.figure] if finished.code == 0 else Refused(finished.err)


def _json_row(case: Case, switches: Row) -> dict[str, Any]:
    row = {**_row(case, switches), DAY_OF.get(case.topic, "through_date"): case.on}
    return {name: _json(value) for name, value in row.items() if value is not None}


def _json(value: Any) -> Any:  # noqa: ANN401 - what a row holds
    if isinstance(value, list):
        return [
            {name: str(part) if isinstance(part, date) else part for name, part in each.items()}
            if isinstance(each, dict)
            else each
            for each in value
        ]
    return str(value) if isinstance(value, date) else value


def http_quote(case: Case, switches: Row) -> Figure:
    body = {**_json_row(case, switches), "switches": switches, "tariff": case.tariff}
    answer = Service().post(f"/v1/quotes/{case.topic}", body)
    return answer.json()[case.figure] if answer.status_code == 200 else Refused(answer.text)


def json_batch(case: Case, switches: Row) -> Figure:
    body = {"rows": [_json_row(case, switches)], "switches": switches, "tariff": case.tariff}
    answer = Service().post(f"/v1/batches/{case.topic}", body)
    if answer.status_code != 200:
        return Refused(answer.text)
    (found,) = answer.json()["results"]
    return found["result"][case.figure] if "result" in found else Refused(json.dumps(found))


def arrow_batch(case: Case, switches: Row) -> Figure:
    frame = _frame(case, switches)
    sink = io.BytesIO()
    table = frame.select([name for name in frame.columns if frame[name].null_count() == 0 or name in _required(case)])
    arrow = table.to_arrow(compat_level=pl.CompatLevel.oldest())
    with pa.ipc.new_stream(sink, arrow.schema) as writer:
        writer.write_table(arrow)
    day = {"interest": "", "unclaimed": f"through_date={case.on}"}.get(case.topic, f"as_of_date={case.on}")
    query = "&".join([day, f"tariff={case.tariff}", *(f"set={name}={value}" for name, value in switches.items())])
    answer = Service().send(f"/v1/batches/{case.topic}?{query}", sink.getvalue(), MEDIA_TYPE)
    if answer.status_code != 200:
        return Refused(answer.text)
    return _only(case, pl.DataFrame(pl.from_arrow(pa.ipc.open_stream(answer.content).read_all())).to_dicts())


def _required(case: Case) -> set[str]:
    return {column.name for column in DATASETS[case.topic].columns if not column.optional}


def _only(case: Case, rows: list[dict[str, Any]]) -> Figure:
    (row,) = rows
    return Refused(str(row["reasons"])) if row.get("reasons") else row[case.figure]


def library_year(case: Case, switches: Row) -> Figure:
    """The sum of the figure over the months."""
    frame = _frame(case, switches)
    own = frame.select("participant_id", "service", "events").explode("events").unnest("events")
    found = calc.participant_year(
        frame.drop("events"), own, as_of=case.on, switches=switches, tariff=case.tariff
    )  # fmt: skip
    return int(found.results[case.figure.removeprefix("year_")].sum())


def library(case: Case, switches: Row) -> Figure:
    if case.topic == "participant-year":
        return library_year(case, switches)
    calls: dict[str, Callable[..., Any]] = {
        "interest": calc.interest,
        "unclaimed": calc.unclaimed,
        "deposit-limit": calc.deposit_limit,
        "fixed-credit": calc.fixed_credit,
    }
    call = calls[case.topic]
    tariff: dict[str, Any] = {"tariff": case.tariff} if case.topic == "fixed-credit" else {}
    found = call(_frame(case, switches), as_of=case.on, switches=switches, **tariff)
    return _only(case, [*found.results.to_dicts(), *found.quarantine.to_dicts()])


def _nightly(case: Case, switches: Row, frames: Mapping[str, pl.DataFrame]) -> Figure:
    name = DATASETS[case.topic].name
    with TemporaryDirectory() as folder:
        inputs = {each: str(Path(folder, f"{each}.parquet")) for each in frames}
        for each, frame in frames.items():
            frame.write_parquet(inputs[each])
        out = Path(folder, "out")
        settings: dict[str, Any] = {"tariff": case.tariff, "max_bad_share": Fraction(1), **inputs}
        job = NightlyJob(case.on, out=out, switches=switches, **settings)
        manifest = run_nightly(job)
        if manifest["quarantine"][name]["rows"]:
            return Refused(str(manifest["quarantine"][name]["reasons"]))
        return _only(case, read_results(out, name).collect().to_dicts())


def _beside(case: Case, switches: Row) -> dict[str, pl.DataFrame]:
    """The case's dataset, and the deposit that is held of its account."""
    name = DATASETS[case.topic].name
    if name == "deposits":
        return {name: _frame(case, switches)}
    held = {**GOOD["deposits"], "principal_cents": case.row.get("held_cents", 0)}
    return {"deposits": as_frame(DEPOSITS, held), name: _frame(case, switches).drop("held_cents", strict=False)}


def _nightly_year(case: Case, switches: Row) -> Figure:
    """Participants and their events as two files; the sum of the figure over the months."""
    frame = _frame(case, switches)
    own = frame.select("participant_id", "service", "events").explode("events").unnest("events")
    with TemporaryDirectory() as folder:
        files = {name: str(Path(folder, f"{name}.parquet")) for name in ("participants", "events")}
        frame.drop("events").write_parquet(files["participants"])
        own.write_parquet(files["events"])
        out = Path(folder, "out")
        settings: dict[str, Any] = {"tariff": case.tariff, "max_bad_share": Fraction(1), "deposits": None, **files}
        manifest = run_nightly(NightlyJob(case.on, out=out, switches=switches, **settings))
        if manifest["quarantine"]["participants"]["rows"]:
            return Refused(str(manifest["quarantine"]["participants"]["reasons"]))
        months = read_results(out, "participant_months").collect()
        return int(months[case.figure.removeprefix("year_")].sum())


def nightly(case: Case, switches: Row) -> Figure:
    if case.topic == "participant-year":
        return _nightly_year(case, switches)
    return _nightly(case, switches, _beside(case, switches))


def nightly_transactions(case: Case, switches: Row) -> Figure:
    """The principal in two installments of one day, the debt as one of that day; the row's own count no longer."""
    row = _whole(case, switches)
    day, owed = row["received_date"], row["amounts_owed_cents"]
    events = [("principal", row["principal_cents"] - 1), ("principal", 1), *([("owed", owed)] if owed else [])]
    moves = pl.DataFrame({
        "deposit_id": [row["deposit_id"]] * len(events),
        "date": [day] * len(events),
        "kind": [kind for kind, _ in events],
        "amount_cents": [amount for _, amount in events],
    })  # fmt: skip
    frame = as_frame(DEPOSITS, {**row, "principal_cents": 7, "amounts_owed_cents": 0})
    return _nightly(case, switches, {"deposits": frame, "transactions": moves})


def spark_part(case: Case, switches: Row) -> Figure:
    """As `run_spark` makes the evaluation and hands it to `mapInArrow`."""
    name = DATASETS[case.topic].name
    rules = load_rules(case.on, switches=switches, tariff=case.tariff)
    rates = load_rate_table(rules.electric.annual_rate)
    evaluate = evaluations(rules, rates, case.on)
    frame = _frame(case, switches).with_columns(pl.Series(FLAGGED, np.zeros(1, dtype=np.int64)))
    out = list(evaluate_batches(frame.to_arrow().to_batches(), name, evaluate[name], calc.__version__))
    (row,) = pa.Table.from_batches(out).to_pylist()
    return Refused(str(row["refused"]["reasons"])) if row["refused"] else row["result"][case.figure]


class Door(NamedTuple):
    """A way in, and the topics whose rows it takes."""

    ask: Callable[[Case, Row], Figure]
    topics: frozenset[str]


_QUOTES, _FILES = frozenset(DATASETS), frozenset(DATASETS) - {"interest", "participant-year"}
DOORS = {
    "quote": Door(command_line, _QUOTES),
    "HTTP quote": Door(http_quote, _QUOTES),
    "JSON batch": Door(json_batch, _QUOTES),
    "Arrow batch": Door(arrow_batch, _QUOTES),
    "library": Door(library, _QUOTES),
    "nightly": Door(nightly, _FILES | {"participant-year"}),
    "transactions": Door(nightly_transactions, frozenset({"unclaimed"})),
    "Spark": Door(spark_part, _FILES),
}
