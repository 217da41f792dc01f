"""Pure rules and values: no database, no clock, no network."""
