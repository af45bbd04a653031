"""Run `calc.uploads.work` for one file in this process, within bounds that the process sets itself: `python -m`.

Standard input has one line of JSON: what is asked, and the bounds. It stays open as long as the service lives; when it
ends, so does this process. The answer is written to `ANSWER` in the working folder; nothing is printed.
"""

import json
import os
import resource
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, Final

ANSWER: Final = "answer.json"
"""File of the working folder with what came of it."""


def main() -> None:
    """Do what the line on standard input asks."""
    request: dict[str, Any] = json.loads(sys.stdin.readline())
    bound(request["bounds"])
    threading.Thread(target=_end_with_the_service, daemon=True).start()
    from calc.uploads.work import work  # noqa: PLC0415 - loaded within the bounds

    try:
        answer = work(request["task"])
    except BaseException as error:  # noqa: BLE001 - whatever a file makes a reader of files do, panics too
        answer = {"refused": {"code": "not_readable", "columns": []}, "fault": _place(error)}
    Path(ANSWER).write_text(json.dumps(answer, default=str), "utf-8")
    os._exit(0)  # the other thread still reads


def bound(bounds: dict[str, int]) -> None:
    """Limit this process.

    Args:
        bounds: `memory_bytes` of address space, `seconds` of a processor, `file_bytes` of any file that it writes.
    """
    os.umask(0o077)
    for limit, most in (
        (resource.RLIMIT_AS, bounds["memory_bytes"]),
        (resource.RLIMIT_CPU, bounds["seconds"]),
        (resource.RLIMIT_FSIZE, bounds["file_bytes"]),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        resource.setrlimit(limit, (most, most) if hard == resource.RLIM_INFINITY else (min(most, hard), hard))


def _place(error: BaseException) -> str:
    """Return an exception's type and the line that raised it; its text is left out because it may hold input."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"


def _end_with_the_service() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main()
