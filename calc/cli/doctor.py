"""`puccalc doctor`: whether this installation is sound. Versions, data files, cores, the compiler, the newest rate.

It ends with 0 when all is well, 3 when data are missing or damaged (shipped files, or the register and snapshot in the
user's data folder), 1 when a package or the compiler does not work. An extra that is not installed is no fault.
"""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

import typer

from calc import datafiles
from calc.cli import compiler_trial, terminal
from calc.cli.answer import today
from calc.cli.options import Json, print_json
from calc.errors import DataError, PuccalcError
from calc.extras import EXTRAS, missing_modules
from calc.rates.computing import table as rate_table
from calc.rules import resolve
from calc.units import format_percent, to_date

PACKAGES: Final = ("puccalc", "numpy", "numba", "polars", "pyarrow", "jinja2", "typer", "rich")
"""What every installation has."""
OPTIONAL: Final = ("fredapi", "fastapi", "granian", "typst", "pyspark")
"""Packages of extras whose versions matter where they are installed."""


def doctor(json: Json = False) -> None:
    """Versions, data checksums, cores, compiler and rates of this installation, and what is missing."""
    found = examine()
    if json:
        print_json(found)
    else:
        _print(found)
    if found["data"]["damaged"]:
        raise typer.Exit(DataError.exit_code)
    if found["missing"]:
        raise typer.Exit(PuccalcError.exit_code)


def examine() -> dict[str, Any]:
    """What there is; `missing` names each thing that does not work, `data.damaged` each data file."""
    versions = {name: _version(name) for name in PACKAGES}
    missing = [f"package {name}" for name, found in versions.items() if found is None]
    data = _data()
    jit = "not tried" if missing else compiler_trial.trial()
    if jit.startswith("fails"):
        missing.append(f"compiler: {jit}")
    rates = None
    if not missing and not data["damaged"]:
        try:
            rates = _rates()
        except PuccalcError as error:
            data["damaged"].append(str(error))
    return {
        "sound": not missing and not data["damaged"],
        "versions": {"python": platform.python_version(), **versions, **{name: _version(name) for name in OPTIONAL}},
        "extras": {name: not missing_modules(name) for name in EXTRAS},
        "data": data,
        "cores": os.cpu_count(),
        "threads": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "jit": jit,
        "rates": rates,
        "missing": missing,
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _data() -> dict[str, Any]:
    """The data folder, how many files its manifest lists, and what is wrong with which."""
    try:
        folder, names = str(datafiles.data_root()), sorted(datafiles.recorded_checksums())
    except DataError as error:
        return {"folder": None, "files": 0, "damaged": [str(error)]}
    damaged = []
    for name in names:
        try:
            datafiles.read_bytes(name)
        except DataError as error:
            damaged.append(str(error))
    return {"folder": folder, "files": len(names), "damaged": damaged}


def _rates() -> dict[str, Any]:
    """The newest rate of the table in use, by the rules of today; DataError where register or snapshot are refused."""
    rules = resolve.load_rules(today())
    table = rate_table.load_rate_table(rules.electric.annual_rate)
    newest = table.rows[-1]
    return {
        "first_date": table.rows[0].effective_from.isoformat(),
        "last_date": to_date(table.end_day - 1).isoformat(),
        "last_rate_percent": format_percent(newest.rate_ppm),
        "provisional": newest.source == "provisional",
    }


def _print(found: dict[str, Any]) -> None:
    data, rates = found["data"], found["rates"]
    table = terminal.Table(show_header=False, title="puccalc doctor", min_width=60)
    for name, number in found["versions"].items():
        table.add_row(name, number or ("not installed" if name in OPTIONAL else "MISSING"))
    for name, is_there in found["extras"].items():
        text = "installed" if is_there else f"not installed: pip install 'puccalc[{name}]'"
        table.add_row(f"extra {name}", terminal.Text(text))
    table.add_row("data", terminal.Text(f"{data['folder']}: {data['files']} files, {len(data['damaged'])} damaged"))
    for complaint in data["damaged"]:
        table.add_row("", terminal.Text(complaint))
    table.add_row("cores, threads", f"{found['cores']}, {found['threads']}")
    table.add_row("compiler", found["jit"])
    if rates:
        note = ", provisional" if rates["provisional"] else ""
        last = f"the last {rates['last_rate_percent']}{note}"
        table.add_row("rates", f"{rates['first_date']} through {rates['last_date']}, {last}")
    table.add_row("missing", terminal.Text("\n".join(found["missing"]) or "nothing"))
    terminal.print_tables(table)
