"""The staff page: the rate, the calculators and the rules for people. Plain HTML, no script, nothing from outside."""
