"""Compute the yearly rate and the table of rates by effective date, from months and decided rates."""
