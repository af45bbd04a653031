"""Runs `puccalc` within the test's process, with the kernels as this process has them."""

import contextlib
import io
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import calc.kernels._jit  # noqa: F401 - loaded first, so that a quote does not turn the compiler off for other tests
from calc import cli


class Finished(NamedTuple):
    """Exit code, stdout and stderr of a command."""

    code: int
    out: str
    err: str

    def json(self) -> Any:  # noqa: ANN401 - whatever the command prints
        assert self.code == 0, self.err
        return json.loads(self.out)


def puccalc(arguments: Sequence[str]) -> Finished:
    out, err = io.StringIO(), io.StringIO()
    code: object = None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.main(list(arguments))
        except SystemExit as exit_:
            code = exit_.code
    assert isinstance(code, int)
    return Finished(code, out.getvalue(), err.getvalue())


def quote(command: str, *more: str) -> Any:  # noqa: ANN401 - the JSON of a quote
    """JSON of `puccalc quote` with a command's words."""
    return puccalc(["quote", *command.split(), *more, "--json"]).json()
