"""What the platform asks of the database, and how long it takes."""
