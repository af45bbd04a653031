"""Kinds of the dated events of a deposit, by their codes in arrays."""

from typing import Final

EVENTS: Final = ("principal", "posting", "owed")
PRINCIPAL, POSTING, OWED = range(3)
