"""What concerns more than one row: repeated keys, and rows that are spilled to the part of another dataset."""
