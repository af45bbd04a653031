"""Build the request models of quotes and batches from a topic's fields: whole cents, ppm, ISO dates.

A row's fields are the columns of the files; a null in an optional one is its default. A quote is a row with tariff,
switches, rates and explain; a batch has these once for all of its rows. Values are not coerced, and unknown fields are
refused.
"""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, ClassVar, Final, Literal, NamedTuple, cast, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model, model_validator
from pydantic_core import PydanticCustomError

from api.http.problems import Item, items
from api.models.allowed import DAYS, MOMENTS, allowed_at
from api.models.field_types import Day, Moment, OptionalDay, OptionalMoment, Switch, SwitchValue, TariffName
from calc.columns.bills import MONTHS_MAX
from calc.columns.dataset import Column, Holds
from calc.topics.table import TOPICS
from calc.topics.topic import QuoteField, Topic
from calc.units import RATE_PPM_MAX

ROWS_MAX: Final = 10_000
RECORDS_MAX: Final = 1_000
"""Records that a row may hold."""


RowId = Annotated[
    Annotated[str, Field(max_length=100)] | int | None,
    Field(description="The caller's own id of a row, which comes back with its result."),
]
"""Type of the ids that callers give to rows of a batch."""


class Strict(BaseModel):
    """Nothing coerced, nothing unknown."""

    model_config: ClassVar[ConfigDict] = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class RateRow(Strict):
    """A yearly rate and the day from which it is in force."""

    effective_from: Day
    rate_ppm: Annotated[int, Field(ge=0, le=RATE_PPM_MAX)]


def invalid(error: ValidationError, model: type[BaseModel], prefix: str = "") -> list[Item]:
    """Build the error items of a value that a model refuses.

    Args:
        error: The model's error.
        model: The model.
        prefix: JSON pointer to the value; "" for the body.
    """
    known = frozenset(model.model_fields) | RateRow.model_fields.keys() | _names_in_records(model)
    return items(error.errors(include_url=False), known, prefix, partial(allowed_at, model))


def _names_in_records(model: type[BaseModel]) -> set[str]:
    """Return the field names of the records in a model's lists."""
    held = (get_args(field.annotation) for field in model.model_fields.values())
    return {name for kinds in held for kind in kinds if _is_record(kind) for name in kind.model_fields}


def _is_record(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Record)


class Record(Strict):
    """One of several records that a row holds."""


class Options(Strict):
    """The reading of the rules: the jurisdiction, the utility's tariff by its shipped name, and switches."""

    choices: ClassVar[tuple[str, ...]] = ()

    jurisdiction: Annotated[
        str,
        Field(max_length=64, pattern=r"^[a-z0-9-]+$", description="Whose rules: an id of /v1/jurisdictions."),
    ] = "us-co"
    tariff: TariffName = "default"
    switches: dict[Switch, SwitchValue] = {}


class RateOptions(Options):
    """Rates instead of the shipped ones: one flat rate, or a table by ascending effective date."""

    rate_ppm: Annotated[int | None, Field(ge=0, le=RATE_PPM_MAX)] = None
    rates: Annotated[tuple[RateRow, ...] | None, Field(min_length=1, max_length=200)] = None

    @model_validator(mode="before")
    @classmethod
    def _listed(cls, data: Any) -> Any:  # noqa: ANN401 - whatever was sent
        """Convert a list, which is what a JSON array is read as, to the tuple that strict validation asks for."""
        if isinstance(data, dict) and isinstance(data.get("rates"), list):
            return {**data, "rates": tuple(data["rates"])}
        return data

    @model_validator(mode="after")
    def _one_of_both(self) -> "RateOptions":
        if self.rate_ppm is not None and self.rates is not None:
            raise _conflict("rate_ppm and rates are both given: keep one of them")
        days = [row.effective_from for row in self.rates or ()]
        if days != sorted(set(days)):
            raise _conflict("rates are not by ascending effective_from")
        return self


class ChoiceOptions(Options):
    """Fields that set the switch of their name."""

    @model_validator(mode="after")
    def _one_of_both(self) -> "ChoiceOptions":
        for name in self.choices:
            value = getattr(self, name)
            if value is not None and self.switches.get(cast("Any", name), value) != value:
                raise _conflict(f"{name} and the switch {name} differ: keep one of them")
        return self


class CountedRow(Strict):
    """A row with fields that say nothing without another one, from which they are counted."""

    counted_from: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    @model_validator(mode="after")
    def _counted(self) -> "CountedRow":
        for start, names in self.counted_from.items():
            if getattr(self, start) is None and any(getattr(self, name) is not None for name in names):
                raise _conflict(f"{' and '.join(names)} are counted from {start}: give it")
        return self


