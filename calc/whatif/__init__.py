"""The same portfolio of participants under changed parameters, side by side."""
