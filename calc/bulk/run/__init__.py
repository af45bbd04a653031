"""A night from its job to its manifest: datasets in order, dry run, checkpoints and resuming."""
