"""Answer batches that are Arrow IPC streams: a dataset's columns in, its results out, in the same order.

The whole body has been read, and is not trusted: accepted are uncompressed record batches (a compressed one may unpack
to any size) of plain columns that the dataset has. Options are in the query, which holds no household's figure. A
refused row has nulls, its reasons and, for each reason, the columns that it is about and what is allowed there. The
schema's metadata hold the provenance.
"""

import io
import json
import os
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Final, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
from pydantic import Field, ValidationError

from api.answering import law, topics
from api.answering.arrow_columns import ROW_ID, check_columns, check_schema, wrong_columns
from api.answering.arrow_messages import BadMessageError, check_messages
from api.answering.topics import with_version
from api.http.problems import Item, Problem
from api.models.field_types import OptionalDay, Service
from api.models.schemas import RateOptions, invalid
from calc.columns.dataset import Dataset, Holds
from calc.columns.evaluation import Evaluation
from calc.columns.plain import plain_frame
from calc.columns.refusals import names_in, refused_rows
from calc.errors import ColumnError
from calc.kernels.arrays import Int64
from calc.report.explaining.provenance import provenance
from calc.topics.topic import Question, Topic
from calc.units import FIRST_DAY, LAST_DAY, to_date, to_day

MEDIA_TYPE: Final = "application/vnd.apache.arrow.stream"
_PART_ROWS: Final = 65_536


class ArrowOptions(RateOptions):
    """Hold the options of an Arrow batch; `through_date` or `as_of_date` is the date of all rows."""

    service: Service = "electric"
    through_date: OptionalDay = None
    as_of_date: OptionalDay = None
    rates: Annotated[None, Field()] = None


class Calculated(NamedTuple):
    """Hold a result row for every input row, and what they rest on."""

    frame: pl.DataFrame
    rests_on: dict[str, Any]


def options(query: list[tuple[str, str]]) -> ArrowOptions:
    """Parse the options of a query.

    Args:
        query: Names and values; `set=SWITCH=VALUE` may be repeated.

    Raises:
        Problem: An option is unknown, invalid or given twice.
    """
    values: dict[str, Any] = {}
    switches: dict[str, str] = {}
    for name, value in query:
        kept, key, text = (values, name, value)
        if name == "set":
            key, _, text = value.partition("=")
            kept = switches
        if key in kept:
            raise Problem("invalid-values", [Item("", "conflict", "the query gives the same twice")])
        kept[key] = text
    rate = values.get("rate_ppm", "")
    if rate.isascii() and rate.isdecimal() and len(rate) < 10:
        values["rate_ppm"] = int(rate)
    try:
        return ArrowOptions.model_validate({**values, "switches": switches})
    except ValidationError as error:
        raise Problem("invalid-values", invalid(error, ArrowOptions)) from None


def calculate(topic: Topic, frame: pl.DataFrame, query: ArrowOptions) -> Calculated:
    """Calculate the rows of a frame.

    Args:
        topic: The topic.
        frame: Columns of the dataset, as an Arrow stream or CSV has them, and the caller's own ids in ROW_ID.
        query: Options of the query.

    Returns:
        A result row for every input row, in their order; nulls and reasons where a row is refused. Keys and ids are
        those of the input.

    Raises:
        Problem: A column is missing, or of a type that cannot hold its values.
    """
    dataset = topic.dataset
    keys = plain_frame(frame.select(name for name in _keys(topic) if name in frame.columns))
    frame = frame.drop(ROW_ID, strict=False)
    options = topics.resolve(query)
    on = _day(topic, query, frame)
    own = options.law(on, query.service)
    options.required(topic, own)
    rates = options.table(own) if topic.rests_on_rates else None
    check_columns(frame, dataset)
    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    try:
        evaluation = topic.evaluate(frame, Question(own, on, rates, law.guidelines), threads, None)
    except ColumnError as error:
        raise Problem("invalid-values", wrong_columns(dataset, error.columns)) from None
    name = options.rates_name if rates else ""
    provisional_from = rates.provisional_from_day if rates else None
    provisional = provisional_from is not None and to_day(on) > provisional_from
    rests_on = with_version(provenance(own.rules, rates, name, provisional=provisional))
    results = _every_row(dataset, evaluation, names_in(dataset, frame.columns, {}))
    others = results.select(name for name in results.columns if name not in keys.columns)
    return Calculated(keys.hstack(others) if keys.width else others, rests_on)


