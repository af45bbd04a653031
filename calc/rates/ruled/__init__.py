"""Rates of the jurisdictions by their rules as data: series, windows, periods, tables, and what they rest on."""
