"""`puccalc audit`: another's interest against ours, row by row, and the reading of the rules that explains it best."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from calc import atomic_write
from calc.bulk.inputs import map_file, source
from calc.bulk.run import job as nightly_job
from calc.cli.options import Json, day, parse_switches, print_json, word
from calc.compare import audit as comparison
from calc.compare import readings as compared_readings
from calc.rates.computing import table as rate_table
from calc.rules import resolve
from calc.units import format_cents

if TYPE_CHECKING:
    import polars as pl

    from calc.compare.audit import Audit

_SHOWN: Final = 5
"""Readings that are shown on a terminal."""
_RESULTS: Final = ("interest_cents", "interest_due_cents", "base_interest_cents", "surcharge_interest_cents")


def audit(
    deposits: Annotated[str, typer.Option(metavar="FILE", help="Deposits with another's interest in a column.")],
    as_of: Annotated[date, typer.Option(parser=day, metavar="DATE", help="The day through which interest runs.")],
    theirs: Annotated[
        str, typer.Option(metavar="COLUMN", help="Their column: cents if its name ends in _cents, else dollars.")
    ],
    *,
    ours: Annotated[
        str, typer.Option(parser=word(_RESULTS), metavar="RESULT", help=f"Our figure: {', '.join(_RESULTS)}.")
    ] = "interest_cents",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FOLDER", help="Write audit, readings and refused rows here.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="Map of an extract, as for run nightly.")
    ] = None,
    tariff: Annotated[str, typer.Option(metavar="NAME|FILE", help="The utility's tariff.")] = "default",
    switches: Annotated[
        list[str] | None, typer.Option("--set", metavar="SWITCH=VALUE", help="The reading in force; repeatable.")
    ] = None,
    json: Json = False,
) -> None:
    """Compare another's interest with ours, to the cent, and name the reading that reproduces most rows."""
    rules = resolve.load_rules(as_of, switches=parse_switches(switches), tariff=tariff)
    dataset = comparison.audited_dataset(theirs)
    mapped = map_file.load_map(mapping).datasets.get("deposits") if mapping else None
    if mapped:
        mapped = comparison.mapped_too(mapped, dataset)
    found = comparison.audit(
        source.open_source(dataset, deposits, mapped=mapped),
        list(compared_readings.readings(rules, rate_table.load_rate_table(rules.electric.annual_rate), tariff)),
        as_of,
        ours,
        nightly_job.available_threads(),
    )
    shown = _summary(found, as_of, ours)
    if out:
        _write(out, found, shown)
    if json:
        print_json(shown)
        return
    _print(shown, out)


def _summary(found: "Audit", as_of: date, ours: str) -> dict[str, Any]:
    rows, best = found.rows, found.readings.row(0, named=True)
    return {
        "as_of": as_of.isoformat(),
        "ours": ours,
        "rows": rows.height,
        "equal_rows": found.equal_rows,
        "blank_rows": found.blank_rows,
        "refused_rows": found.refused.height,
        "reasons": dict(found.reasons),
        "theirs_cents": sum(rows["theirs_cents"].to_list()),
        "ours_cents": sum(rows["ours_cents"].to_list()),
        "difference_cents": sum(rows["difference_cents"].to_list()),
        "best_reading": best["reading"],
        "best_share": best["share"],
        "readings": found.readings.to_dicts(),
    }


def _write(out: Path, found: "Audit", shown: dict[str, Any]) -> None:
    atomic_write.make_folders(out)
    frames = {"audit": found.rows, "readings": found.readings, "refused": found.refused}
    for name, frame in frames.items():
        if frame.width:
            atomic_write.write_atomically(out / f"{name}.parquet", _parquet(frame))
        else:
            (out / f"{name}.parquet").unlink(missing_ok=True)
    atomic_write.write_json(out / "summary.json", {key: each for key, each in shown.items() if key != "readings"})


def _parquet(frame: "pl.DataFrame") -> bytes:
    buffer = BytesIO()
    frame.write_parquet(buffer, compression="zstd")
    return buffer.getvalue()


def _print(shown: dict[str, Any], out: Path | None) -> None:
    typer.echo(
        f"{shown['rows']:,} deposits compared, {shown['equal_rows']:,} equal to the cent; theirs "
        f"{format_cents(shown['theirs_cents'])}, ours {format_cents(shown['ours_cents'])}, difference "
        f"{format_cents(shown['difference_cents'])}"
    )
    if shown["blank_rows"]:
        typer.echo(f"{shown['blank_rows']:,} rows have no figure of theirs")
    if shown["refused_rows"]:
        reasons = ", ".join(f"{code} {count:,}" for code, count in shown["reasons"].items())
        typer.echo(f"{shown['refused_rows']:,} rows cannot be computed: {reasons}")
    typer.echo("Readings that reproduce most rows:")
    for each in shown["readings"][:_SHOWN]:
        typer.echo(f"  {each['equal_rows']:>12,} of {each['rows']:,}  {each['reading']}")
    if out:
        typer.echo(f"Written to {out}: audit.parquet, readings.parquet, summary.json")
