"""Explain a row's result: the figures that are shown, the steps that lead there, and other readings."""
