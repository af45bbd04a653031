"""Compare figures: another's with ours (audit), and one night's with another's (diff)."""
