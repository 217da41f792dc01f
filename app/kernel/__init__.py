"""Pure value types that every feature shares; the standard library only."""
