"""The service: parses, calls calc.columns, renders. No arithmetic."""
