"""Stage 4: one calculator a topic: frame -> row gate -> arrays -> kernel -> frame."""

from calc.columns import deposit_limit, fixed_credit, interest, unclaimed

__all__ = ["deposit_limit", "fixed_credit", "interest", "unclaimed"]
