"""Declare the topics of quotes, batches and pages, one module each; `table.py` names them all."""
