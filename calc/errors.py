"""Define every error that reaches a user, with its exit code, and every reason for which a row is quarantined."""

from collections.abc import Mapping
from enum import IntFlag
from typing import Final


class PuccalcError(Exception):
    """Base of all errors shown to a user; the text says what is wrong, where, and what to do.

    `exit_code` is the command's exit status.
    """

    exit_code: int = 1


class ExtraMissingError(PuccalcError):
    """A command whose optional packages are not installed; the text says how to install them."""


class UsageError(PuccalcError):
    """Report a command, option or argument that cannot be accepted (exit code 2)."""

    exit_code = 2


class NoRuleError(UsageError):
    """Report a topic for which a jurisdiction has no rule (exit code 2)."""

    def __init__(self, jurisdiction: str, topic: str) -> None:
        """Store the jurisdiction and the topic."""
        super().__init__(
            f"{jurisdiction} has no rule for {topic.replace('_', ' ')}: `puccalc jurisdictions` shows what each has"
        )
        self.jurisdiction = jurisdiction
        self.topic = topic


class InputError(PuccalcError):
    """Report an input that cannot be read or has the wrong schema (exit code 3)."""

    exit_code = 3


class ColumnError(InputError):
    """Report columns that are missing or whose type cannot hold their values (exit code 3).

    `columns` maps each column, under the contract's name, to what is wrong with it.
    """

    def __init__(self, message: str, columns: Mapping[str, str]) -> None:
        """Store the message and what is wrong, by the contract's name of the column."""
        super().__init__(message)
        self.columns = columns


class DataError(InputError):
    """Report a shipped or configured data file that is missing, damaged or breaks its schema (exit code 3)."""


class PublishRefusedError(PuccalcError):
    """Report that the work was done but its result is not published (exit code 4)."""

    exit_code = 4


class OutputError(PuccalcError):
    """Report an output that cannot be written (exit code 5)."""

    exit_code = 5


class OutputLockedError(PuccalcError):
    """Report that another run holds the output (exit code 6)."""

    exit_code = 6


class RatesMissingError(PuccalcError):
    """Report that no rate can be given: a source is down or a window of months is incomplete (exit code 7).

    `missing_months` names the gaps (YYYY-MM).
    """

    exit_code = 7

    def __init__(self, message: str, missing_months: tuple[str, ...] = ()) -> None:
        """Store the message and the months that are missing (YYYY-MM)."""
        super().__init__(message)
        self.missing_months = missing_months


class RowError(PuccalcError):
    """Report a single row, as in a quote, that the row gate or the rules refuse (exit code 2).

    `reasons` are the contract's reason codes.
    """

    exit_code = 2

    def __init__(self, message: str, reasons: tuple[str, ...]) -> None:
        """Store the message and the reason codes."""
        super().__init__(message)
        self.reasons = reasons


class Reason(IntFlag):
    """Reasons for which a row is quarantined, one bit each, so that all of a row's reasons fit in one int64.

    The names are the contract's codes.
    """

    missing_value = 1
    not_a_number = 2
    too_many_decimals = 4
    negative_amount = 8
    out_of_range = 16
    bad_date = 32
    date_order = 64
    unknown_value = 128
    bad_line = 256
    duplicate_key = 512
    negative_balance = 1024
    bad_transaction = 2048
    unknown_deposit = 4096
    depends_on_quarantined = 8192
    no_rate_in_force = 16384
    no_rule_band = 32768
    share_outside_band = 65536
    unknown_participant = 131072


REASON_TEXTS: Final[dict[Reason, str]] = {
    Reason.missing_value: "a required column is null or blank, or the line is too short",
    Reason.not_a_number: "not a plain decimal number, or a fraction of a cent in a column of cents",
    Reason.too_many_decimals: "more than two decimals of a dollar",
    Reason.negative_amount: "below zero where that is not allowed",
    Reason.out_of_range: "beyond the bounds of the column or of the rules",
    Reason.bad_date: "not a date written YYYY-MM-DD, or not a day of the calendar",
    Reason.date_order: "paid, remitted, service ended or order payable before it was received",
    Reason.unknown_value: "not one of the words, or not of the form, that the column may hold",
    Reason.bad_line: "a line that cannot be split into columns or decoded",
    Reason.duplicate_key: "the key occurs more than once in the dataset",
    Reason.negative_balance: "refunds exceed the balance held",
    Reason.bad_transaction: "a transaction of this deposit is quarantined",
    Reason.unknown_deposit: "no deposit with this id is in the deposits",
    Reason.depends_on_quarantined: "a row that this one rests on is quarantined",
    Reason.no_rate_in_force: "an earning day lies outside the rate table",
    Reason.no_rule_band: "the rule knows no share of income for this kind of account",
    Reason.share_outside_band: "the share of income lies outside the rule's band",
    Reason.unknown_participant: "no participant with this id and service is in the participants",
}


def reason_codes(mask: int) -> list[str]:
    """List the codes of a bitmask of reasons, in the contract's order."""
    return [reason.name for reason in Reason if mask & reason and reason.name]
