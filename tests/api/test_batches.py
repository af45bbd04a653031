"""Batches: every row by its index, with the cents of the quote and of the dataset; JSON and Arrow."""

import io
import json
from datetime import date, timedelta
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from api.answering.arrow import MEDIA_TYPE
from api.models.examples import BATCHES, QUOTES
from tests.api.client import HOUSEHOLD, YEAR, Service, problem

ROW: dict[str, list[Any]] = {
    "principal_cents": [1],
    "received_date": [date(2024, 1, 1)],
    "through_date": [date(2025, 1, 1)],
}


@pytest.fixture(scope="module")
def service() -> Service:
    return Service()


@pytest.mark.parametrize("topic", BATCHES)
def test_a_row_has_the_figures_of_its_quote(service: Service, topic: str) -> None:
    found = service.post(f"/v1/batches/{topic}", BATCHES[topic]["rows"]["value"]).json()
    quoted = service.post(f"/v1/quotes/{topic}", QUOTES[topic]["plain"]["value"]).json()
    assert (found["rows"], found["refused"], [each["index"] for each in found["results"]]) == (2, 0, [0, 1])
    assert found["provenance"] == quoted["provenance"]
    for each in found["results"]:
        shared = {name: value for name, value in each["result"].items() if name != "rules_on"}
        assert shared == {name: quoted[name] for name in shared}
        assert set(quoted) - set(shared) == {
            "jurisdiction", "rules_version", "tariff", "switches", "provenance",
        }  # fmt: skip


def test_good_and_bad_rows(service: Service) -> None:
    rows: list[Any] = [
        YEAR,
        {**YEAR, "principal_cents": -1},
        7,
        {**YEAR, "through_date": "2023-01-01"},
        {**YEAR, "income": 1},
        {**YEAR, "service": "gas"},
    ]
    found = service.post("/v1/batches/interest", {"rows": rows, "rate_ppm": 60_000}).json()
    assert (found["rows"], found["refused"]) == (6, 4)
    results = {each["index"]: each for each in found["results"]}
    assert list(results) == [0, 1, 2, 3, 4, 5]
    assert [results[place]["result"]["interest"] for place in (0, 5)] == ["12.00", "12.00"]
    errors = {place: [(e["pointer"], e["code"]) for e in results[place]["errors"]] for place in (1, 2, 3, 4)}
    assert errors == {
        1: [("/rows/1/principal_cents", "negative_amount")],
        2: [("/rows/2", "wrong_type")],
        3: [("/rows/3/received_date", "date_order")],
        4: [("/rows/4", "unknown_field")],
    }
    details = {place: results[place]["errors"][0]["detail"] for place in (1, 3)}
    assert details == {
        1: "less than 0; allowed: a whole number, 0 through 1000000000000",
        3: "through_date lies before received_date; allowed: the same day or a later one",
    }


def test_slices_and_days_do_not_show(service: Service) -> None:
    rows = [{**YEAR, "principal_cents": 100 * n, "service": ("electric", "gas")[n % 2]} for n in range(1_201)]
    found = service.post("/v1/batches/interest", {"rows": rows, "rate_ppm": 60_000}).json()
    assert [each["result"]["interest_cents"] for each in found["results"]] == [6 * n for n in range(1_201)]


def test_each_row_has_a_day_of_its_own(service: Service) -> None:
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(366)]
    rows = [{**HOUSEHOLD, "as_of_date": day.isoformat()} for day in days]
    found = service.post("/v1/batches/fixed-credit", {"rows": rows}).json()
    assert (found["rows"], found["refused"]) == (366, 0)
    assert [each["result"]["as_of_date"] for each in found["results"]] == [day.isoformat() for day in days]
    assert {each["result"]["guideline_year"] for each in found["results"]} == {2024}


def test_a_null_is_the_default(service: Service) -> None:
    optional = {
        "unclaimed": ("kind", "efforts_made", "interest_payable", "posted_cents", "amounts_owed_cents", "paid_date"),
        "deposit-limit": ("bills_in_advance", "held_cents", "late_payments_12m", "class_billed_cents"),
        "fixed-credit": ("share_ppm", "basis_bill_cents", "leap_grant_cents", "arrearage_cents", "arrearage_months"),
    }
    for topic, names in optional.items():
        body = {**QUOTES[topic]["plain"]["value"], "explain": True}
        for name in names:
            body.pop(name, None)
        plain = service.post(f"/v1/quotes/{topic}", body)
        assert plain.status_code == 200
        assert service.post(f"/v1/quotes/{topic}", body | dict.fromkeys(names)).json() == plain.json()


