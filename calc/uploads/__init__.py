"""Recalculate one uploaded file: its tables and the map proposed for each, then results and lists to take away."""
