"""Stage 6: explain results so that a person can check them, in steps with figures and citations."""
