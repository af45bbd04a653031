"""Carry requests and answers: keys, scopes, limits, sessions, problems, logs and counters; nothing of what is asked."""
