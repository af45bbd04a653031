"""The output folder: one run at a time, each in a folder of its own; the manifest names the current one.

`manifest.json` is replaced by rename, last: that is the commit. A reader opens it and nothing else. Runs that it does
not name are removed after the commit, except the previous one, whose readers may not be done.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from calc.atomic_write import make_folder, remove_temporaries, write_json
from calc.disk import held
from calc.errors import InputError, OutputError

MANIFEST: Final = "manifest.json"
REFUSED: Final = "refused.json"
RUNS: Final = "runs"
HOLDINGS: Final = "held"
"""Folder of a run for what accounts rest on: needed to go on after a stop, removed when the run is published."""
_RUN_ID: Final = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{8}-\d+")


@dataclass(frozen=True, slots=True)
class Run:
    """A run's id and its folder, `runs/<id>` below the output folder."""

    out: Path
    run_id: str

    @property
    def folder(self) -> Path:
        """Where the run's files lie."""
        return self.out / RUNS / self.run_id

    def subfolder(self, name: str) -> Path:
        """A folder in it, made if need be, on the disk."""
        path = self.folder / name
        make_folder(path)
        return path

    @property
    def number(self) -> int:
        """The run's place among all runs of the output; a later one has a higher number."""
        return int(self.run_id.rpartition("-")[2])


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold the output folder, made if need be; OutputLockedError if another process holds it. Death releases it.

    OutputError where the folder cannot be written or its file system has no locks.
    """
    try:
        (out / RUNS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{out}: cannot be used as the output folder: {error.strerror}") from error
    with held(out, "the output folder"):
        yield


def new_run(out: Path, as_of: date, settings: Mapping[str, Any]) -> Run:
    """A folder for a run, named after the as-of day, a digest of what it rests on, and a number that was never used."""
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:8]
    number = 1 + max((each.number for each in runs_of(out)), default=0)
    run = Run(out, f"{as_of.isoformat()}-{digest}-{number}")
    make_folder(run.folder)
    return run


def runs_of(out: Path) -> list[Run]:
    """Every run that has a folder, the newest last."""
    try:
        names = [each.name for each in (out / RUNS).iterdir() if _RUN_ID.fullmatch(each.name)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise OutputError(f"{out / RUNS}: cannot be read: {error.strerror}") from error
    return sorted((Run(out, name) for name in names), key=lambda run: run.number)


def read_manifest(out: Path) -> dict[str, Any] | None:
    """The manifest in force; None where no run was published. InputError for a file that is none."""
    path = out / MANIFEST
    try:
        manifest = json.loads(path.read_bytes())
        if not isinstance(manifest["run_id"], str):
            raise TypeError("run_id is no text")  # noqa: TRY301 - told as the rest is
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: is no manifest of a run: {error}; move it away or restore it") from error
    return dict(manifest)


def publish(run: Run, manifest: Mapping[str, Any], previous: Mapping[str, Any] | None) -> None:
    """Commit the run; then remove what neither it nor the previous manifest names.

    The run's folder keeps a copy of its manifest, so that the next one, which holds this one's SHA-256, can be checked.
    """
    write_json(run.folder / MANIFEST, manifest)
    write_json(run.out / MANIFEST, manifest)
    kept = {run.run_id, previous["run_id"] if previous else ""}
    with suppress(OSError):  # the result is published; what could not be removed is removed next time
        (run.out / REFUSED).unlink(missing_ok=True)
        remove_temporaries(run.out)
        for each in (run.out / RUNS).iterdir():
            if each.name not in kept:
                shutil.rmtree(each)
            elif (each / HOLDINGS).exists():
                shutil.rmtree(each / HOLDINGS)


def refuse(run: Run, refusal: Mapping[str, Any], unpublished: list[str]) -> None:
    """Remove the run's results (the folders named), keep its quarantine, and name that in refused.json."""
    for name in (*unpublished, HOLDINGS):
        shutil.rmtree(run.folder / name, ignore_errors=True)
    write_json(run.out / REFUSED, refusal)
