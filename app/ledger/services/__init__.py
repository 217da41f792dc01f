"""Bringing past use into the ledger, and standing for it."""
