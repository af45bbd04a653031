"""Serve the staff pages: the rate, the calculators and the rules. Plain HTML, no script, nothing from outside."""
