"""The version that results name is the one that is packaged."""

import tomllib

import calc
from tests.structure.kernels import ROOT


def test_one_version() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"] == calc.__version__
