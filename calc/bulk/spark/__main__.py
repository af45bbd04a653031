"""`python -m calc.bulk.spark`, see `calc.bulk.spark.command`."""

import sys
from importlib import import_module

from calc.errors import ExtraMissingError
from calc.extras import require


def main() -> int:
    """Run the job; 1 with a message where pyspark is not installed."""
    try:
        require("spark", "The nightly run on Spark")
    except ExtraMissingError as error:
        sys.stderr.write(f"Error: {error}\n")
        return error.exit_code
    code: int = import_module("calc.bulk.spark.command").main()
    return code


if __name__ == "__main__":
    sys.exit(main())
