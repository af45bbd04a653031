"""`puccalc columns`: the contract of columns, words, reasons and map keys."""

from typing import Annotated, Any

import typer

from calc.cli.options import Json, print_json, print_tables, run_uncompiled
from calc.errors import UsageError


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
    from calc.columns.description import markdown, tables_of  # noqa: PLC0415 - loads Polars

    found = contract_with_map_keys(dataset)
    if json:
        print_json(found)
    elif as_markdown:
        typer.echo(markdown(found), nl=False)
    else:
        from rich.table import Table  # noqa: PLC0415 - only for a person's output

        tables = []
        for title, heads, rows in tables_of(found):
            table = Table(title=title, title_justify="left")
            for place, head in enumerate(heads):
                table.add_column(head, no_wrap=place == 0)
            for row in rows:
                table.add_row(*row)
            tables.append(table)
        print_tables(*tables)


def contract_with_map_keys(dataset: str | None = None) -> dict[str, Any]:
    """The contract of one dataset or of all, with the keys of a map; UsageError where there is no such dataset."""
    from calc.bulk.map_file import KEYS  # noqa: PLC0415 - loads Polars
    from calc.columns.contract import EVERY  # noqa: PLC0415 - as above
    from calc.columns.description import contract_of  # noqa: PLC0415 - as above

    if dataset is not None and dataset not in EVERY:
        raise UsageError(f"DATASET: no such dataset; give one of {', '.join(EVERY)}")
    return {**contract_of(EVERY if dataset is None else [dataset]), "map_keys": dict(KEYS)}
