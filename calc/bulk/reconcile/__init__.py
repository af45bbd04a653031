"""Control totals: of parts, of written files, rolled forward from the night before, and what they rest on."""
