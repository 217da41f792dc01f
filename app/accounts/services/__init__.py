"""The verbs of accounts, one module per matter."""
