"""Files: up as a body or a form, whose they are, how large and how long; nothing of them stays or is logged."""

import stat
import time
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest
from jsonschema_rs import validator_for

from api.answering.uploads import Uploads
from api.files.multipart import parts_of
from api.http.keys import create
from api.http.problems import Problem
from api.http.settings import Settings
from tests.api.client import Service, problem
from tests.api.pages import OWN_PAGE, Parsed, send
from tests.bulk.test_workbooks import DEPOSITS_CSV, analyst_rows, workbook
from tests.uploads.test_work import BLANK

CSV = DEPOSITS_CSV.replace("1250.00", "n/a").encode()
"""Two deposits, of which one has no amount; the other's year at 4.93 % gives 9.86."""
TYPE = {"Content-Type": "text/csv"}
HTML = {"Accept": "text/html"}
FORM = {name: value for name, value in OWN_PAGE.items() if name != "Content-Type"}
MIB = 2**20


class Files:
    """A service with two keys and a key without the scope, and the folder in which its files lie."""

    def __init__(self, folder: Path, **settings: Any) -> None:  # noqa: ANN401 - any setting
        keys = folder / "keys.json"
        scopes = ("quotes", "batches", "reference")
        self.ours = create(keys, "ours", scopes, "example", None)
        self.theirs = create(keys, "theirs", scopes, None, None)
        self.parent = folder
        self.service = Service(keys_file=keys, files_folder=folder, public_tariffs=("default",), **settings)

    def post(self, raw: bytes, query: str = "", key: str = "", **headers: str) -> httpx.Response:
        return self.service.ask("POST", f"/v1/files{query}", content=raw, headers={**TYPE, **self.key(key), **headers})

    def key(self, key: str = "") -> dict[str, str]:
        return {"X-API-Key": key or self.ours}

    def cookie(self, key: str) -> dict[str, str]:
        answer = send(self.service, "/sign-in", {"key": key})
        return {"Cookie": answer.headers["set-cookie"].partition(";")[0], **FORM}

    def folders(self) -> list[Path]:
        return sorted(each for each in self.parent.glob("puccalc-files-*/*") if each.is_dir())


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def answer(files: Files) -> httpx.Response:
    return files.post(CSV, "?as_of_date=2025-01-31")


@pytest.fixture(autouse=True)
def _in_plain_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUCCALC_JIT", "0")  # the workers', which start sooner so


def test_a_csv_file(files: Files, answer: httpx.Response) -> None:
    assert answer.status_code == 201
    body = answer.json()
    document = files.service.get("/openapi.json").json()
    schema = document["paths"]["/v1/files"]["post"]["responses"]["201"]["content"]["application/json"]["schema"]
    validator_for({**schema, "components": document["components"]}).validate(body)
    path = f"/v1/files/{body['id']}"
    assert answer.headers["location"] == path
    assert files.service.get(path, **files.key()).json() == body
    assert body["state"] == "done"
    assert body["results"]["rows"] == {"deposits": {"in": 2, "out": 1, "quarantined": 1}}
    assert body["results"]["refused"][0]["column"] == "principal"
    links = {each["name"]: each["links"] for each in body["results"]["downloads"]}
    taken = files.service.get(links["deposits results"]["parquet"], **files.key())
    assert pl.read_parquet(taken.content)["interest_cents"].to_list() == [986]
    assert taken.headers["content-disposition"] == 'attachment; filename="deposits_results.parquet"'
    for kinds in links.values():
        for link in kinds.values():
            assert files.service.get(link, **files.key()).status_code == 200
    for name in ("upload.csv", "meta.json", "state.json", "%2e%2e%2fkeys.json"):
        assert files.service.get(f"{path}/{name}", **files.key()).status_code == 404


def test_another_key_sees_nothing(files: Files, answer: httpx.Response) -> None:
    path = answer.headers["location"]
    for method, where in (("GET", path), ("GET", f"{path}/results.xlsx"), ("DELETE", path)):
        problem(files.service.ask(method, where, headers=files.key(files.theirs)), 404, "not-found")
    cookie = files.cookie(files.ours)  # nor does a session of the same key
    page = files.service.get(path.removeprefix("/v1"), **cookie)
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert files.service.get(path, **files.key()).status_code == 200


def test_a_tariff_is_its_utilitys(files: Files) -> None:
    problem(files.post(CSV, "?tariff=example", files.theirs), 403, "not-allowed")


def test_files_lie_in_private_folders(files: Files, answer: httpx.Response) -> None:
    (folder,) = [each for each in files.folders() if each.name == answer.json()["id"]]
    assert {stat.S_IMODE(each.stat().st_mode) for each in (folder, folder.parent)} == {0o700}


def test_a_deleted_file_is_gone(files: Files) -> None:
    path = files.post(CSV, "?recalculate=false").headers["location"]
    assert path.rpartition("/")[2] in {each.name for each in files.folders()}
    assert files.service.ask("DELETE", path, headers=files.key()).status_code == 204
    assert path.rpartition("/")[2] not in {each.name for each in files.folders()}
    problem(files.service.get(path, **files.key()), 404, "not-found")


