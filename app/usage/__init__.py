"""What really happened on an instrument."""
