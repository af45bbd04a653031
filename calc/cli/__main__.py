"""`python -m calc.cli`, the command `puccalc`."""

from calc.cli import main

if __name__ == "__main__":
    main()
