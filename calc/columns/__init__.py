"""Calculate by column, one calculator per topic: frame -> row gate -> arrays -> kernel -> frame."""

from calc.columns import deposit_limit, fixed_credit, interest, unclaimed

__all__ = ["deposit_limit", "fixed_credit", "interest", "unclaimed"]
