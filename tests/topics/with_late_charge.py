"""A process of its own in which the made-up topic is one of the table: asks every way in, prints what each says."""

import io
import json
from typing import Any

import polars as pl
import pyarrow as pa

from calc.topics import table
from tests.topics import late_charge

table.TOPICS[late_charge.TOPIC.name] = late_charge.TOPIC  # the line that a new topic takes in calc/topics/table.py

from api.arrow import MEDIA_TYPE  # noqa: E402 - the table first: the service is made of it
from api.examples import BATCHES, QUOTES  # noqa: E402 - as above
from calc.cli.columns import contract_with_map_keys  # noqa: E402 - as above
from tests.api.client import Service  # noqa: E402 - as above


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
        "columns": contract_with_map_keys("balances")["datasets"]["balances"],
    }


print(json.dumps(answers()))  # noqa: T201 - what the test reads
