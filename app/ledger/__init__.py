"""The append-only service ledger."""
