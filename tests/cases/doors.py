"""One row through every door of the software: the same figures are to come out of each, whatever was set."""

import io
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import polars as pl
import pyarrow as pa

import calc
from api.arrow import MEDIA_TYPE
from calc import calculators, columns
from calc.bulk.job import NightlyJob
from calc.bulk.nightly import run_nightly
from calc.bulk.results import read_results
from calc.bulk.spark.part import Evaluate, evaluate_batches
from calc.columns.contract import DEPOSITS, PARTICIPANTS, Dataset
from calc.rates.table import load_rate_table
from calc.rules.resolve import load_rules
from calc.units import format_cents, format_percent
from tests.api.client import Service
from tests.cases.command import quote
from tests.columns.frames import as_frame

Row = dict[str, Any]


class Asked(NamedTuple):
    """A row of a topic, the day, and what is set."""

    topic: str
    row: Mapping[str, Any]
    on: date
    switches: Mapping[str, str]
    tariff: str = "default"

    @property
    def dataset(self) -> Dataset:
        return {"unclaimed": DEPOSITS, "fixed-credit": PARTICIPANTS}[self.topic]

    @property
    def day_field(self) -> str:
        return {"unclaimed": "through_date", "fixed-credit": "as_of_date"}[self.topic]

    @property
    def keys(self) -> Row:
        return dict.fromkeys((*self.dataset.key, "account_id"), "K") | {"service": "electric"}

    def frame(self) -> pl.DataFrame:
        return as_frame(self.dataset, {**self.keys, **self.row})

    def json(self) -> Row:
        shown = {name: str(value) if isinstance(value, date) else value for name, value in self.row.items()}
        return {**shown, self.day_field: str(self.on)}

    def options(self) -> Row:
        return {"tariff": self.tariff, "switches": dict(self.switches)}


_OPTIONS: Final = {
    "principal_cents": "--principal",
    "received_date": "--received",
    "service_ended_date": "--service-ended",
    "order_payable_date": "--order-payable",
    "paid_date": "--paid",
    "remitted_date": "--remitted",
    "amounts_owed_cents": "--owed",
    "household_income_cents": "--income",
    "full_annual_bill_cents": "--annual-bill",
    "basis_bill_cents": "--basis-bill",
    "county_fips": "--county",
    "share_ppm": "--share",
}
"""Options of the command line that are not the field's name."""


@cache
def _service() -> Service:
    return Service()


def by_quote(asked: Asked) -> Row:
    words = [f"--{asked.day_field.removesuffix('_date').replace('_', '-')}", str(asked.on), "--tariff", asked.tariff]
    for name, value in asked.row.items():
        if value is False:
            continue
        words.append(_OPTIONS.get(name) or "--" + name.removesuffix("_cents").removesuffix("_date").replace("_", "-"))
        if name.endswith("_cents"):
            words.append(format_cents(value))
        elif name.endswith("_ppm"):
            words.append(format_percent(value))
        elif value is not True:
            words.append(str(value))
    for switch, text in asked.switches.items():
        words += ["--set", f"{switch}={text}"]
    found: Row = quote(asked.topic, *words)
    return found


def by_http_quote(asked: Asked) -> Row:
    answer = _service().post(f"/v1/quotes/{asked.topic}", {**asked.json(), **asked.options()})
    assert answer.status_code == 200, answer.text
    found: Row = answer.json()
    return found


def by_json_batch(asked: Asked) -> Row:
    answer = _service().post(f"/v1/batches/{asked.topic}", {"rows": [asked.json()], **asked.options()})
    assert answer.status_code == 200, answer.text
    found: Row = answer.json()["results"][0]["result"]
    return found


def by_arrow_batch(asked: Asked) -> Row:
    sink = io.BytesIO()
    table = asked.frame().to_arrow(compat_level=pl.CompatLevel.oldest())
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    sets = "".join(f"&set={switch}={text}" for switch, text in asked.switches.items())
    query = f"{asked.day_field}={asked.on}&tariff={asked.tariff}{sets}"
    answer = _service().send(f"/v1/batches/{asked.topic}?{query}", sink.getvalue(), MEDIA_TYPE)
    assert answer.status_code == 200, answer.text
    return pl.DataFrame(pl.from_arrow(pa.ipc.open_stream(answer.content).read_all())).row(0, named=True)


def by_nightly(asked: Asked) -> Row:
    with TemporaryDirectory() as folder:
        deposits = {"principal_cents": 1, "received_date": asked.on, "deposit_id": "K", "account_id": "K"}
        paths = {"deposits": as_frame(DEPOSITS, {**deposits, "service": "electric"})}
        paths[asked.dataset.name] = asked.frame()
        for name, frame in paths.items():
            frame.write_parquet(Path(folder) / f"{name}.parquet")
        inputs: Row = {name: str(Path(folder) / f"{name}.parquet") for name in paths}
        out = Path(folder) / "out"
        run_nightly(
            NightlyJob(asked.on, out=out, tariff=asked.tariff, switches=dict(asked.switches), threads=1, **inputs)
        )
        return read_results(out, asked.dataset.name).collect().row(0, named=True)


def by_library(asked: Asked) -> Row:
    given: Row = {"as_of": asked.on, "switches": asked.switches}
    found = (
        calculators.unclaimed(asked.frame(), **given)
        if asked.topic == "unclaimed"
        else calculators.fixed_credit(asked.frame(), tariff=asked.tariff, **given)
    )
    return found.results.row(0, named=True)


def by_spark_part(asked: Asked) -> Row:
    rules = load_rules(asked.on, switches=asked.switches, tariff=asked.tariff)
    evaluate: Evaluate
    if asked.topic == "unclaimed":
        rates = load_rate_table(rules.electric.annual_rate)
        evaluate = partial(columns.unclaimed.evaluate, rules=rules, rates=rates, as_of=asked.on)
    else:
        evaluate = partial(columns.fixed_credit.evaluate, rules=rules, as_of=asked.on)
    batches = asked.frame().with_columns(flagged=pl.lit(0, pl.Int64)).to_arrow().to_batches()
    (batch,) = evaluate_batches(batches, asked.dataset.name, evaluate, calc.__version__)
    found: Row = batch.to_pylist()[0]["result"]
    return found


DOORS: Final[dict[str, Callable[[Asked], Row]]] = {
    "quote": by_quote,
    "HTTP quote": by_http_quote,
    "JSON batch": by_json_batch,
    "Arrow batch": by_arrow_batch,
    "nightly": by_nightly,
    "library": by_library,
    "Spark part": by_spark_part,
}
