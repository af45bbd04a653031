"""The last judgement before results are published: whether too many rows are bad."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from calc.bulk.publish.by_column import as_text
from calc.errors import PublishRefusedError


def check_bad_share(
    dataset: str, rows_in: int, quarantined: int, by_column: Sequence[Mapping[str, Any]], max_bad_share: Fraction
) -> None:
    """PublishRefusedError where the share of a dataset's rows that is quarantined is above the limit.

    Its message names columns, reasons and their first rows, from `by_column` as the manifest has them.
    """
    if quarantined > max_bad_share * rows_in:
        raise PublishRefusedError(
            f"{quarantined} of {rows_in} rows of {dataset} are bad ({quarantined / rows_in:.2%}, more than the "
            f"{float(max_bad_share):.2%} allowed): {as_text(by_column)}; nothing is published"
        )
