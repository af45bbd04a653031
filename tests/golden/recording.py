"""Record what the commands and the service answer, in a form that may be compared across versions.

Only the command line and the service's document are asked, so that any version can be recorded by the same file:

    python -m tests.golden.recording FOLDER

writes FOLDER/sample.json, commands.json and interface.json. Left out are checksums of the shipped data, versions, file
paths, times, and prose (descriptions, meanings, what would be allowed), all of which may change while no result, field
or exit code does.
"""

import hashlib
import json
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import polars as pl

from tests.golden.questions import ANSWERED, OPTIONS_OF, REFUSED, SWITCHES

ROWS: Final = 1_000
"""Deposits of the sample: enough that rows are bad for every reason."""
AS_OF: Final = "2026-09-30"
DATASETS: Final = ("deposits", "transactions", "accounts", "participants", "events")
"""Files of a sample, as far as a version has them."""
SAYS_NOTHING: Final = re.compile(
    r"(.*_)?sha256|version|seconds|run_id|file|path|bytes|previous_.*|threads|machine|python|platform|meaning|description|allowed"
)
"""Keys that are left out."""


def kept(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """JSON without the keys that say nothing of a result; a property or option may be called as one of them."""
    if isinstance(value, list):
        return [kept(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: kept(each)
        for key, each in value.items()
        if not (SAYS_NOTHING.fullmatch(key) and not isinstance(each, dict))
    }


def digest(values: pl.Series) -> str:
    """First 16 digits of the SHA-256 of a column's values as JSON."""
    text = json.dumps(values.to_list(), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def digests(frame: pl.DataFrame) -> dict[str, Any]:
    """Number of rows, and a digest of each column."""
    return {"rows": frame.height, "columns": {column.name: digest(column) for column in frame}}


def sample(work: Path) -> dict[str, Any]:
    """Files of the sample and what a night makes of them: as they are, as CSV, and under each switch's other value."""
    found: dict[str, Any] = {}
    for form in ("parquet", "csv"):
        folder = work / form
        puccalc("sample", "--rows", str(ROWS), "--seed", "7", "--customers", "--format", form, "--out", str(folder))
        read: Callable[[Path], pl.DataFrame] = pl.read_parquet if form == "parquet" else _as_text
        found[form] = {name: digests(read(folder / f"{name}.{form}")) for name in _datasets(folder, form)}
        found[f"night of {form}"] = night(folder, form, work / "out" / form)
    for number, setting in enumerate(SWITCHES):
        found[setting] = night(work / "parquet", "parquet", work / "out" / str(number), "--set", setting)["results"]
    return found


def _datasets(folder: Path, form: str) -> list[str]:
    return [name for name in DATASETS if (folder / f"{name}.{form}").exists()]


def _as_text(path: Path) -> pl.DataFrame:
    """Fields of a file as text; a line with more or fewer of them than the header has none but its number."""
    head, *lines = (line.split(",") for line in path.read_bytes().decode("utf-8", "replace").splitlines())
    rows = [line if len(line) == len(head) else [None] * len(head) for line in lines]
    return pl.DataFrame(rows, schema=dict.fromkeys(head, pl.String), orient="row")


def night(folder: Path, form: str, out: Path, *more: str) -> dict[str, Any]:
    """Columns of results, reasons of quarantine, and the manifest's totals of a night."""
    files = [word for name in _datasets(folder, form) for word in (f"--{name}", str(folder / f"{name}.{form}"))]
    words = ["run", "nightly", "--as-of", AS_OF, "--customers", "--max-bad-share", "1", "--max-unmatched-share", "1"]
    puccalc(*words, *files, "--out", str(out), "--json", *more)
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))

    def columns(datasets: dict[str, Any]) -> dict[str, Any]:
        parts = {name: [out / part["path"] for part in each["parts"]] for name, each in datasets.items()}
        return {
            name: digests(pl.read_parquet(paths).drop("file", "reason_allowed", strict=False))
            for name, paths in parts.items()
            if paths
        }

    told = ("rows", "control_totals", "quarantine", "rests_on", "bounds", "switches", "tariff")
    return {
        "results": {**columns(manifest["datasets"]), "quarantine": columns(manifest["quarantine"])},
        "manifest": kept({name: manifest[name] for name in told if name in manifest}),
    }


def commands() -> dict[str, Any]:
    """What is printed as JSON, how a wrong question is refused, and which options the quotes have."""
    answered = {words: kept(json.loads(puccalc(*words.split(), "--json"))) for words in ANSWERED}
    refused = {}
    for words in REFUSED:
        code, out, err = _run(words.split())
        refused[words] = [code, out, " ".join(err.split())]
    options = {}
    for words in OPTIONS_OF:
        shown = puccalc(*words.split(), "--help").partition("Options:")[2]
        options[words] = dict.fromkeys(sorted(set(re.findall(r"--[a-z][a-z-]*", shown))), "an option")
    return {"answered": answered, "refused": refused, "options": options}


def interface() -> dict[str, Any]:
    """The service's document, descriptions apart."""
    from tests.api.client import Service  # noqa: PLC0415 - what needs no service does not load it

    document: dict[str, Any] = Service().get("/openapi.json").json()
    shown = {name: _undescribed(document[name]) for name in ("paths", "components")}
    asked = _named_in([each.get("requestBody") for path in document["paths"].values() for each in path.values()])
    schemas = document["components"]["schemas"]
    while more := _named_in([schemas[name] for name in asked]) - asked:
        asked |= more
    return {**shown, "must be sent": {name: sorted(schemas[name].get("required", [])) for name in sorted(asked)}}


def _named_in(part: Any) -> set[str]:  # noqa: ANN401 - any JSON
    """Schemas to which a part of the document refers."""
    return set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(part)))


def _undescribed(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Without descriptions, titles and summaries; a property may be called so."""
    if isinstance(value, list):
        return [_undescribed(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _undescribed(each)
        for key, each in value.items()
        if key not in {"description", "title", "summary", "externalDocs"} or not isinstance(each, str)
    }


def puccalc(*words: str) -> str:
    """What a command that succeeds prints."""
    code, out, err = _run(words)
    if code:
        raise RuntimeError(f"{words}: {code}: {err}")
    return out


def _run(words: Any) -> tuple[int, str, str]:  # noqa: ANN401 - words
    from tests.cases.command import puccalc as run  # noqa: PLC0415 - kernels are loaded when a command is asked

    finished = run(list(words))
    return finished.code, finished.out, finished.err


RECORDS: Final[dict[str, Callable[[], dict[str, Any]]]] = {"commands": commands, "interface": interface}


def record(name: str) -> dict[str, Any]:
    """One of the records: sample, commands or interface."""
    if name != "sample":
        return RECORDS[name]()
    with tempfile.TemporaryDirectory() as work:
        return sample(Path(work))


if __name__ == "__main__":
    for each in ("sample", *RECORDS):
        lines = [
            f"{json.dumps(name)}:{json.dumps(answer, sort_keys=True, separators=(',', ':'), ensure_ascii=False)}"
            for name, answer in record(each).items()
        ]
        (Path(sys.argv[1]) / f"{each}.json").write_text("{" + ",\n".join(lines) + "}\n", "utf-8")
