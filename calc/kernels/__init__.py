"""Functions from integer columns to integer columns, and nothing else; compiled by Numba."""

import pkgutil
from importlib import import_module


def load_all() -> None:
    """Import every kernel module, so that `calc.kernels._jit.KERNELS` is complete."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        import_module(module.name)
