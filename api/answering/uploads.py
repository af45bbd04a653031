"""Answer uploaded files: hold each, have its worker propose a map and recalculate, and say what came of it.

Programs and pages go the same way. What the service holds of a file is deleted where it is refused.
"""

import asyncio
import contextlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import Field, ValidationError

from api.answering import topics
from api.files.store import FileStore, HeldFile
from api.files.worker import Workers
from api.http.limits import ConcurrencyLimit
from api.http.private_folder import private_folder
from api.http.problems import Item, Problem
from api.http.settings import Settings
from api.models.field_types import DatasetName, OptionalDay
from api.models.schemas import Options, invalid

_SWEEP_SECONDS: Final = 30
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
_REPEATED: Final = frozenset({"blank", "sheet", "set"})
SheetName = Annotated[str, Field(max_length=100)]


class UploadOptions(Options):
    """How a file is read and recalculated."""

    as_of_date: Annotated[OptionalDay, Field(description="The day that is recalculated; by default today.")] = None
    dataset: Annotated[
        DatasetName | None, Field(description="What the file holds; by default what its columns are most like.")
    ] = None
    map: Annotated[
        str | None, Field(max_length=65_536, description="The map, as TOML; by default the one that is proposed.")
    ] = None
    sheets: Annotated[
        dict[DatasetName, SheetName],
        Field(description="Sheet of each dataset of a workbook; by default those whose columns are like it."),
    ] = {}  # noqa: RUF012 - a model's default, which is copied
    blank: Annotated[
        list[Annotated[str, Field(max_length=64)]],
        Field(max_length=64, description="Required columns that the file lacks because they are blank throughout."),
    ] = []  # noqa: RUF012 - as above
    recalculate: Annotated[bool, Field(description="Whether to recalculate, or to propose a map alone.")] = True


def options_of(fields: Iterable[tuple[str, str]]) -> UploadOptions:
    """Parse the options of a form or a query.

    Args:
        fields: Names and texts; `blank`, `sheet` (DATASET=SHEET) and `set` (SWITCH=VALUE) may be repeated.

    Raises:
        Problem: An option is unknown, invalid or given twice.
    """
    values: dict[str, Any] = {}
    tables: dict[str, dict[str, str]] = {"sheet": {}, "set": {}}
    for name, text in fields:
        if name == "blank":
            values.setdefault("blank", []).append(text)
            continue
        kept, key, value = (values, name, text)
        if name in tables:
            key, _, value = text.partition("=")
            kept = tables[name]
        if key in kept:
            raise Problem("invalid-values", [Item("", "conflict", "the form or the query gives the same twice")])
        kept[key] = value
    if values.get("recalculate") in {"true", "false"}:
        values["recalculate"] = values["recalculate"] == "true"
    try:
        return UploadOptions.model_validate({**values, "sheets": tables["sheet"], "switches": tables["set"]})
    except ValidationError as error:
        raise Problem("invalid-values", invalid(error, UploadOptions)) from None


class Uploads:
    """Hold and work on the files of one worker of the service."""

    def __init__(self, settings: Settings) -> None:
        """Take the bounds; folders and processes are made when they are needed."""
        self._settings = settings
        self._workers = Workers(settings)
        self._threads = ThreadPoolExecutor(settings.files_at_once, thread_name_prefix="file")
        self._places = ConcurrencyLimit(2 * settings.uploads_at_once)
        self._stack = contextlib.ExitStack()
        self._store: FileStore | None = None

    @property
    def store(self) -> FileStore:
        """Return the store, in the folder that all workers share, else in one of this worker's own."""
        if self._store is None:
            base = self._settings.files_base or self._stack.enter_context(private_folder(self._settings.files_folder))
            self._store = FileStore(base, self._settings)
        return self._store

    async def sweep(self) -> None:
        """Delete files whose time is over, again and again."""
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            if self._store is not None:
                await asyncio.to_thread(self._store.sweep)

    def close(self) -> None:
        """End what is worked on, and delete the files of this worker's own folder."""
        self._workers.end()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._stack.close()

    async def add(self, owner: str, content: bytes, options: UploadOptions, facts: dict[str, Any]) -> HeldFile:
        """Hold a file and work on it.

        Args:
            owner: Whose it is.
            content: The file.
            options: How it is read and recalculated.
            facts: Takes the number of rows, and where a fault was, for the log.

        Returns:
            The file, whose state says what came of it.

        Raises:
            Problem: The file is too large, or refused; then nothing of it is kept.
        """
        if len(content) > self._settings.file_bytes:
            raise Problem("too-large")
        if not content:
            raise Problem("malformed-body", [Item("/file", "empty_body")])
        if content.startswith(_OLD_WORKBOOK):
            raise refused({"code": "no_workbook", "columns": []})
        name = "upload.xlsx" if content.startswith(_ZIP) else "upload.csv"
        held = await asyncio.to_thread(self.store.add, owner, content, name)
        try:
            await self.work(held, name, options, facts)
        except BaseException:
            await asyncio.to_thread(self.store.remove, owner, held.id)
            raise
        return held

    async def work(self, held: HeldFile, name: str, options: UploadOptions, facts: dict[str, Any]) -> dict[str, Any]:
        """Work on a file that is held, and keep what came of it; raise Problem where it is refused."""
        on = options.as_of_date or topics.today()
        resolved = topics.resolve(options)
        resolved.law(on, "electric")
        task = {
            "file": name,
            "dataset": options.dataset,
            "map": options.map,
            "sheets": dict(options.sheets),
            "blank": list(options.blank),
            "recalculate": options.recalculate,
            "as_of_date": on.isoformat(),
            "jurisdiction": options.jurisdiction,
            "tariff": options.tariff,
            "switches": dict(resolved.switches),
        }
        with self._places:
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self._threads, self._workers.work, held.folder, task)
        if "fault" in answer:
            facts["fault"] = answer["fault"]
        if "refused" in answer:
            raise refused(answer["refused"])
        results = answer.get("results")
        facts["rows"] = sum(rows["in"] for rows in results["rows"].values()) if results else 0
        state = {"task": task, **answer}
        await asyncio.to_thread(held.keep, state)
        return state


def refused(why: dict[str, Any]) -> Problem:
    """Return the problem of a refused file: its code, and the columns of the contract that it is about."""
    columns = why["columns"] or [""]
    return Problem("file-refused", [Item(f"/map/{name}" if name else "/file", why["code"]) for name in columns])


def expires_at(held: HeldFile) -> str:
    """Return when a file goes, as ISO text in UTC."""
    return datetime.fromtimestamp(held.expires, UTC).isoformat(timespec="seconds")
