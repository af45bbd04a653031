"""job.json in a run's folder: what the run was started with, so that `puccalc resume` can go on after a stop.

It holds the job, the folder from which its inputs were named, the inputs' sizes and times (and, once they are known,
their SHA-256), and the checksums and versions that the bytes of a result follow from.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

from calc.atomic_write import write_json
from calc.bulk.inputs.source import Source
from calc.bulk.publish.output import Run
from calc.bulk.run.job import NightlyJob
from calc.errors import InputError

JOB: Final = "job.json"
_FROM_TEXT: Final[dict[type, Callable[[str], Any]]] = {date: date.fromisoformat, Path: Path, Fraction: Fraction}


@dataclass(frozen=True, slots=True)
class Started:
    """What is known of a run that was started: inputs by dataset, each a list of path, bytes, modified_ns, sha256."""

    run: Run
    job: NightlyJob
    folder: Path
    inputs: Mapping[str, list[dict[str, Any]]]
    basis: Mapping[str, Any]


def write_started(started: Started) -> None:
    """Write job.json, whole or not at all."""
    job = {each.name: _as_json(getattr(started.job, each.name)) for each in fields(started.job)}
    write_json(
        started.run.folder / JOB,
        {
            "run_id": started.run.run_id,
            "folder": str(started.folder),
            "job": job,
            "inputs": started.inputs,
            "basis": started.basis,
        },
    )


def read_started(run: Run) -> Started:
    """What job.json says; InputError if it cannot be read."""
    path = run.folder / JOB
    try:
        data = json.loads(path.read_bytes())
        hints = get_type_hints(NightlyJob)
        job = {name: _of_json(hints[name], value) for name, value in data["job"].items()}
        # The output may have been moved since: it is where the run's folder was found.
        return Started(
            run, NightlyJob(**{**job, "out": run.out}), Path(data["folder"]), data["inputs"], data["basis"]
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: does not say what the run was started with ({error}); start a new run") from error


def inputs_of(sources: Mapping[str, Source], sha256: Mapping[str, list[str]] | None) -> dict[str, list[dict[str, Any]]]:
    """Each input file's path, size, time of change and, where it is known, SHA-256."""
    return {
        name: [
            {"path": str(file.path), "bytes": size, "modified_ns": modified, "sha256": digest}
            for file, (size, modified), digest in zip(
                source.files, source.stamps, sha256[name] if sha256 else [None] * len(source.files), strict=True
            )
        ]
        for name, source in sources.items()
    }


def _as_json(value: Any) -> Any:  # noqa: ANN401 - fields of any type
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (Path, Fraction)):
        return str(value)
    return dict(value) if isinstance(value, Mapping) else value


def _of_json(hint: Any, value: Any) -> Any:  # noqa: ANN401 - as above
    for kind, parse in _FROM_TEXT.items():
        if kind in {hint, *get_args(hint)} and isinstance(value, str):
            return parse(value)
    return value
