"""A year's deposit rate for the Commission: worksheet, letter and charts, and their verification."""
