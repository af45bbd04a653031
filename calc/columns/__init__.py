"""Stage 4: one calculator a topic: frame -> row gate -> arrays -> kernel -> frame."""
