"""Name the kinds and words of a participant's dated events; arrays hold their codes."""

from typing import Final

KINDS: Final = (
    "move",
    "heating",
    "regulated_gas",
    "income",
    "rate_change",
    "leap_grant",
    "missed_payment",
    "partial_payment",
    "payment",
    "budget_billing",
    "exit",
    "move_out",
)
"""Kinds in the order in which events of one day act; those through `rate_change` re-base the credits."""
(
    MOVE, HEATING, REGULATED_GAS, INCOME, RATE_CHANGE, LEAP_GRANT, MISSED_PAYMENT, PARTIAL_PAYMENT, PAYMENT,
    BUDGET_BILLING, EXIT, MOVE_OUT,
) = range(12)  # fmt: skip

HEATS: Final = ("electric", "gas", "other")
"""Words of a primary heat; their codes are those of the participants' column."""
SAYS_YES: Final = ("true", "on")
SAYS_NO: Final = ("false", "off")
WORDS: Final = (*HEATS, *SAYS_YES, *SAYS_NO)
NO_WORD: Final = -1
FIRST_YES, FIRST_NO = len(HEATS), len(HEATS) + len(SAYS_YES)

CAUSES: Final = (*KINDS, "not_due")
"""What a bill's figures come from: kinds of events, and a change of rates that is below the rule's quarter."""
NOT_DUE: Final = len(KINDS)
