"""The verbs of organisations, one module per matter."""
