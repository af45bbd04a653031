"""Stage 3: integer columns -> integer columns. Nothing but NumPy and Numba; no I/O, no objects."""
