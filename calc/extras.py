"""The extras of this installation: packages that only some users need, and which command needs which.

`pip install puccalc` installs what calculations and the nightly run need; the rest comes with `puccalc[NAME]`. The same
table stands in pyproject.toml, by the names under which packages are installed.
"""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Final

from calc.errors import ExtraMissingError

_LETTER: Final = ("altair", "typst", "vl_convert")
EXTRAS: Final[Mapping[str, tuple[str, ...]]] = {
    "service": ("fastapi", "granian", "prometheus_client", "pydantic", "pydantic_settings", *_LETTER),
    "letter": _LETTER,
    "refresh": ("fredapi", "stamina"),
    "spark": ("pyspark",),
}
"""By extra, the modules that it brings; the pages of the service show letters and charts."""


def missing_modules(extra: str) -> list[str]:
    """Modules of an extra that are not installed."""
    return [name for name in EXTRAS[extra] if find_spec(name) is None]


def require(extra: str, purpose: str) -> None:
    """Check that an extra is installed.

    Args:
        extra: A name in EXTRAS.
        purpose: What needs it, as the error is to begin.

    Raises:
        ExtraMissingError: A module of it is missing; the text says which and how to install it.
    """
    missing = missing_modules(extra)
    if missing:
        setup = "" if extra == "spark" else " (in a checkout: make setup)"
        raise ExtraMissingError(
            f"{purpose} needs packages that are not installed: {', '.join(missing)}. "
            f"Install them: pip install 'puccalc[{extra}]'{setup}"
        )
