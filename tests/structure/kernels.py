"""Every kernel and inner function of calc.kernels, whichever tests ran before."""

import pkgutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import calc.kernels
from calc.kernels._jit import INNER, KERNELS, Kernel

ROOT = Path(__file__).resolve().parents[2]


def modules() -> list[str]:
    """Modules of calc.kernels, imported."""
    calc.kernels.load_all()
    return [module.name for module in pkgutil.iter_modules(calc.kernels.__path__, "calc.kernels.")]


def every_kernel() -> dict[str, Kernel]:
    own = set(modules())
    return {name: kernel for name, kernel in KERNELS.items() if kernel.module in own}


def every_inner() -> dict[str, Any]:
    own = set(modules())
    return {name: inner for name, inner in INNER.items() if inner.__module__ in own}


def python_files(*folders: str) -> Iterable[Path]:
    """Python files below folders of the checkout."""
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))
