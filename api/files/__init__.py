"""Hold uploaded files for their owners for a while, and have each worked on by a process that is bounded."""
