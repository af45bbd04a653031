"""The HTTP service: parses requests, calls calc.columns, renders answers. It does no arithmetic."""
