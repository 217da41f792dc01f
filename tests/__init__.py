"""Everything that holds the platform to its word."""