def test_sixteen_mebibytes_and_one(files: Files) -> None:
    before = files.folders()
    problem(files.post(b"," * (16 * MIB + 1)), 413, "too-large")
    content = {"file": ("f.csv", b"," * (16 * MIB + 1))}
    problem(files.service.ask("POST", "/v1/files", files=content, headers=files.key()), 413, "too-large")
    sixteen = files.post(b"q,z\n" + b"1,2\n" * (4 * MIB - 1))
    assert problem(sixteen, 422, "file-refused")[0]["code"] == "no_columns"
    assert files.folders() == before


def test_refused_files_leave_nothing(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    before = files.folders()
    for raw in (b"\xd0\xcf\x11\xe0" + bytes(600), b"PK\x03\x04" + bytes(600)):
        assert problem(files.post(raw), 422, "file-refused")[0]["code"] == "no_workbook"
    answer = files.post(b"zz,18000\n")
    assert problem(answer, 422, "file-refused")[0]["code"] == "no_columns"
    assert "18000" not in answer.text
    assert problem(files.post(b""), 400, "malformed-body")[0]["code"] == "empty_body"
    problem(files.post(CSV, "?colour=red"), 422, "invalid-values")
    problem(files.post(CSV, "?jurisdiction=none"), 422, "invalid-values")
    problem(files.post(CSV, "?set=day_count=none"), 422, "invalid-values")
    problem(files.post(CSV, **{"Content-Type": "application/pdf"}), 415, "wrong-media-type")
    assert files.folders() == before
    assert "18000" not in capsys.readouterr().err


def test_the_log_names_no_file(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    content = {"file": ("Jane Doe.csv", CSV)}
    answer = files.service.ask("POST", "/v1/files", files=content, data={"recalculate": "false"}, headers=files.key())
    assert answer.status_code == 201
    err = capsys.readouterr().err
    assert '"route":"/v1/files"' in err
    assert "Jane" not in err
    assert answer.json()["id"] not in err


def test_memory_and_time_are_bounded(tmp_path: Path) -> None:
    """A cell at the far corner makes a sheet of 17 thousand million cells: it is refused, and the service goes on."""
    rows: list[list[Any]] = [["deposit_id", "account_id"], ["D1", "A1"]]
    path = workbook(tmp_path / "far.xlsx", {"D": rows})
    import xlsxwriter  # noqa: PLC0415 - what writes the corner

    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("D")
        sheet.write_row(0, 0, ["deposit_id", "account_id"])
        sheet.write(1_048_575, 16_383, "x")
    bounded = Files(tmp_path, file_memory_bytes=2**31)
    assert problem(bounded.post(path.read_bytes()), 422, "file-refused")[0]["code"] == "too_much_memory"
    hurried = Files(tmp_path, file_seconds=1)
    assert problem(hurried.post(CSV), 422, "file-refused")[0]["code"] == "too_much_time"
    assert bounded.folders() == []


def test_old_files_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    aged = Files(tmp_path, files_of_owner=1)
    first, second = (aged.post(CSV, "?recalculate=false").headers["location"] for _ in range(2))
    problem(aged.service.get(first, **aged.key()), 404, "not-found")
    assert len(aged.folders()) == 1
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3_601)
    problem(aged.service.get(second, **aged.key()), 404, "not-found")
    assert aged.folders() == []


def test_a_service_takes_no_more_than_it_may(tmp_path: Path) -> None:
    full = Files(tmp_path, files_held=1)
    assert full.post(CSV, "?recalculate=false").status_code == 201
    problem(full.post(CSV, "?recalculate=false", full.theirs), 503, "overloaded")


def test_nothing_stays_when_the_service_ends(tmp_path: Path) -> None:
    uploads = Uploads(Settings(files_folder=tmp_path))
    uploads.store.add("someone", b"x", "upload.csv")
    left = tmp_path / "puccalc-files-killed"
    left.mkdir()
    (left / ".lock").touch()
    (left / "upload.csv").touch()
    other = Uploads(Settings(files_folder=tmp_path))
    other.store.add("someone", b"x", "upload.csv")
    assert not left.exists()  # nobody holds its lock
    assert len(list(tmp_path.iterdir())) == 2
    uploads.close()
    other.close()
    assert list(tmp_path.iterdir()) == []


def test_the_page_from_upload_to_results_and_the_sessions_end(files: Files, tmp_path: Path) -> None:
    """The analyst's workbook in a session of its own, which ends; what is always blank is ticked."""
    path = workbook(tmp_path / "Acme deposits.xlsx", {"Deposits": analyst_rows(20)})
    cookie = files.cookie(files.theirs)
    sent = files.service.ask(
        "POST", "/files", files={"file": (path.name, path.read_bytes())}, headers=cookie,
        data={"as_of_date": "1/31/2025", "tariff": "default"},
    )  # fmt: skip
    assert sent.status_code == 303
    where = sent.headers["location"]
    shown = files.service.get(where, **cookie)
    parsed = Parsed(shown.text)
    selects = [each["id"] for each in parsed.attributes("select")]
    assert "Dep Date" in shown.text
    form = {name: _selected(shown.text, name) for name in selects}
    form |= {each["name"]: "yes" for each in parsed.attributes("input") if each.get("type") == "checkbox"}
    form |= {each["name"]: each["value"] for each in parsed.attributes("input") if each.get("type") == "text"}
    twice = {**form, "t0c1": "deposit_id"}
    refused = files.service.ask("POST", where, data=twice, headers=cookie)
    assert refused.status_code == 422
    assert "another column is taken for the same" in refused.text
    answer = files.service.ask("POST", where, data={**form, "do": "calculate"}, headers=cookie)
    assert (answer.status_code, answer.headers["location"]) == (303, where)
    results = files.service.get(where, **cookie)
    parsed = Parsed(results.text)
    assert parsed.after("rows with results") == "20"
    assert parsed.after("Principal") == "$25,000.00"
    assert files.service.get(f"{where}/results.xlsx", **cookie).status_code == 200
    assert files.service.get(where, **files.cookie(files.theirs)).status_code == 404  # another session of that key
    folder = where.rpartition("/")[2]
    assert folder in {each.name for each in files.folders()}
    assert files.service.ask("POST", "/sign-out", headers=cookie, data={"out": "yes"}).status_code == 303
    assert folder not in {each.name for each in files.folders()}


def _selected(html: str, name: str) -> str:
    select = html.partition(f'id="{name}"')[2].partition("</select>")[0]
    option: str = next(each for each in select.split("<option")[1:] if " selected" in each)
    return option.partition('value="')[2].partition('"')[0]


def test_the_page_says_why_a_file_is_not_taken(files: Files) -> None:
    cookie = files.cookie(files.ours)
    content: dict[str, Any] = {"file": ("x.csv", b"")}
    empty = files.service.ask("POST", "/files", files=content, headers=cookie)
    assert empty.status_code == 422
    assert "Choose one file" in empty.text
    content = {"file": ("x.csv", CSV)}
    day = files.service.ask("POST", "/files", files=content, data={"as_of_date": "02/30/2025"}, headers=cookie)
    assert day.status_code == 422
    assert "The day" in day.text
    foreign = {**cookie, "Sec-Fetch-Site": "cross-site"}
    assert files.service.ask("POST", "/files", files=content, headers=foreign).status_code == 403


def test_visitors_of_a_service_without_keys_are_told_apart(tmp_path: Path) -> None:
    service = Service(files_folder=tmp_path)
    content = {"file": ("x.csv", CSV)}
    sent = service.ask("POST", "/files", files=content, headers=FORM)
    where, cookie = sent.headers["location"], sent.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/files"} <= set(cookie.split("; "))
    mine = {"Cookie": cookie.partition(";")[0], **HTML}
    assert service.get(where, **mine).status_code == 200
    assert where in service.get("/files", **mine).text
    assert service.get(where, **HTML).status_code == 404
    assert where not in service.get("/files", **HTML).text
    problem(service.get(f"/v1{where}"), 404, "not-found")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--'),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"--x"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--"),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"a: b\r\n" * 1_000 + b"\r\n1\r\n--x--"),
    ],
)
def test_forms_that_are_none(kind: str, body: bytes) -> None:
    with pytest.raises(Problem) as caught:
        parts_of(kind, body)
    assert caught.value.kind == "malformed-body"


def test_a_form_holds_bytes_as_they_are() -> None:
    """Line ends, marks that are almost boundaries, and names in quotes are content."""
    content = b"\r\n--almost\r\n\x00\xff--x\r\n-x\r\n"
    body = (
        b'preamble\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a;name=b.csv"\r\n'
        b"Content-Type: text/csv\r\n\r\n" + content + b'\r\n--x \r\nContent-Disposition: form-data; name="a"\r\n\r\n'
        b"\r\n--x--\r\n"
    )
    assert [tuple(part) for part in parts_of('multipart/form-data; boundary="x"', body)] == [
        ("file", content, True),
        ("a", b"", False),
    ]


def test_required_columns_that_are_blank(files: Files) -> None:
    short = b"deposit_id,account_id,service,principal,received_date\nD1,A1,gas,200.00,2024-01-01\n"
    waiting = files.post(short).json()
    assert (waiting["state"], waiting["results"]) == ("map_incomplete", None)
    assert waiting["tables"][0]["missing"] == dict.fromkeys(BLANK, True)
    done = files.post(short, f"?as_of_date=2025-01-01&{'&'.join(f'blank={name}' for name in BLANK)}").json()
    assert done["results"]["rows"]["deposits"]["out"] == 1
