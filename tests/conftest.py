"""What holds for all tests: no user's folder is touched, nothing hangs on the clock, and what is compiled is shared."""

import os

import pytest
from hypothesis import HealthCheck, settings

from calc.kernels._compile_cache import FOLDER_SETTING

settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


def pytest_configure(config: pytest.Config) -> None:
    """All processes of a run share what they compile, in a folder of the checkout that a next run finds again."""
    os.environ.setdefault(FOLDER_SETTING, str(config.rootpath / ".pytest_cache" / "kernels"))


@pytest.fixture(autouse=True)
def empty_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUCCALC_HOME", str(tmp_path_factory.mktemp("home")))
