"""`puccalc diff`: two published nights, row by row: what is new, gone or changed, by cause, in cents."""

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from calc import atomic_write
from calc.cli.options import Json, print_json
from calc.compare import nights
from calc.units import format_cents

if TYPE_CHECKING:
    from calc.compare.nights import DatasetDiff

_CHANGES: Final = ("new", "gone", "changed")
_NIGHT: Final = "Output folder of a nightly run, or a run's folder in its runs/."


def diff(
    before: Annotated[Path, typer.Argument(metavar="DIR_A", help=_NIGHT)],
    after: Annotated[Path, typer.Argument(metavar="DIR_B", help="The night that is compared with it.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FOLDER", help="Write the differing rows here as Parquet.")
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Compare two nights: rows new, gone and changed, by cause, in cents; the sums tie to both nights' control totals.

    Exit 4 where they do not tie.
    """
    first, second = nights.night(before), nights.night(after)
    found = nights.compare(first, second)
    shown = {
        "before": first.manifest["run_id"],
        "after": second.manifest["run_id"],
        "basis": {
            name: {"before": was, "after": now} for name, (was, now) in nights.basis_changes(first, second).items()
        },
        "datasets": {name: _shown(each) for name, each in found.items()},
    }
    if out:
        _write(out, found, shown)
    if json:
        print_json(shown)
    else:
        _print(shown, out)


def _shown(of: "DatasetDiff") -> dict[str, Any]:
    causes = of.causes.to_dicts()
    rows = {change: sum(each["rows"] for each in causes if each["change"] == change) for change in _CHANGES}
    return {"rows": rows, "before": dict(of.before), "after": dict(of.after), "causes": causes}


def _write(out: Path, found: "dict[str, DatasetDiff]", shown: dict[str, Any]) -> None:
    atomic_write.make_folders(out)
    for name, each in found.items():
        buffer = BytesIO()
        each.rows.write_parquet(buffer, compression="zstd")
        atomic_write.write_atomically(out / f"{name}.parquet", buffer.getvalue())
    atomic_write.write_json(out / "summary.json", shown)


def _print(shown: dict[str, Any], out: Path | None) -> None:
    typer.echo(f"{shown['before']} against {shown['after']}")
    for name, pair in shown["basis"].items():
        if not isinstance(pair["before"], dict):
            typer.echo(f"{name}: was {pair['before']}, is {pair['after']}")
            continue
        keys = [key for key in {**pair["before"], **pair["after"]} if pair["before"].get(key) != pair["after"].get(key)]
        typer.echo(f"{name}: {', '.join(keys)} differ")
    for name, each in shown["datasets"].items():
        counts = ", ".join(f"{count:,} {change}" for change, count in each["rows"].items())
        typer.echo(f"{name}: {counts}")
        for cause in each["causes"]:
            amounts = ", ".join(
                f"{figure.removesuffix('_cents').replace('_', ' ')} {format_cents(cents)}"
                for figure, cents in cause.items()
                if figure.endswith("_cents") and cents
            )
            typer.echo(f"  {cause['rows']:>12,}  {cause['cause']}: {amounts or 'no cents'}")
    if out:
        typer.echo(f"Written to {out}: the differing rows of each dataset, summary.json")
