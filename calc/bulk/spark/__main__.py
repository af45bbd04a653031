"""`python -m calc.bulk.spark`, see `calc.bulk.spark.command`."""

import sys

from calc.bulk.spark.command import main

if __name__ == "__main__":
    sys.exit(main())
