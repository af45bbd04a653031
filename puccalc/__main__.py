"""`python -m puccalc` is the command `puccalc`."""

from calc.cli import main

main()
