"""Stage 1: turn monthly Treasury averages into the yearly deposit rate and the table of rates by effective date."""
