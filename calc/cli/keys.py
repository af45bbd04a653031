"""`puccalc keys`: make, list and revoke the API keys of a file; the store is `api.http.keys`.

A running service takes a changed file within a second. To rotate: create a second key, hand it out, revoke the first.
"""

from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from calc.cli import terminal
from calc.cli.options import Json, day, message, print_json
from calc.errors import UsageError
from calc.rules import tariff as shipped_tariffs

app = typer.Typer(
    no_args_is_help=True,
    help="API keys of the service; a file holds their hashes.",
    epilog="Example: puccalc keys create --keys keys.json --name billing",
)

File = Annotated[Path, typer.Option("--keys", metavar="FILE", help="The file of keys.")]


@app.command(epilog="Example: puccalc keys create --keys keys.json --name billing --expires 2027-12-31")
def create(
    keys: File,
    name: Annotated[str, typer.Option(help="Whom the key is for.")],
    scopes: Annotated[
        str, typer.Option(metavar="SCOPE,SCOPE", help="Some of quotes, batches, reference, metrics, register.")
    ] = "quotes,batches,reference",
    tariff: Annotated[
        str | None, typer.Option(metavar="NAME", help="The utility's shipped tariff, beside the public ones.")
    ] = None,
    expires: Annotated[
        date | None, typer.Option(parser=day, metavar="DATE", help="Last day, by local time; none if not given.")
    ] = None,
) -> None:
    """Make a key and print it, once; the file holds its hash."""
    if tariff is not None:
        known = shipped_tariffs.tariff_names("us-co")
        if tariff not in known:
            raise UsageError(f"--tariff: no such tariff is shipped; expected one of {', '.join(known)}")
    wanted = [scope.strip() for scope in scopes.split(",")]
    typer.echo(_store().create(keys, name, wanted, tariff, expires))
    message("This key is shown once. Give it as: Authorization: Bearer KEY")


@app.command("list", epilog="Example: puccalc keys list --keys keys.json")
def list_keys(keys: File, json: Json = False) -> None:
    """The keys of a file, without their hashes."""
    found = [
        {
            "id": key.id,
            "name": key.name,
            "scopes": list(key.scopes),
            "tariff": key.tariff,
            "created": key.created,
            "expires": key.expires,
            "revoked": key.revoked,
        }
        for key in _store().read(keys)
    ]
    if json:
        print_json(found)
        return
    days = (terminal.Column(name, no_wrap=True) for name in ("created", "expires", "revoked"))
    texts = (terminal.Column(name, overflow="fold") for name in ("name", "scopes", "tariff"))
    table = terminal.Table(terminal.Column("id", no_wrap=True), *texts, *days)
    for row in found:
        cells = [" ".join(value) if isinstance(value, list) else value or "" for value in row.values()]
        table.add_row(*map(terminal.Text, cells))
    terminal.print_tables(table)


@app.command(epilog="Example: puccalc keys revoke --keys keys.json --id 0123456789ab")
def revoke(keys: File, key_id: Annotated[str, typer.Option("--id", help="The key's id, as listed.")]) -> None:
    """Revoke a key at once."""
    _store().revoke(keys, key_id)
    message("Revoked.")


def _store() -> Any:  # noqa: ANN401 - the module of keys: this room is below it
    return import_module("api.http.keys")
