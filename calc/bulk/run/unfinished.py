"""Which run of an output folder is unfinished, and whether what it rests on is still the same.

A run is unfinished when its folder holds job.json and it is newer than the published and the refused one. Its parts are
taken as they are only where the inputs are known to be the same by their SHA-256.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from calc.atomic_write import remove_temporaries
from calc.bulk.publish.output import REFUSED, Run, read_manifest, runs_of
from calc.bulk.run.checkpoint import JOB, Started
from calc.errors import InputError, OutputError, UsageError


def unfinished(out: Path) -> Run:
    """The newest unfinished run; UsageError where there is none."""
    manifest = read_manifest(out)
    ended = [each["run_id"] for each in (manifest, _refused(out)) if each]
    last = max((Run(out, run_id).number for run_id in ended), default=0)
    found = [run for run in runs_of(out) if run.number > last and (run.folder / JOB).is_file()]
    if not found:
        published = f"run {manifest['run_id']} is published" if manifest else "no run is published here"
        raise UsageError(f"{out}: nothing to go on with: {published} and none is unfinished; see puccalc run nightly")
    return found[-1]


def check_same(started: Started, now: Started) -> None:
    """InputError, naming all that changed, where a run cannot go on from what is there now; UsageError if it ended.

    `now` has every input's SHA-256. Then the run's folder is put in order: what a dead process left is removed, and
    where the run was stopped before it knew its inputs' hashes, so are its parts.
    """
    if unfinished(started.run.out) != started.run:
        raise UsageError(f"{started.run.folder}: this run is no longer the one to go on with; look at it again")
    if changed := [*_changed_inputs(started, now), *_changed_basis(started, now)]:
        raise InputError(
            f"{started.run.folder}: the run cannot go on, since it was started {', '.join(changed)} changed; start a "
            "new run with puccalc run nightly"
        )
    try:
        for folder in [each for each in started.run.folder.iterdir() if each.is_dir()]:
            if _hashes_are_known(started):
                remove_temporaries(folder)
            else:
                shutil.rmtree(folder)
        remove_temporaries(started.run.folder)
    except OSError as error:
        raise OutputError(f"{started.run.folder}: cannot be put in order: {error}") from error


def _refused(out: Path) -> dict[str, Any] | None:
    try:
        refused = json.loads((out / REFUSED).read_bytes())
    except (OSError, ValueError):
        return None
    return refused if isinstance(refused, dict) and isinstance(refused.get("run_id"), str) else None


def _changed_inputs(started: Started, now: Started) -> Iterator[str]:
    for name in started.inputs.keys() | now.inputs.keys():
        before, after = ({each["path"]: each for each in known.inputs.get(name, [])} for known in (started, now))
        for path in sorted(before.keys() | after.keys()):
            if path not in before or path not in after:
                yield f"the files of {name} ({path})"
            elif _changed(before[path], after[path]):
                yield path


def _changed(before: dict[str, Any], after: dict[str, Any]) -> bool:
    if before["sha256"] is not None:
        return bool(before["sha256"] != after["sha256"])
    return bool((before["bytes"], before["modified_ns"]) != (after["bytes"], after["modified_ns"]))


def _changed_basis(started: Started, now: Started) -> Iterator[str]:
    for name, after in now.basis.items():
        before = started.basis.get(name)
        if not isinstance(after, dict) or not isinstance(before, dict):
            if before != after:
                yield f"the {name}"
            continue
        yield from (
            f"the {each} ({name})"
            for each in sorted(before.keys() | after.keys())
            if before.get(each) != after.get(each)
        )


def _hashes_are_known(started: Started) -> bool:
    return all(each["sha256"] is not None for files in started.inputs.values() for each in files)
