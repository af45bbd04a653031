"""Rates that people decided: published by the Commission, or approved in the user's register."""
