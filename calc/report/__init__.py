"""Stage 6: results that a person can check: steps with their figures and citations."""
