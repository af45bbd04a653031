"""The last judgement before results are published: whether too many rows are bad."""

from collections.abc import Mapping
from fractions import Fraction

from calc.errors import PublishRefusedError


def check_bad_share(
    dataset: str, rows_in: int, quarantined: int, reasons: Mapping[str, int], max_bad_share: Fraction
) -> None:
    """PublishRefusedError where the share of a dataset's rows that is quarantined is above the limit; names reasons."""
    if quarantined > max_bad_share * rows_in:
        by_count = sorted(reasons.items(), key=lambda each: -each[1])
        raise PublishRefusedError(
            f"{quarantined} of {rows_in} rows of {dataset} are bad ({quarantined / rows_in:.2%}, more than the "
            f"{float(max_bad_share):.2%} allowed): {', '.join(f'{count} {code}' for code, count in by_count)}; nothing "
            "is published"
        )
