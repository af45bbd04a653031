"""Exact deposit, rate, unclaimed-monies and bill-credit figures under the Colorado PUC rules."""
