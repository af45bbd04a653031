"""Stage 1: monthly Treasury averages -> the yearly deposit rate -> the table of rates by effective date."""
