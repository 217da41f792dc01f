"""Instruments and facilities: what they are, when they are open, how to find them."""
