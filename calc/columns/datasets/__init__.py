"""Declare the datasets, one kind per module; `calc.columns.contract` is the table of them."""
