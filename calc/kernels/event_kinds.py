"""Name the kinds of a deposit's dated events; arrays hold their codes."""

from typing import Final

EVENTS: Final = ("principal", "posting", "owed")
PRINCIPAL, POSTING, OWED = range(3)