def test_codes_are_those_of_a_file(service: Service) -> None:
    row = {"principal_cents": -1, "received_date": None, "posted_cents": 10**12 + 1, "kind": "gift"}
    body = {"rows": [row, None, {**QUOTES["unclaimed"]["plain"]["value"], "principal_cents": None}]}
    found = service.post("/v1/batches/unclaimed", body).json()["results"]
    assert [[(error["pointer"], error["code"]) for error in each["errors"]] for each in found] == [
        [
            ("/rows/0/principal_cents", "negative_amount"),
            ("/rows/0/received_date", "missing_value"),
            ("/rows/0/through_date", "missing_value"),
            ("/rows/0/kind", "unknown_value"),
            ("/rows/0/posted_cents", "out_of_range"),
        ],
        [("/rows/1", "wrong_type")],
        [("/rows/2/principal_cents", "missing_value")],
    ]


def test_bounds_of_a_batch(service: Service) -> None:
    assert service.post("/v1/batches/interest", {"rows": []}).json()["results"] == []
    too_many = {"rows": [0] * 10_001}
    assert problem(service.post("/v1/batches/interest", too_many), 413, "too-large")[0]["pointer"] == "/rows"
    for body, pointer in (({}, "/rows"), ({"rows": {}}, "/rows"), ({"rows": [], "tariff": 5}, "/tariff")):
        assert problem(service.post("/v1/batches/interest", body), 422, "invalid-values")[0]["pointer"] == pointer


def stream(frame: pl.DataFrame, **options: Any) -> bytes:  # noqa: ANN401 - pyarrow's options
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table)
    return sink.getvalue()


def test_arrow_rows(service: Service) -> None:
    as_of = date(2026, 9, 30)
    frame = pl.DataFrame(
        {
            "deposit_id": ["a", "b", "c"],
            "account_id": ["1", "2", "3"],
            "service": ["electric", "gas", "electric"],
            "principal_cents": [20_000, -5, 35_000],
            "received_date": [date(2022, 3, 1), date(2022, 3, 1), date(2020, 2, 29)],
            "paid_date": pl.Series([None, None, None], dtype=pl.Date),
            "remitted_date": pl.Series([None, None, None], dtype=pl.Date),
            "service_ended_date": [date(2024, 3, 15), None, None],
            "order_payable_date": pl.Series([None, None, None], dtype=pl.Date),
        }
    )
    answer = service.send(f"/v1/batches/unclaimed?through_date={as_of}", stream(frame), MEDIA_TYPE)
    assert (answer.status_code, answer.headers["content-type"]) == (200, MEDIA_TYPE)
    reader = pa.ipc.open_stream(answer.content)
    rests_on = json.loads(reader.schema.metadata[b"puccalc"])
    assert len(rests_on["provenance"]["rates_sha256"]) == 64
    found = pl.DataFrame(pl.from_arrow(reader.read_all()))
    assert found["reasons"].to_list() == [[], ["negative_amount"], []]
    assert found["reason_columns"].to_list() == [[], ["principal_cents"], []]
    assert found["reason_allowed"].to_list() == [[], ["whole cents, 0 through 1000000000000"], []]
    assert found["deposit_id"].to_list() == ["a", "b", "c"]
    body = QUOTES["unclaimed"]["plain"]["value"]
    assert found["remittance_cents"][0] == service.post("/v1/quotes/unclaimed", body).json()["remittance_cents"]


def test_arrow_rows_at_a_flat_rate(service: Service) -> None:
    """200.00 for a year at 6 %."""
    days = {"received_date": [date(2024, 1, 1)], "through_date": [date(2025, 1, 1)]}
    frame = pl.DataFrame({"principal_cents": [200_00], **days})
    answer = service.send("/v1/batches/interest?rate_ppm=60000", stream(frame), MEDIA_TYPE)
    found = pl.DataFrame(pl.from_arrow(pa.ipc.open_stream(answer.content).read_all()))
    assert found["interest_cents"].to_list() == [12_00]


def test_arrow_rows_of_dictionaries_bytes_and_whole_decimals(service: Service) -> None:
    """The same rows, good and bad, as pandas' categories, as bytes and as decimal(38,0)."""
    rows = {
        "deposit_id": ["a", "b", "c"], "account_id": ["1", "2", "3"], "service": ["electric", "water", "gas"],
        "principal_cents": [20_000, 1, 35_000], "received_date": [date(2022, 3, 1)] * 3,
        **{name: [None] * 3 for name in ("paid_date", "remitted_date", "service_ended_date", "order_payable_date")},
    }  # fmt: skip
    plain = pl.DataFrame(rows)
    elaborate = plain.with_columns(
        pl.col("deposit_id").cast(pl.Binary), pl.col("account_id", "service").cast(pl.Categorical),
        pl.col("principal_cents").cast(pl.Decimal(38, 0)),
    )  # fmt: skip
    found = [
        pl.DataFrame(pl.from_arrow(pa.ipc.open_stream(answer.content).read_all()))
        for frame in (plain, elaborate)
        for answer in [service.send("/v1/batches/unclaimed?through_date=2026-09-30", stream(frame), MEDIA_TYPE)]
    ]
    assert found[0]["reasons"].to_list() == [[], ["unknown_value"], []]
    assert found[1].equals(found[0])


