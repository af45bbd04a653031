"""Every error that reaches a user, with its exit code, and every reason for which a row is quarantined."""

from collections.abc import Mapping
from enum import IntFlag
from typing import Final


class PuccalcError(Exception):
    """An error whose text says what is wrong, where, and what to do. `exit_code` is the command's exit status."""

    exit_code: int = 1


class UsageError(PuccalcError):
    """A command, option or argument that cannot be taken."""

    exit_code = 2


class InputError(PuccalcError):
    """An input that cannot be read or has the wrong schema."""

    exit_code = 3


class ColumnError(InputError):
    """Columns that are missing, or whose type cannot hold their values; `columns` says of each what is wrong."""

    def __init__(self, message: str, columns: Mapping[str, str]) -> None:
        """Keep the message and what is wrong by the contract's name of the column."""
        super().__init__(message)
        self.columns = columns


class DataError(InputError):
    """A shipped or configured data file that is missing, damaged or breaks its schema."""


class PublishRefusedError(PuccalcError):
    """The work was done but its result is not published."""

    exit_code = 4


class OutputError(PuccalcError):
    """The output cannot be written."""

    exit_code = 5


class OutputLockedError(PuccalcError):
    """Another run holds the output."""

    exit_code = 6


class RatesMissingError(PuccalcError):
    """No rate can be given: a source is down or a window incomplete. `missing_months` names the gaps (YYYY-MM)."""

    exit_code = 7

    def __init__(self, message: str, missing_months: tuple[str, ...] = ()) -> None:
        """Keep the message and the months that are missing."""
        super().__init__(message)
        self.missing_months = missing_months


class RowError(PuccalcError):
    """A single row, as in a quote, that the gate or the rules refuse. `reasons` are the codes of the contract."""

    exit_code = 2

    def __init__(self, message: str, reasons: tuple[str, ...]) -> None:
        """Keep the message and the reason codes."""
        super().__init__(message)
        self.reasons = reasons


class Reason(IntFlag):
    """Why a row is quarantined; one bit each, so that a row's reasons are one int64. Names are the contract's codes."""

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
}


def reason_codes(mask: int) -> list[str]:
    """Codes of a bitmask of reasons, in the contract's order."""
    return [reason.name for reason in Reason if mask & reason and reason.name]
