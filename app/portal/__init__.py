"""Pages that cross capabilities: home, find, an instrument with its price and free time."""
