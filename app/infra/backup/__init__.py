"""Backing up and restoring: the database, the uploaded files, and a manifest with the digest of each."""