class Quote(Strict):
    """One row, with its working or without."""

    explain: Annotated[bool, Field(description="Whether the answer has its working.")] = False


class Models(NamedTuple):
    """Hold the models of a topic: a row, a quote of one row, a batch, and the options that a batch has once."""

    row: type[BaseModel]
    quote: type[Any]
    batch: type[BaseModel]
    options: type[Options]


def stem_of(topic: Topic) -> str:
    """Return the prefix of the names of a topic's models."""
    return topic.name.title().replace("-", "")


def models_of(topic: Topic) -> Models:
    """Build a topic's models; bounds, words, defaults and descriptions are those of its columns."""
    stem = stem_of(topic)
    counted_from: dict[str, tuple[str, ...]] = {}
    for each in topic.fields():
        if each.counted_from:
            counted_from[each.counted_from] = (*counted_from.get(each.counted_from, ()), each.name)
    fields: dict[str, Any] = {each.name: _field(each) for each in topic.fields()}
    base = CountedRow if counted_from else Strict
    row = create_model(f"{stem}Figures", __base__=base, __doc__=topic.row_meaning, **fields)
    if issubclass(row, CountedRow):
        row.counted_from = counted_from
    options: type[Options] = RateOptions if topic.rests_on_rates else Options
    if topic.choices:
        choices: dict[str, Any] = {each.name: (_nullable(each.column), None) for each in topic.choices}
        options = create_model(f"{stem}Options", __base__=ChoiceOptions, **choices)
        options.choices = tuple(choices)
    quote = create_model(
        f"{stem}Quote", __base__=(Quote, options, row), __doc__=f"{topic.meaning}: a quote of one row."
    )
    own: dict[str, Any] = {"id": (RowId, None)}
    with_id = create_model(f"{stem}Row", __base__=row, __doc__=topic.row_meaning, **own)
    rows: dict[str, Any] = {"rows": (Annotated[list[with_id], Field(max_length=ROWS_MAX)], ...)}  # type: ignore[valid-type]  # a model made above, which mypy cannot know as a type
    batch = create_model(f"{stem}Batch", __base__=options, __doc__=f"{topic.meaning}: many rows.", **rows)
    return Models(row, quote, batch, options)


def _field(field: QuoteField) -> tuple[Any, Any]:
    column = field.column
    kind = _nullable(column) if column.nullable else Annotated[_kind(column), Field(description=_meaning(column))]
    return kind, ... if field.needed else field.default


def _nullable(column: Column) -> Any:  # noqa: ANN401 - a type form made at run time; mypy has no name for it
    """Return the type of a column's values, or null."""
    special = {Holds.DATE: OptionalDay, Holds.MOMENT: OptionalMoment}
    kind = special[column.holds] if column.holds in special else _kind(column) | None
    return Annotated[kind, Field(description=_meaning(column))]


def _meaning(column: Column) -> str:
    written = {Holds.DATE: DAYS, Holds.MOMENT: MOMENTS}.get(column.holds)
    return f"{column.meaning} {written}" if written else column.meaning


def _kind(column: Column) -> Any:  # noqa: ANN401 - a type
    """Return the type of a column's values."""
    kind: Any = Annotated[int, Field(ge=column.lowest, le=column.highest)]
    match column.holds:
        case Holds.DATE | Holds.MOMENT:
            kind = Day if column.holds is Holds.DATE else Moment
        case Holds.WORD:
            kind = Literal[column.words]
        case Holds.FLAG:
            kind = bool
        case Holds.BILLS:
            kind = Annotated[list[kind], Field(min_length=1, max_length=MONTHS_MAX)]
        case Holds.RECORDS:
            kind = Annotated[list[_record(column)], Field(max_length=RECORDS_MAX)]  # type: ignore[misc]  # a model made here
        case Holds.TEXT:
            kind = Annotated[str, Field(pattern=column.pattern or None)]
    return kind


def _record(column: Column) -> type[Record]:
    """Build the model of one of a column's records."""
    stem = column.name.removesuffix("s").replace("_", " ").title().replace(" ", "")
    fields: dict[str, Any] = {
        each.name: (_nullable(each), None) if each.nullable else (_kind(each), ...) for each in column.parts
    }
    return create_model(f"{stem}Record", __base__=Record, __doc__=column.meaning, **fields)


MODELS: Final = {name: models_of(topic) for name, topic in TOPICS.items()}
"""The models of every topic by its name in paths."""


def _conflict(text: str) -> PydanticCustomError:
    return PydanticCustomError("conflict", "fields conflict", {"text": text})
