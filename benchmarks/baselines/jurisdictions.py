"""No baselines of other jurisdictions' clauses: the exact twin walks day by day and the engines have no such loop."""

from typing import Final

from benchmarks.harness import Baselines

_NONE: Final = "no engine has these clauses; the twin in tests/reference checks them"
CLAUSE_INTEREST: Final[Baselines] = dict.fromkeys(("NumPy", "Polars", "DuckDB", "Python"), _NONE)
CLAUSE_LIMIT: Final[Baselines] = dict.fromkeys(("NumPy", "Polars", "DuckDB", "Python"), _NONE)
