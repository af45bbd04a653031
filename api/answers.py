"""What answers hold, for the OpenAPI document; the answers themselves are written without these models."""

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, create_model

from api.problems import CODES
from api.topics import TOPICS, Topic
from calc.columns.contract import ACCOUNTS, DEPOSITS, INTEREST, PARTICIPANTS

_RESULTS = {"interest": INTEREST, "unclaimed": DEPOSITS, "deposit-limit": ACCOUNTS, "fixed-credit": PARTICIPANTS}
_IDS = ("deposit_id", "account_id", "participant_id")


class _Closed(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


class Provenance(_Closed):
    """What a result rests on; with it, it can be computed again."""

    version: str
    jurisdiction: str
    rules_on: str
    rules_sha256: str
    tariff_title: str
    tariff_sha256: str
    rates: str | None
    rates_sha256: str | None


class Ground(_Closed):
    """What bars a deposit."""

    ground: str
    citation: str
    quote: str


class Error(_Closed):
    """One error: a JSON pointer into the body, a code, a text."""

    pointer: str
    code: Annotated[str, Field(json_schema_extra={"enum": sorted(CODES)})]
    detail: str


class ProblemDetails(_Closed):
    """A refusal, RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Error]


def quote_answer(topic: Topic) -> type[BaseModel]:
    """The model of a topic's answer to a quote."""
    fields = _figures(topic) | {
        "provisional": (bool, ...),
        "tariff": (str, ...),
        "switches": (dict[str, str], ...),
        "provenance": (Provenance, ...),
        "steps": (Annotated[list[dict[str, Any]], Field(description="The working; only with explain.")], []),
    }
    return create_model(f"{_stem(topic)}Answer", __base__=_Closed, **fields)


def batch_answer(topic: Topic) -> type[BaseModel]:
    """The model of a topic's answer to a batch of JSON rows."""
    figures = _figures(topic) | {"provisional": (bool, ...), "rules_on": (str, ...)}
    result: Any = create_model(f"{_stem(topic)}Result", __base__=_Closed, **figures)
    parts: dict[str, Any] = {"index": (int, ...), "result": (result, None), "errors": (list[Error], [])}
    item: Any = create_model(f"{_stem(topic)}Item", __base__=_Closed, **parts)
    fields: dict[str, Any] = {
        "rows": (int, ...),
        "refused": (int, ...),
        "tariff": (str, ...),
        "switches": (dict[str, str], ...),
        "provenance": (Provenance | None, ...),
        "results": (list[item], ...),
    }
    return create_model(f"{_stem(topic)}BatchAnswer", __base__=_Closed, **fields)


def _stem(topic: Topic) -> str:
    return topic.quote.__name__.removesuffix("Quote")


def _figures(topic: Topic) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, dtype in _RESULTS[topic.name].results.items():
        if name in _IDS:
            continue
        text = str(dtype)
        kind: Any = int
        if text.startswith("List"):
            kind = list[str] if "String" in text else list[int]
        elif text.startswith(("String", "Enum", "Date")):
            kind = str
        elif text == "Boolean":
            kind = bool
        if text == "Date" or name in {"return_due", "guideline_year"}:
            kind |= None
        found[name] = (kind, ...)
        if name.endswith("_cents"):
            found[name.removesuffix("_cents")] = (list[str] if text.startswith("List") else str, ...)
    if topic.name == "deposit-limit":
        found |= {"estimate": (str, ...), "barred": (list[Ground], ...)}
    if topic.name in {"deposit-limit", "fixed-credit"}:
        found |= {"as_of_date": (str, ...), "as_of_source": (str, ...)}
    return found


QUOTE_ANSWERS = {name: quote_answer(topic) for name, topic in TOPICS.items()}
BATCH_ANSWERS = {name: batch_answer(topic) for name, topic in TOPICS.items()}
