"""A process of its own in which the made-up topic is one of the table: asks every way in, prints what each says."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pyarrow as pa

import calc
from calc.topics import table
from tests.topics import late_charge

table.TOPICS[late_charge.TOPIC.name] = late_charge.TOPIC  # the line that a new topic takes in calc/topics/table.py

from api.answering.arrow import MEDIA_TYPE  # noqa: E402 - the table first: the service is made of it
from api.models.examples import BATCHES, QUOTES  # noqa: E402 - as above
from calc.bulk.publish.results import read_results  # noqa: E402 - as above
from calc.bulk.reconcile.check import check_output  # noqa: E402 - as above
from calc.cli import main  # noqa: E402 - as above
from calc.cli.columns import contract_with_map_keys  # noqa: E402 - as above
from tests.api.client import Service  # noqa: E402 - as above

DEPOSIT = (
    "deposit_id,account_id,service,principal_cents,received_date,paid_date,remitted_date,service_ended_date,"
    "order_payable_date\nD,A,gas,20000,2024-01-01,,,,\n"
)


DUE = {"past_due_cents": 12_345, "as_of_date": "2026-09-30"}
PAID = [{"date": "2026-09-01", "amount_cents": 2_000}, {"date": "2026-09-02", "amount_cents": 345, "way": "cash"}]


def night() -> dict[str, Any]:
    """A nightly run of one deposit and three balances, two of them with the same key."""
    with TemporaryDirectory() as folder:
        at = Path(folder)
        frame = pl.DataFrame(
            {"account_id": ["A", "B", "C", "C"], "service": ["gas"] * 4, "past_due_cents": [12_345, 200, 1, 1]}
        )
        frame.write_parquet(at / "balances.parquet")
        (at / "deposits.csv").write_text(DEPOSIT, "utf-8")
        words = ["run", "nightly", "--as-of", "2026-09-30", "--deposits", str(at / "deposits.csv")]
        words += ["--balances", str(at / "balances.parquet"), "--out", str(at / "out")]
        words += ["--max-bad-share", "1", "--json"]
        rehearsed = json.loads(printed([*words, "--dry-run"]))
        manifest = json.loads(printed(words))
        check = check_output(at / "out")
        return {
            "results": read_results(at / "out", "balances").collect().to_dicts(),
            "totals": manifest["control_totals"]["balances"],
            "reasons": manifest["quarantine"]["balances"]["reasons"],
            "differences": list(check.differences),
            "rehearsed": rehearsed["datasets"]["balances"],
            "help": printed(["run", "nightly", "--help"]),
        }


def printed(words: list[str], *, to_stderr: bool = False) -> str:
    """What a command prints."""
    redirect = redirect_stderr if to_stderr else redirect_stdout
    with redirect(io.StringIO()) as told, suppress(SystemExit):
        main([*words, "--progress", "none"] if words[0] == "run" and "--json" in words else words)
    return told.getvalue()


def answers() -> dict[str, Any]:
    service = Service()
    name = late_charge.TOPIC.name
    form = service.get(f"/calculators/{name}")
    sent = service.ask(
        "POST", f"/calculators/{name}", data={"past_due": "123.45", "as_of": "09/30/2026"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )  # fmt: skip
    frame = pl.DataFrame({"account_id": ["A", "B"], "service": ["gas", "gas"], "past_due_cents": [12_345, -1]})
    buffer = io.BytesIO()
    arrow = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    with pa.ipc.new_stream(buffer, arrow.schema) as stream:
        stream.write_table(arrow)
    rows = pl.read_ipc_stream(service.send(f"/v1/batches/{name}", buffer.getvalue(), MEDIA_TYPE).content)
    document = service.get("/openapi.json").json()["components"]["schemas"]
    return {
        "quote": service.post(f"/v1/quotes/{name}", QUOTES[name]["explained"]["value"]).json(),
        "refused": service.post(f"/v1/quotes/{name}", {"past_due_cents": 1, "share_ppm": 60_000}).json()["errors"],
        "batch": service.post(f"/v1/batches/{name}", BATCHES[name]["rows"]["value"]).json(),
        "arrow": rows.select("charge_cents", "reasons").to_dicts(),
        "described": document["LateChargeRow"]["properties"]["past_due_cents"]["description"],
        "form": form.text,
        "page": sent.text,
        "night": night(),
        "asked": json.loads(
            printed(["quote", name, "--past-due", "123.45", "--share", "1.5", "--as-of", "2026-09-30", "--json"])
        ),
        "option": printed(["quote", name, "--past-due", "123.45", "--share", "6"], to_stderr=True),
        "paid": json.loads(
            printed(
                [
                    *["quote", name, "--past-due", "123.45", "--as-of", "2026-09-30", "--json"],
                    *["--payment", "2026-09-01,20.00", "--payment", "2026-09-02,3.45,cash"],
                    *["--payment", "2026-10-01,check"],  # after the day: it has not happened
                ]
            )
        ),
        "payment": [
            printed(["quote", name, "--past-due", "123.45", "--payment", text], to_stderr=True)
            for text in ("2026-09-01,7x.00", "cash", "2026-09-01,1.00,cash,gift")
        ],
        "paid_over_http": service.post(f"/v1/quotes/{name}", {**DUE, "payments": PAID}).json(),
        "wrong_over_http": service.post(
            f"/v1/quotes/{name}", {**DUE, "payments": [{"date": "2026-09-01", "way": "gift"}]}
        ).json()["errors"],
        "paid_on_the_page": service.ask(
            "POST",
            f"/calculators/{name}",
            headers={"Sec-Fetch-Site": "same-origin"},
            data={"past_due": "123.45", "as_of": "09/30/2026", "payments": "09/01/2026,20.00\n09/02/2026, 3.45, cash"},
        ).text,
        "wrong_on_the_page": service.ask(
            "POST",
            f"/calculators/{name}",
            headers={"Sec-Fetch-Site": "same-origin"},
            data={"past_due": "123.45", "payments": "yesterday,20.00"},
        ).text,
        "quote_help": printed(["quote", name, "--help"]),
        "notebook": calc.late_charge(frame.head(1), as_of="2026-09-30").results.to_dicts(),
        "notebook_help": calc.late_charge.__doc__,
        "columns": contract_with_map_keys("balances")["datasets"]["balances"],
    }


print(json.dumps(answers()))  # noqa: T201 - what the test reads
