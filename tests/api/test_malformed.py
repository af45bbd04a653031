"""Bodies that are none, or hold what they may not: a 4xx problem with a pointer, never what was sent."""

import json
import random
from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.api.client import HOUSEHOLD, YEAR, Service, problem
from tests.api.test_batches import stream

CANARY = 7_654_321
TEXT = json.dumps(YEAR)


@pytest.fixture(scope="module")
def service() -> Service:
    return Service()


def with_value(text: str) -> bytes:
    return TEXT.replace("20000", text).encode()


MALFORMED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty_body"),
    "white space": (b"  ", "not_json"),
    "half an object": (TEXT[:-1].encode(), "not_json"),
    "two objects": ((TEXT + TEXT).encode(), "not_json"),
    "a trailing comma": ((TEXT[:-1] + ",}").encode(), "not_json"),
    "single quotes": (TEXT.replace('"', "'").encode(), "not_json"),
    "a comment": (f"{TEXT} // so".encode(), "not_json"),
    "a bare word": (b"principal", "not_json"),
    "a form": (b"principal_cents=20000", "not_json"),
    "XML": (b"<principal>20000</principal>", "not_json"),
    "a control character": (b'{"principal_cents\x00": 1}', "not_json"),
    "a leading zero": (with_value("020000"), "not_json"),
    "a leading plus": (with_value("+20000"), "not_json"),
    "hexadecimal": (with_value("0x20"), "not_json"),
    "underscores": (with_value("20_000"), "not_json"),
    "NaN": (with_value("NaN"), "not_finite"),
    "Infinity": (with_value("Infinity"), "not_finite"),
    "-Infinity": (with_value("-Infinity"), "not_finite"),
    "a byte order mark": (b"\xef\xbb\xbf" + TEXT.encode(), "not_utf8"),
    "UTF-16": (TEXT.encode("utf-16"), "not_utf8"),
    "UTF-16 without a mark": (TEXT.encode("utf-16-le"), "not_json"),
    "UTF-32": (TEXT.encode("utf-32"), "not_utf8"),
    "Latin-1": ('{"tariff": "é"}'.encode("latin-1"), "not_utf8"),
    "an overlong code": (b'{"tariff": "\xc0\xaf"}', "not_utf8"),
    "a surrogate in UTF-8": (b'{"tariff": "\xed\xa0\x80"}', "not_utf8"),
    "the same name twice": ((TEXT[:-1] + ', "principal_cents": 1}').encode(), "duplicate_name"),
    "the same name twice, escaped": ((TEXT[:-1] + ', "principal\\u005fcents": 1}').encode(), "duplicate_name"),
    "the same name twice, inside": ((TEXT[:-1] + ', "switches": {"a": "1", "a": "1"}}').encode(), "duplicate_name"),
    "a thousand names, one twice": (
        json.dumps({str(n): n for n in range(1_000)})[:-1].encode() + b', "7": 7}',
        "duplicate_name",
    ),
    "a number in the exponent's place": (with_value("1e"), "not_json"),
    "half an escape": (b'{"tariff": "\\u12"}', "not_json"),
    "a tab in a text": (b'{"tariff": "a\tb"}', "not_json"),
    "nine arrays": (b"[" * 9 + b"1" + b"]" * 9, "too_deep"),
    "ten thousand arrays": (b"[" * 10_000 + b"]" * 10_000, "too_deep"),
    "ten thousand objects": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "too_deep"),
    "ten thousand open arrays": (b"[" * 10_000, "too_deep"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_no_json(service: Service, name: str) -> None:
    raw, code = MALFORMED[name]
    for path in ("/v1/quotes/interest", "/v1/batches/interest"):
        assert [error["code"] for error in problem(service.send(path, raw), 400, "malformed-body")] == [code]


VALUES: list[tuple[str, Any, str]] = [
    ("principal_cents", "1e999", "not_a_number"),
    ("principal_cents", "1e2", "not_a_number"),
    ("principal_cents", "-0.0", "not_a_number"),
    ("principal_cents", "0." + "0" * 5_000, "not_a_number"),
    ("principal_cents", "1E+400", "not_a_number"),
    ("principal_cents", "-1e-400", "not_a_number"),
    ("principal_cents", "20000.0", "not_a_number"),
    ("principal_cents", "20000.5", "not_a_number"),
    ("principal_cents", "-1", "negative_amount"),
    ("principal_cents", "1000000000001", "out_of_range"),
    ("principal_cents", "9" * 30, "out_of_range"),
    ("principal_cents", "9" * 5_000, "out_of_range"),
    ("principal_cents", "-" + "9" * 5_000, "negative_amount"),
    ("principal_cents", '"20000"', "not_a_number"),
    ("principal_cents", "true", "not_a_number"),
    ("principal_cents", "null", "missing_value"),
    ("principal_cents", "[20000]", "not_a_number"),
    ("principal_cents", '{"cents": 20000}', "not_a_number"),
    ("received_date", "20240101", "bad_date"),
    ("received_date", '"2024-02-30"', "bad_date"),
    ("received_date", '"2024-1-1"', "bad_date"),
    ("received_date", '"20240101"', "bad_date"),
    ("received_date", '"2024-01-01T00:00:00"', "bad_date"),
    ("received_date", '"1954-12-31"', "bad_date"),
    ("received_date", '"2101-01-01"', "bad_date"),
    ("received_date", '"\\ud800"', "bad_date"),
    ("received_date", "null", "missing_value"),
    ("service", '"water"', "unknown_value"),
    ("service", '"Electric"', "unknown_value"),
    ("service", '"\\ud800"', "wrong_type"),
    ("service", "1", "unknown_value"),
    ("explain", '"true"', "wrong_type"),
    ("explain", "1", "wrong_type"),
    ("tariff", '"/etc/passwd"', "unknown_value"),
    ("tariff", '"tariff.toml"', "unknown_value"),
    ("tariff", '"' + "a" * 65 + '"', "too_long"),
    ("tariff", '"\\ud800"', "wrong_type"),
    ("rate_ppm", "1000001", "out_of_range"),
    ("rate_ppm", "4.93", "not_a_number"),
    ("rates", "[]", "missing_value"),
    ("rates", '"rates.csv"', "wrong_type"),
    ("switches", "[]", "wrong_type"),
    ("switches", '{"day_count": 1}', "wrong_type"),
    ("switches", '{"day_count": "actual actual"}', "unknown_value"),
]


_DAY = "a date written YYYY-MM-DD, 1955-01-01 through 2100-12-31"
ALLOWED = {
    "principal_cents": "a whole number, 0 through 1000000000000",
    "received_date": _DAY,
    "service": "one of electric, gas",
    "explain": "true or false",
    "tariff": "text that matches ^[a-z0-9-]+$, at most 64 characters",
    "rate_ppm": "a whole number, 0 through 1000000",
    "rates": "a list of 1 through 200, each an object",
    "switches": "",  # of the object, or of one of its words
}
"""What each field takes, as the contract and the bounds of RateOptions have it."""


@pytest.mark.parametrize(("name", "value", "code"), VALUES, ids=[f"{name} {value[:20]}" for name, value, _ in VALUES])
def test_values(service: Service, name: str, value: str, code: str) -> None:
    fields = {key: json.dumps(given) for key, given in YEAR.items()} | {name: value}
    raw = "{" + ", ".join(f'"{key}": {text}' for key, text in fields.items()) + "}"
    errors = problem(service.send("/v1/quotes/interest", raw.encode()), 422, "invalid-values")
    assert [error["code"] for error in errors] == [code]
    assert errors[0]["pointer"].startswith(f"/{name}")
    assert f"; allowed: {ALLOWED[name]}" in errors[0]["detail"]


@pytest.mark.parametrize("county", ["8031", "080310", "08031\n", "0803x", "", "٠٨٠٣١"])
def test_a_county_is_five_digits(service: Service, county: str) -> None:
    body = {**HOUSEHOLD, "county_fips": county}
    (error,) = problem(service.post("/v1/quotes/fixed-credit", body), 422, "invalid-values")
    assert error["pointer"] == "/county_fips"
    assert error["detail"].endswith("; allowed: text that matches ^[0-9]{5}$")
    rows = {"rows": [HOUSEHOLD, body]}
    good, bad = service.post("/v1/batches/fixed-credit", rows).json()["results"]
    assert "errors" not in good
    assert [each["pointer"] for each in bad["errors"]] == ["/rows/1/county_fips"]


@pytest.mark.parametrize("body", [[], [YEAR], "text", 5, None, True])
def test_no_object(service: Service, body: Any) -> None:  # noqa: ANN401 - whatever JSON holds
    for path in ("/v1/quotes/interest", "/v1/batches/interest"):
        errors = problem(service.send(path, json.dumps(body).encode()), 422, "invalid-values")
        assert errors[0]["pointer"] == ""


def test_missing_fields_are_named(service: Service) -> None:
    errors = problem(service.post("/v1/quotes/interest", {}), 422, "invalid-values")
    assert {error["pointer"] for error in errors} == {f"/{name}" for name in YEAR}
    assert {error["code"] for error in errors} == {"missing_value"}


def test_unknown_fields_are_not_repeated(service: Service) -> None:
    for body in ({**YEAR, str(CANARY): 1}, {**YEAR, "switches": {str(CANARY): "1"}}):
        answer = service.post("/v1/quotes/interest", body)
        assert len(problem(answer, 422, "invalid-values")) == 1
        assert str(CANARY) not in answer.text


@pytest.mark.parametrize("name", HOUSEHOLD)
def test_no_value_is_repeated(service: Service, name: str) -> None:
    for value in (str(CANARY), -CANARY, [CANARY], {"a": CANARY}, CANARY * 10**9):
        answer = service.post("/v1/quotes/fixed-credit", {**HOUSEHOLD, name: value})
        assert answer.status_code == 422
        assert str(CANARY) not in answer.text


@pytest.mark.parametrize(
    "content_type",
    [
        "", "text/plain", "text/json", "application/x-www-form-urlencoded", "application/json; charset=utf-16",
        "application/jsonx", "multipart/form-data; boundary=x", "application/vnd.apache.arrow.stream", "json",
    ],
)  # fmt: skip
def test_media_types(service: Service, content_type: str) -> None:
    problem(service.send("/v1/quotes/interest", TEXT.encode(), content_type), 415, "wrong-media-type")


def test_a_compressed_body(service: Service) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = service.ask("POST", "/v1/quotes/interest", content=TEXT.encode(), headers=headers)
    problem(answer, 415, "wrong-media-type")


def test_nothing_below_zero_is_nothing(service: Service) -> None:
    answer = service.send("/v1/quotes/interest", with_value("-0"))
    assert (answer.status_code, answer.json()["interest_cents"]) == (200, 0)


def test_json_with_its_charset(service: Service) -> None:
    assert service.send("/v1/quotes/interest", TEXT.encode(), "application/json; charset=UTF-8").status_code == 200


@pytest.mark.parametrize("times", [300, pytest.param(20_000, marks=pytest.mark.stress)])
def test_damaged_bodies(service: Service, times: int) -> None:
    """Bytes changed, cut off or put in, in JSON and in Arrow: answered, or refused without what was sent."""
    columns = {
        "principal_cents": [20_000, CANARY],
        "received_date": [date(2024, 1, 1)] * 2,
        "deposit_id": ["a", "b" * 40],
    }
    frame = pl.DataFrame(columns).with_columns(service=pl.lit("gas"))
    arrow = (stream(frame), "application/vnd.apache.arrow.stream", "/v1/batches/unclaimed?through_date=2026-09-30")
    batch = (json.dumps({"rows": [YEAR, YEAR]}).encode(), "application/json", "/v1/batches/interest")
    chance = random.Random(1)  # noqa: S311 - a seed, so that a failure can be had again
    statuses = set()
    for _ in range(times):
        raw, media_type, path = chance.choice((arrow, batch))
        answer = service.send(path, damaged(raw, chance), media_type)
        statuses.add(answer.status_code)
        if answer.status_code != 200:
            problem(answer, answer.status_code, answer.json()["type"].rpartition("#")[2])
            assert str(CANARY) not in answer.text
    assert statuses <= {200, 400, 413, 422}
    assert {200, 400, 422} <= statuses


def damaged(raw: bytes, chance: random.Random) -> bytes:
    """A body with some bytes changed, cut off at a place, or with bytes put in."""
    place = chance.randrange(len(raw))
    match chance.randrange(6):
        case 0:
            return raw[:place]
        case 1:
            return raw[:place] + bytes(chance.randrange(1, 64)) + raw[place:]
        case 2:
            word = chance.choice((b"\xff\xff\xff\x7f", b"\xff" * 4, b"\0\0\0\x80", b"\0" * 4))
            return raw[: place // 4 * 4] + word + raw[place // 4 * 4 + 4 :]
        case _:
            changed = bytearray(raw)
            for _ in range(chance.choice((1, 1, 2, 4, 16))):
                changed[chance.randrange(len(raw))] = chance.randrange(256)
            return bytes(changed)


def test_too_large(service: Service) -> None:
    problem(service.send("/v1/quotes/interest", b" " * 65_537), 413, "too-large")
    problem(service.get(f"/v1/rates?{'a' * 3_000}"), 414, "address-too-long")
    problem(service.get("/v1/rates", **{"X-A": "a" * 20_000}), 431, "head-too-large")
