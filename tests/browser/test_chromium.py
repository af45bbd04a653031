"""Where there is no chromium the browser tests are skipped, but not where nobody reads skips."""

from pathlib import Path

import pytest

from tests.browser.chromium import require_chromium


def test_without_chromium(tmp_path: Path) -> None:
    with pytest.raises(pytest.skip.Exception, match="make browser"):
        require_chromium({"PATH": str(tmp_path)})
    with pytest.raises(pytest.fail.Exception, match="make browser"):
        require_chromium({"PATH": str(tmp_path), "CI": "true"})


def test_with_chromium(tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.touch(0o755)
    assert require_chromium({"PATH": str(tmp_path)}) == str(program)