def _keys(topic: Topic) -> list[str]:
    """Names of columns that an answer echoes: the caller's own ids, and the dataset's keys among the results."""
    texts = [column.name for column in topic.dataset.columns if column.holds is Holds.TEXT]
    return [ROW_ID, *(name for name in texts if name in topic.dataset.results)]


def written(calculated: Calculated) -> Iterator[bytes]:
    """Yield the stream of an answer in pieces."""
    table = calculated.frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    table = table.replace_schema_metadata({b"puccalc": json.dumps(calculated.rests_on).encode()})
    buffer = io.BytesIO()
    with pa.ipc.new_stream(buffer, table.schema) as stream:
        for batch in table.to_batches(max_chunksize=_PART_ROWS):
            stream.write_batch(batch)
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def frame_of(raw: bytes, topic: Topic, rows_max: int) -> pl.DataFrame:
    """Read a stream.

    Args:
        raw: The body, an Arrow IPC stream.
        topic: The topic whose columns it has.
        rows_max: Most rows that are accepted.

    Raises:
        Problem: The body is not such a stream, is compressed, has too many rows, or a column that is unknown.
    """
    try:
        check_messages(raw, rows_max)
        with pa.ipc.open_stream(pa.py_buffer(raw)) as reader:
            check_schema(reader.schema, topic)
            batches = list(reader)
            for batch in batches:
                batch.validate(full=True)
            table = pa.Table.from_batches(batches, reader.schema)
    except (pa.ArrowException, BadMessageError, OSError, ValueError, IndexError):
        raise Problem("malformed-body", [Item("", "not_arrow")]) from None
    frame = pl.from_arrow(table)
    if not isinstance(frame, pl.DataFrame):  # one column without a name: check_schema knows every name
        raise Problem("malformed-body", [Item("", "not_arrow")])
    return frame


def _day(topic: Topic, query: ArrowOptions, frame: pl.DataFrame) -> date:
    """Return the date whose rules apply: the query's, else the last of the rows' own dates, else today."""
    given = query.as_of_date or query.through_date
    if given is None and topic.needs_day:
        raise Problem("invalid-values", [Item(f"/{topic.day}", "missing_value")])
    if given is None and topic.day_of_each_row and topic.day in frame.columns:
        through = frame[topic.day]
        if through.dtype == pl.Date and through.len() > through.null_count():
            days = through.cast(pl.Int32).drop_nulls().to_numpy()
            first, last = (to_date(min(max(int(day), FIRST_DAY), LAST_DAY)) for day in (days.min(), days.max()))
            changes = [law.last_change(each, topic.rules, query.jurisdiction) for each in (first, last)]
            if changes[0] != changes[1]:
                detail = (
                    "rows lie on both sides of a change of the rules; send them apart, or give one day in the query"
                )
                raise Problem("invalid-values", [Item(f"/{topic.day}", "conflict", detail)])
            return last
    return given or topics.today()


def _every_row(dataset: Dataset, evaluation: Evaluation, names: Mapping[str, str]) -> pl.DataFrame:
    """Add null rows for refused rows, and the reasons with their columns."""
    words = pl.selectors.enum() | pl.selectors.categorical()
    results = evaluation.results.with_columns(words.cast(pl.String))
    good = evaluation.reasons == 0
    if not good.all():
        place = pl.Series(np.cumsum(good) - 1)
        at = pl.select(pl.when(pl.Series(good)).then(place)).to_series()
        results = results.select(pl.all().gather(at))
    refused = refused_rows(dataset, evaluation.reasons, evaluation.refusals, names)
    return results.with_columns(_at_places(texts, refused.places, good.size) for texts in refused.texts())


def _at_places(texts: pl.Series, places: Int64, rows: int) -> pl.Series:
    """Spread lists, none of them empty, over all rows: the places' rows have theirs, every other row an empty one."""
    offsets = np.zeros(rows + 1, dtype=np.int64)
    offsets[places + 1] = texts.list.len().to_numpy()
    lists = pa.LargeListArray.from_arrays(np.cumsum(offsets), texts.explode(empty_as_null=False).to_arrow())
    return pl.Series(texts.name, lists)
