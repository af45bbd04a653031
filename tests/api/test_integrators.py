"""What programs need beside the figures: version of the rules, their own ids, CSV in and out."""

import io
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from tests.api.client import YEAR, Service, problem
from tests.bulk.test_workbooks import DEPOSITS_CSV

SERVICE = Service()
PATH = "/v1/batches/unclaimed?through_date=2025-01-31"


def csv(text: str, path: str = PATH, content_type: str = "text/csv") -> Any:  # noqa: ANN401 - httpx's answer
    return SERVICE.send(path, text.encode(), content_type)


def test_every_answer_says_by_which_rules() -> None:
    quote = SERVICE.post("/v1/quotes/interest", YEAR).json()
    batch = SERVICE.post("/v1/batches/interest", {"rows": [YEAR]}).json()
    for body in (quote, batch):
        assert body["jurisdiction"] == "us-co"
        assert body["rules_version"] == body["provenance"]["rules_sha256"]
    today = SERVICE.get("/v1/rules").json()["engine"]
    none = SERVICE.post("/v1/quotes/interest", {**YEAR, "through_date": today["rules_on"]}).json()
    assert none["rules_version"] == today["rules_sha256"]
    none = SERVICE.post("/v1/batches/interest", {"rows": []}).json()
    assert (none["jurisdiction"], none["rules_version"]) == ("us-co", None)


def test_ids_of_rows_come_back_with_results_and_errors() -> None:
    rows = [{**YEAR, "id": "a-1"}, {**YEAR, "id": 7}, {"id": "lacking"}, YEAR, {**YEAR, "id": None}]
    rows += [{**YEAR, "id": bad} for bad in (True, "x" * 101, ["a"], "1" * 100)]
    results = SERVICE.post("/v1/batches/interest", {"rows": rows}).json()["results"]
    assert [each.get("id") for each in results] == ["a-1", 7, "lacking", None, None, None, None, None, "1" * 100]
    assert ["errors" in each for each in results] == [False, False, True, False, False, True, True, True, False]
    assert {each["errors"][0]["pointer"] for each in results[5:8]} == {f"/rows/{place}/id" for place in (5, 6, 7)}
    assert "xxx" not in str(results[6]["errors"])


@pytest.mark.parametrize("own", ["caller.id-1_2", "a", "0" * 64])
def test_a_safe_request_id_is_the_callers(own: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer = SERVICE.post("/v1/quotes/interest", YEAR, **{"X-Request-Id": own})
    assert answer.headers["x-request-id"] == own
    assert f'"request":"{own}"' in capsys.readouterr().err


@pytest.mark.parametrize("own", ["", "a b", "-a", "0" * 65, 'x"y', "a/b"])
def test_another_request_id_is_not_taken(own: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer = SERVICE.post("/v1/quotes/interest", YEAR, **{"X-Request-Id": own})
    assert answer.headers["x-request-id"] != own
    assert len(answer.headers["x-request-id"]) == 16
    assert not own or own not in capsys.readouterr().err


def test_csv_in_and_out() -> None:
    """A year of 200.00 at 4.93 % is 9.86; keys and ids come back, of refused rows too, with the column as it came."""
    header, first, second = DEPOSITS_CSV.splitlines()
    text = f"id,{header}\nr1, {first.replace('1250.00', 'n/a')} \nr2,{second}\n"
    answer = csv(text)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["x-jurisdiction"] == "us-co"
    assert len(answer.headers["x-rules-version"]) == 64
    frame = pl.read_csv(io.BytesIO(answer.content))
    assert frame.select("id", "deposit_id", "interest_cents", "reasons", "reason_columns").rows() == [
        ("r1", "D1", None, "not_a_number", "principal"),
        ("r2", "D2", 986, None, None),
    ]
    json = SERVICE.post("/v1/quotes/interest", YEAR).json()
    assert json["interest_cents"] == frame["interest_cents"][1]


def test_csv_without_rows() -> None:
    answer = csv(DEPOSITS_CSV.splitlines()[0] + "\n")
    assert answer.status_code == 200
    assert answer.text.splitlines()[0].startswith("deposit_id,")
    assert len(answer.text.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "status", "kind", "code"),
    [
        ("a,b\n1\n", 422, "invalid-values", "not_a_column"),
        ("deposit_id,deposit_id\n1,2\n", 422, "invalid-values", "not_a_column"),
        ("deposit_id,account_id\n1,2,3\n", 400, "malformed-body", "not_csv"),
        ("deposit_id\nD1\n", 422, "invalid-values", "not_a_column"),
        ("\n\n", 400, "malformed-body", "not_csv"),
    ],
)
def test_csv_that_is_none(text: str, status: int, kind: str, code: str) -> None:
    assert problem(csv(text), status, kind)[0]["code"] == code


def test_csv_holds_no_value_in_errors() -> None:
    for text in ("18000,x\n1,2\n", "deposit_id,account_id\n18000,2,3\n"):
        assert "18000" not in csv(text).text
    problem(csv(DEPOSITS_CSV, PATH + "&tariff=none"), 422, "invalid-values")
    problem(csv(DEPOSITS_CSV, content_type="text/csv; charset=latin-1"), 415, "wrong-media-type")


def test_ids_of_arrow_rows_come_back() -> None:
    rows = pl.read_csv(io.StringIO(DEPOSITS_CSV)).select("deposit_id", "account_id", "service").with_columns(
        principal_cents=pl.Series([-1, 20_000]), id=pl.Series([5, 6]),
        received_date=pl.lit("2024-01-01"), paid_date=pl.lit("2025-01-01"), remitted_date=pl.lit(None),
        service_ended_date=pl.lit(None), order_payable_date=pl.lit(None),
    )  # fmt: skip
    body = io.BytesIO()
    rows.write_ipc_stream(body, compression="uncompressed")
    answer = SERVICE.send(PATH, body.getvalue(), "application/vnd.apache.arrow.stream")
    table = pa.ipc.open_stream(answer.content).read_all()
    assert table.column("id").to_pylist() == [5, 6]
    assert table.column("deposit_id").to_pylist() == ["D1", "D2"]
    assert table.column("interest_cents").to_pylist() == [None, 986]
    assert b"rules_version" in table.schema.metadata[b"puccalc"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/batches/interest", {"rows": [YEAR] * 40}),
        ("POST", "/v1/quotes/interest", {**YEAR, "explain": True}),
        ("GET", "/v1/rules", None),
        ("GET", "/docs", None),
        ("GET", "/rules", None),
    ],
)
def test_large_answers_are_compressed_for_those_who_take_gzip(method: str, path: str, body: Any) -> None:  # noqa: ANN401
    plain = SERVICE.ask(method, path, json=body, headers={"Accept-Encoding": "identity"})
    packed = SERVICE.ask(method, path, json=body, headers={"Accept-Encoding": "br, gzip"})
    assert "content-encoding" not in plain.headers
    assert (packed.headers["content-encoding"], packed.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert int(packed.headers.get("content-length", 0)) < len(plain.content)
    assert packed.text == plain.text


def test_small_answers_are_not_compressed() -> None:
    answer = SERVICE.ask("POST", "/v1/quotes/interest", json=YEAR, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers
    assert "content-encoding" not in SERVICE.get("/healthz").headers
