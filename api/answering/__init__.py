"""Validated rows to answers: the rules in force, JSON and Arrow batches, and what is said of a refused row."""
