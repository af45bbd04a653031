"""`puccalc columns`: the contract of columns, words, reasons and map keys."""

from typing import Annotated, Any

import typer

from calc.bulk.inputs import map_table
from calc.cli import terminal
from calc.cli.options import Json, print_json, run_uncompiled
from calc.columns import contract, description
from calc.errors import UsageError
from calc.topics import table


def columns(
    dataset: Annotated[
        str | None, typer.Argument(metavar="DATASET", help="Name of a dataset; by default all of them.")
    ] = None,
    *,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print Markdown, as docs/columns.md has it.")
    ] = False,
    json: Json = False,
) -> None:  # fmt: skip
    """Print every column: type, bounds, words, meaning; results, statuses, reasons, and the keys of a map."""
    run_uncompiled()
    found = contract_with_map_keys(dataset)
    if json:
        print_json(found)
    elif as_markdown:
        typer.echo(description.markdown(found), nl=False)
    else:
        tables = []
        for title, heads, rows in description.tables_of(found):
            shown = terminal.Table(title=title, title_justify="left")
            for place, head in enumerate(heads):
                shown.add_column(head, no_wrap=place == 0)
            for row in rows:
                shown.add_row(*row)
            tables.append(shown)
        terminal.print_tables(*tables)


def contract_with_map_keys(dataset: str | None = None) -> dict[str, Any]:
    """The contract of one dataset or of all, with the keys of a map.

    Args:
        dataset: name of a dataset, the nightly run's or a topic's; by default all of them.

    Raises:
        UsageError: there is no such dataset.
    """
    datasets = dict(contract.EVERY)
    for topic in table.TOPICS.values():
        datasets.setdefault(topic.dataset.name, topic.dataset)
    if dataset is not None and dataset not in datasets:
        raise UsageError(f"DATASET: no such dataset; give one of {', '.join(datasets)}")
    chosen = datasets if dataset is None else {dataset: datasets[dataset]}
    return {**description.contract_of(chosen), "map_keys": dict(map_table.KEYS)}