@pytest.mark.parametrize("options", [{"compression": "zstd"}, {"compression": "lz4"}])
def test_compressed_arrow_is_refused(service: Service, options: dict[str, str]) -> None:
    raw = stream(pl.DataFrame({"principal_cents": [0] * 1_000}), **options)
    assert (
        problem(service.send("/v1/batches/interest", raw, MEDIA_TYPE), 400, "malformed-body")[0]["code"] == "not_arrow"
    )


def test_arrow_that_is_none(service: Service) -> None:
    good = stream(
        pl.DataFrame({"principal_cents": [1], "received_date": [date(2024, 1, 1)], "through_date": [date(2025, 1, 1)]})
    )
    for raw in (b"", b"ARROW1", b"\xff" * 64, good[:40], good[: len(good) // 2], b"{}", bytes(64)):
        answer = service.send("/v1/batches/interest", raw, MEDIA_TYPE)
        assert answer.status_code in {400, 422}, answer.text
    assert service.send("/v1/batches/interest", good, MEDIA_TYPE).status_code == 200
    for place in range(0, len(good), 7):
        bent = bytearray(good)
        bent[place] ^= 0x55
        assert service.send("/v1/batches/interest", bytes(bent), MEDIA_TYPE).status_code in {200, 400, 413, 422}


_DAY = "a date written YYYY-MM-DD, 1955-01-01 through 2100-12-31"
_CENTS = "whole cents, 0 through 1000000000000"
_DAYS: dict[str, Any] = {"received_date": [date(2024, 1, 1)], "through_date": [date(2025, 1, 1)]}


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            {"principal_cents": [1]},
            {
                "/received_date": f"the column received_date is missing; allowed: {_DAY}",
                "/through_date": f"the column through_date is missing; allowed: {_DAY}",
            },
        ),
        (
            {**_DAYS, "principal_cents": [1], "received_date": [1.5]},
            {
                "/received_date": "the column received_date is of a type that cannot hold its values exactly; "
                f"allowed: {_DAY}"
            },
        ),
        (
            {**_DAYS, "principal_cents": [date(2024, 1, 1)], "received_date": [True]},
            {
                "/principal_cents": f"the column principal_cents is of type Date; allowed: {_CENTS}",
                "/received_date": f"the column received_date is of type Boolean; allowed: {_DAY}",
            },
        ),
        (
            {**_DAYS, "principal_cents": [1], "secret": [1]},
            {
                "": "column 4 of the stream is unknown; allowed: principal_cents, received_date, through_date, class, "
                "stop_date, id"
            },
        ),
        (
            {**_DAYS, "principal_cents": [[1]]},
            {
                "/principal_cents": "the column principal_cents is of a type that cannot hold its values exactly; "
                f"allowed: {_CENTS}"
            },
        ),
    ],
)
def test_arrow_columns_are_named(service: Service, columns: dict[str, Any], expected: dict[str, str]) -> None:
    raw = stream(pl.DataFrame(columns))
    errors = problem(service.send("/v1/batches/interest", raw, MEDIA_TYPE), 422, "invalid-values")
    assert {error["pointer"]: error["detail"] for error in errors} == expected
    assert {error["code"] for error in errors} == {"not_a_column"}


def test_an_arrow_column_that_stands_twice(service: Service) -> None:
    table = pa.table([[1], [1]], names=["principal_cents", "principal_cents"])
    buffer = pa.BufferOutputStream()
    with pa.ipc.new_stream(buffer, table.schema) as writer:
        writer.write_table(table)
    raw = buffer.getvalue().to_pybytes()
    (error,) = problem(service.send("/v1/batches/interest", raw, MEDIA_TYPE), 422, "invalid-values")
    assert error["pointer"] == "/principal_cents"
    assert "more than once" in error["detail"]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("", "/through_date"),
        ("?through_date=soon", "/through_date"),
        ("?through_date=2026-09-30&tariff=/etc/passwd", "/tariff"),
        ("?through_date=2026-09-30&tariff=nobody", "/tariff"),
        ("?through_date=2026-09-30&set=day_count=never", "/switches"),
        ("?through_date=2026-09-30&income=1", ""),
        ("?through_date=2026-09-30&through_date=2026-09-30", ""),
        *(
            (f"?through_date={text}", "/through_date")
            for text in ["%2B2026-09-30", "%202026-09-30", "2026-09-30%0A", "2026-9-30", "2026_09_30", "٢٠٢٦-09-30"]
        ),
        *(
            (f"?through_date=2026-09-30&rate_ppm={text}", "/rate_ppm")
            for text in ["%2B60000", "-1", "%2060000", "60000%0A", "60_000", "60000.0", "6e4", "٦٠٠٠٠", "1000001"]
        ),
    ],
)
def test_arrow_queries(service: Service, query: str, pointer: str) -> None:
    raw = stream(pl.DataFrame({"deposit_id": ["a"]}))
    errors = problem(service.send(f"/v1/batches/unclaimed{query}", raw, MEDIA_TYPE), 422, "invalid-values")
    assert errors[0]["pointer"] == pointer
