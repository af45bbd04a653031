"""Input files to parts of frames: what a file holds, how an extract is written, whether it was damaged."""
