"""Database, transactions, files, events and long work: everything below business meaning."""
