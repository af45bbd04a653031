"""What the steps of a night have in common: the job, its law, its inputs, and where its run goes."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from calc.bulk.inputs.source import Source
from calc.bulk.publish.output import Run
from calc.bulk.reconcile.readings import Readings
from calc.bulk.run.job import NightlyJob
from calc.bulk.run.outcome import Progress
from calc.bulk.shuffle.key_index import KeyIndexes
from calc.rates.computing.table import RateTable
from calc.rules.resolve import Rules


class Night(NamedTuple):
    """A run under way; `keys` are made with one seed, and another night begins where it tells keys not apart."""

    job: NightlyJob
    rules: Rules
    rates: RateTable
    sources: Mapping[str, Source]
    run: Run
    keys: KeyIndexes
    report: Callable[[Progress], None]
    readings: Readings
