"""Datasets, declared one kind a module; `calc.columns.contract` is the table of them."""
