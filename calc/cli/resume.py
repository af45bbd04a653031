"""`puccalc resume DIR`: go on with the run that was stopped there, to the result that it would have had."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from calc.bulk.run import resume as resumption
from calc.bulk.run.freed_memory import keep_freed_memory
from calc.cli.left_out import say_left_out
from calc.cli.options import Json
from calc.cli.progress import ProgressOption
from calc.cli.run import print_manifest, published_with_progress
from calc.cli.run_log import LogJson, run_log


def resume(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="Output folder of the run that was stopped.")],
    *,
    progress: ProgressOption = "auto",
    log_json: LogJson = None,
    json: Json = False,
) -> None:
    """Finish a nightly run that was stopped: parts that are whole are kept, the result is the same to the byte.

    Exit 2 where no run is unfinished, 3 where an input, the rules or the rates have changed since it was started.
    """
    keep_freed_memory()
    with run_log(log_json) as log:
        found = published_with_progress(partial(resumption.resume_nightly, out), out, progress, log)
    for dataset, names in found["left_out"].items():
        say_left_out(dataset, names)
    print_manifest(found, out, json=json)
