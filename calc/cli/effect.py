"""What `diff` of rates, rules and tariffs share: a portfolio's files, the effect on it, how it is printed and kept."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from calc import atomic_write
from calc.bulk.inputs import map_file, source
from calc.bulk.run import job as nightly_job
from calc.cli.options import day, print_json
from calc.compare import effect as portfolio_effect
from calc.report.explaining import labels, step
from calc.topics import table
from calc.topics import topic as topics
from calc.units import format_cents

if TYPE_CHECKING:
    from calc.compare.effect import Effect
    from calc.rates.computing.table import RateTable
    from calc.rules.resolve import Rules

Deposits = Annotated[
    str | None, typer.Option("--deposits", metavar="FILE", help="Show the effect on these deposits, in cents.")
]
Participants = Annotated[
    str | None, typer.Option("--participants", metavar="FILE", help="Show the effect on these participants, in cents.")
]
Map = Annotated[Path | None, typer.Option("--map", metavar="FILE", help="Map of an extract, as for run nightly.")]
AsOf = Annotated[date | None, typer.Option("--as-of", parser=day, metavar="DATE", help="The day of the figures.")]
Folder = Annotated[
    Path | None, typer.Option("--out", "-o", metavar="FOLDER", help="Write the differing rows here as Parquet.")
]
_TOPICS: Final = {"deposits": "unclaimed", "participants": "fixed-credit"}
"""By dataset, the topic that asks its rows."""


def effects(
    files: dict[str, str | None],
    mapping: Path | None,
    as_of: date,
    before: "tuple[Rules, RateTable | None]",
    after: "tuple[Rules, RateTable | None]",
) -> "dict[str, Effect]":
    """Compute the effect on each dataset of which a file is named.

    Args:
        files: What was named by dataset.
        mapping: A map of extracts.
        as_of: The day of the figures.
        before: Rules and rates of the first side.
        after: Those of the other.
    """
    mapped = map_file.load_map(mapping).datasets if mapping else {}
    found = {}
    for name, file in files.items():
        if file is None:
            continue
        topic = table.TOPICS[_TOPICS[name]]
        was, now = (topics.Question(step.Law(rules, "electric"), as_of, rates) for rules, rates in (before, after))
        rows = source.open_source(topic.dataset, file, mapped=mapped.get(name))
        found[name] = portfolio_effect.effect(topic, rows, was, now, nightly_job.available_threads())
    return found


def as_json(by_dataset: "dict[str, Effect]") -> dict[str, Any]:
    """Return effects as JSON values, in cents."""
    return {
        name: {
            "rows": each.rows_in,
            "rows_computed": each.computed,
            **{change: each.count(change) for change in ("changed", "only_before", "only_after")},
            "sums": {
                figure: {"before": was, "after": now, "difference": now - was}
                for figure, (was, now) in each.sums.items()
            },
        }
        for name, each in by_dataset.items()
    }


def print_effects(by_dataset: "dict[str, Effect]") -> None:
    """Print each dataset's counts and sums in dollars."""
    for name, each in as_json(by_dataset).items():
        typer.echo(f"{name}: {each['changed']:,} of {each['rows_computed']:,} rows change", nl=False)
        once = each["only_before"] + each["only_after"]
        typer.echo(f"; {once:,} are refused by one side alone" if once else "")
        for figure, sums in each["sums"].items():
            if sums["difference"]:
                amounts = (format_cents(sums[key]) for key in ("before", "after", "difference"))
                typer.echo("  {:<34}{:>16} -> {:>16}{:>16}".format(labels.heading(figure), *amounts))


def hand_over(by_dataset: "dict[str, Effect]", summary: dict[str, Any], out: Path | None, *, json: bool) -> bool:
    """Write and print what was found as a folder and as JSON, where these are wanted; return whether JSON was."""
    summary["effect"] = as_json(by_dataset)
    if out:
        _write(out, by_dataset, summary)
    if json:
        print_json(summary)
    return json


def _write(out: Path, by_dataset: "dict[str, Effect]", summary: dict[str, Any]) -> None:
    """Write the differing rows of each dataset and their summary into a folder."""
    atomic_write.make_folders(out)
    for name, each in by_dataset.items():
        buffer = BytesIO()
        each.rows.write_parquet(buffer, compression="zstd")
        atomic_write.write_atomically(out / f"{name}.parquet", buffer.getvalue())
    atomic_write.write_json(out / "summary.json", summary)
