"""Schemes, rounds and scores of the yearly comprehensive evaluation (Art. 13)."""
