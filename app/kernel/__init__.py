"""Pure value types that every room shares; the standard library only."""
