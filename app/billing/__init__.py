"""What services cost, and what was invoiced and received."""
