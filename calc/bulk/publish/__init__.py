"""Frames to files that are whole or not there: parts, quarantine, the output folder, results read back."""
