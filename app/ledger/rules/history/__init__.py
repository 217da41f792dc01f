"""Past use from another system: reading its rows, holding them against each other, and the report."""
