"""Build models of the answers for the OpenAPI document; answers themselves are written without them."""

from typing import Annotated, Any, ClassVar, Final, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, create_model

from api.http.problems import CODES
from api.models.explanation import SCHEMA, ExplanationStep
from api.models.schemas import RowId, stem_of
from calc.columns.dataset import Holds, Result
from calc.topics.table import TOPICS
from calc.topics.topic import Topic


class _Closed(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", defer_build=True)


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
    """What bars what is asked for, or speaks against it."""

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


_VERSION: Final = "SHA-256 of the rules in force: another one where a rule or a value changed"
_RULES: Final[dict[str, Any]] = {
    "jurisdiction": (Annotated[str, Field(description="Whose rules: an id of /v1/jurisdictions.")], ...),
    "rules_version": (Annotated[str, Field(description=f"{_VERSION}.")], ...),
}


def quote_answer(topic: Topic) -> type[BaseModel]:
    """Build the model of a topic's answer to a quote."""
    fields = (
        _figures(topic)
        | _RULES
        | {
            "provisional": (bool, ...),
            "tariff": (str, ...),
            "switches": (dict[str, str], ...),
            "provenance": (Provenance, ...),
            "steps": (Annotated[list[ExplanationStep], Field(description="The working; only with explain.")], []),
            "steps_schema": (
                Annotated[Literal[SCHEMA], Field(description="Name and version of the steps; only with explain.")],
                SCHEMA,
            ),
        }
    )
    return create_model(f"{stem_of(topic)}Answer", __base__=_Closed, **fields)


def batch_answer(topic: Topic) -> type[BaseModel]:
    """Build the model of a topic's answer to a batch of JSON rows."""
    figures = _figures(topic) | {"provisional": (bool, ...), "rules_on": (str, ...)}
    result: Any = create_model(f"{stem_of(topic)}Result", __base__=_Closed, **figures)
    parts: dict[str, Any] = {
        "index": (int, ...),
        "id": (RowId, None),
        "result": (result, None),
        "errors": (list[Error], []),
    }
    item: Any = create_model(f"{stem_of(topic)}Item", __base__=_Closed, **parts)
    fields: dict[str, Any] = {
        "rows": (int, ...),
        "refused": (int, ...),
        "jurisdiction": _RULES["jurisdiction"],
        "rules_version": (
            Annotated[str | None, Field(description=f"{_VERSION}; null where every row is refused.")],
            ...,
        ),
        "tariff": (str, ...),
        "switches": (dict[str, str], ...),
        "provenance": (Provenance | None, ...),
        "results": (list[item], ...),
    }
    return create_model(f"{stem_of(topic)}BatchAnswer", __base__=_Closed, **fields)


class Paid(_Closed):
    """Who is paid which share of a remittance."""

    payee: str
    share_ppm: int
    amount_cents: int


_MORE: Final = {"text": str, "grounds": list[Ground], "payees": list[Paid]}
"""Types of what a topic's answer has besides the results of its dataset."""


def _figures(topic: Topic) -> dict[str, Any]:
    ids = {column.name for column in topic.dataset.columns if column.holds is Holds.TEXT}
    found: dict[str, Any] = {}
    for result in topic.dataset.declared_results:
        if result.name in ids:
            continue
        kind = _kind(result, topic)
        if (result.nullable and result.dtype != pl.String) or result.name in topic.unknown_results:
            kind |= None
        found[result.name] = (Annotated[kind, Field(description=result.meaning)], ...)
        if result.name.endswith("_cents"):
            dollars = result.name.removesuffix("_cents")
            found[dollars] = (list[str] if isinstance(result.dtype, pl.List) else str, ...)
    found |= {name: (_MORE[kind], ...) for name, kind in topic.more_results.items()}
    found |= {name: (_MORE[kind], []) for name, kind in topic.may_have.items()}
    if topic.day_source:
        found |= {"as_of_date": (str, ...), "as_of_source": (str, ...)}
    return found


def _kind(result: Result, topic: Topic) -> Any:  # noqa: ANN401 - a type
    """Return the type of a result in JSON."""
    dtype = result.dtype
    if result.type.of and result.type.of.fields:
        parts: dict[str, Any] = {}
        for name, kind in result.type.of.fields:
            parts[name] = (_kind(Result(name, kind, ""), topic), ...)
            if name.endswith("_cents"):
                parts[name.removesuffix("_cents")] = (str, ...)
        record: Any = create_model(f"{stem_of(topic)}{result.name.title()}", __base__=_Closed, **parts)
        return list[record]
    if isinstance(dtype, pl.List):
        return list[str] if dtype.inner == pl.String else list[int]
    if dtype == pl.Boolean:
        return bool
    return int if dtype in {pl.Int64, pl.Int32} else str


QUOTE_ANSWERS = {name: quote_answer(topic) for name, topic in TOPICS.items()}
BATCH_ANSWERS = {name: batch_answer(topic) for name, topic in TOPICS.items()}
