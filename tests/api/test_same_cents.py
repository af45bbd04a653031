"""One row as a quote, in a JSON batch, in an Arrow batch and in a frame: the same cents, the same refusals."""

import io
import json
from collections.abc import Callable, Sequence
from datetime import date
from random import Random
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from api.answering.arrow import MEDIA_TYPE
from calc.columns import deposit_limit, fixed_credit, interest, unclaimed
from calc.columns.contract import ACCOUNTS, DEPOSITS, INTEREST, PARTICIPANTS, Dataset
from calc.columns.evaluation import Evaluation
from calc.errors import reason_codes
from calc.kernels._jit import JIT
from calc.rates.computing.table import load_rate_table
from calc.rules.resolve import load_rules
from tests import portfolio
from tests.api.client import Service
from tests.columns.frames import as_frame

ROWS = 2_000
QUOTES = 100
AS_OF = date(2026, 9, 30)
IDS = ("deposit_id", "account_id", "participant_id")

pytestmark = pytest.mark.skipif(not JIT, reason="of compiled kernels, as a service runs them")

Row = dict[str, Any]


@pytest.fixture(scope="module")
def service() -> Service:
    return Service()


def interest_row(random: Random, _: int) -> Row:
    first, last = (date(1989, 1, 1), date(2029, 1, 1)) if random.random() < 0.2 else (portfolio.FIRST, portfolio.LAST)
    days = [portfolio.any_day(random, first, last) for _ in range(2)]
    received, through = days if random.random() < 0.1 else sorted(days)
    return {"principal_cents": portfolio.amount(random), "received_date": received, "through_date": through}


def deposit_row(random: Random, number: int) -> Row:
    row = portfolio.deposit(random, number, AS_OF, dict.fromkeys(range(1990, 2028), 493))
    if random.random() < 0.1:
        row["received_date"] = portfolio.any_day(random, date(1988, 1, 1), date(2028, 1, 1))
    return row


def account_row(random: Random, number: int) -> Row:
    billed: Row = {}
    for of in ("", "premises_", "class_"):
        cents, days = random.randint(0, 10**6), random.randint(1, 400)
        billed[f"{of}billed_cents"], billed[f"{of}billed_days"] = random.choice(
            ((cents, days), (cents, days), (None, None), (None, None), (cents, None), (None, days))
        )
    return {
        "account_id": str(number),
        "service": random.choice(("electric", "gas")),
        "late_payments_12m": random.choice((None, 0, 1, 2, 3)),
        "bills_in_advance": random.random() < 0.3,
        "held_cents": random.choice((0, random.randint(0, 50_000))),
        **billed,
    }


ROW_OF: dict[str, tuple[Dataset, Callable[[Random, int], Row], Row]] = {
    "interest": (INTEREST, interest_row, {}),
    "unclaimed": (DEPOSITS, deposit_row, {"through_date": AS_OF}),
    "deposit-limit": (ACCOUNTS, account_row, {"applied_date": AS_OF}),
    "fixed-credit": (PARTICIPANTS, portfolio.participant, {"as_of_date": AS_OF}),
}


def evaluated(topic: str, frame: pl.DataFrame) -> Evaluation:
    rules = load_rules(AS_OF)
    rates = load_rate_table(rules.electric.annual_rate)
    return {
        "interest": lambda: interest.evaluate(frame, rules=rules, rates=rates),
        "unclaimed": lambda: unclaimed.evaluate(frame, rules=rules, rates=rates, as_of=AS_OF),
        "deposit-limit": lambda: deposit_limit.evaluate(frame, rules=rules, as_of=AS_OF),
        "fixed-credit": lambda: fixed_credit.evaluate(frame, rules=rules, as_of=AS_OF),
    }[topic]()


def as_json(row: Row, more: Row) -> Row:
    """A row as JSON takes it: no ids, dates as text, without what is not given."""
    given = {name: value for name, value in {**row, **more}.items() if value is not None and name not in IDS}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}


def from_arrow(service: Service, topic: str, frame: pl.DataFrame) -> list[Row]:
    sink = io.BytesIO()
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    query = {"unclaimed": f"?through_date={AS_OF}", "interest": ""}.get(topic, f"?as_of_date={AS_OF}")
    answer = service.send(f"/v1/batches/{topic}{query}", sink.getvalue(), MEDIA_TYPE)
    assert answer.status_code == 200, answer.text
    return pl.DataFrame(pl.from_arrow(pa.ipc.open_stream(answer.content).read_all())).rows(named=True)


def differences(found: Row, expected: Row) -> Row:
    """Figures of a frame's row that an answer lacks or has otherwise."""
    shown = {name: value.isoformat() if isinstance(value, date) else value for name, value in expected.items()}
    return {name: (found.get(name), value) for name, value in shown.items() if found.get(name) != value}


def every_row(evaluation: Evaluation) -> list[Row | list[str]]:
    """The results of a row, or its reasons."""
    results = iter(evaluation.results.drop(*IDS, strict=False).rows(named=True))
    return [reason_codes(mask) if mask else next(results) for mask in evaluation.reasons.tolist()]


@pytest.mark.parametrize("topic", ROW_OF)
def test_the_same_everywhere(service: Service, topic: str) -> None:
    dataset, make, more = ROW_OF[topic]
    random = Random(f"same cents, {topic}")  # noqa: S311 - rows, not secrets
    rows = [make(random, number) for number in range(ROWS)]
    frame = as_frame(dataset, *rows)
    if topic == "deposit-limit":
        frame = frame.with_columns(pl.Series("held_cents", [row["held_cents"] for row in rows]))
    expected = every_row(evaluated(topic, frame))
    assert ROWS // 4 < sum(isinstance(each, dict) for each in expected) < ROWS  # refused ones are among them
    if topic == "deposit-limit":
        for row, result in zip(rows, expected, strict=True):  # a quote says so where the late payments are not known
            if isinstance(result, dict) and row["late_payments_12m"] is None:
                result["return_due"] = None

    texts = [as_json(row, more) for row in rows]
    check_batch(service.post(f"/v1/batches/{topic}", {"rows": texts}).json()["results"], expected)
    for text, result in zip(texts[:QUOTES], expected, strict=False):
        answer = service.post(f"/v1/quotes/{topic}", text)
        if isinstance(result, list):
            assert (answer.status_code, codes(answer.json()["errors"])) == (422, result)
        else:
            assert differences(answer.json(), result) == {}
    for found, result in zip(from_arrow(service, topic, frame), expected, strict=True):
        if isinstance(result, list):
            assert found["reasons"] == result
        else:
            assert found["reasons"] == []
            known = {name: value for name, value in result.items() if (name, value) != ("return_due", None)}
            plain = json.loads(json.dumps(found, default=str))
            assert differences(plain, known) == {}


def codes(errors: Sequence[Row]) -> list[str]:
    """Reasons of a row, each once: it is an error in every column that it is about."""
    assert len({(error["pointer"], error["code"]) for error in errors}) == len(errors)
    return list(dict.fromkeys(error["code"] for error in errors))


def check_batch(found: Sequence[Row], expected: Sequence[Row | list[str]]) -> None:
    for each, result in zip(found, expected, strict=True):
        if isinstance(result, list):
            assert codes(each["errors"]) == result
        else:
            assert differences(each["result"], result) == {}
