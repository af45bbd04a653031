"""The library's document answers as it is printed."""

import doctest
from pathlib import Path

from tests.structure.kernels import ROOT


def test_the_document_answers_as_it_is_printed(tmp_path: Path) -> None:
    found = doctest.testfile(
        str(ROOT / "docs/library.md"), module_relative=False, globs={"folder": tmp_path},
        optionflags=doctest.REPORT_NDIFF,
    )  # fmt: skip
    assert found.failed == 0
    assert found.attempted > 20
