"""Monthly Treasury averages of FRED: the shipped series, a download, its review, and the snapshot in use."""
