"""The pure core of the ledger: the facts of a service, and what counts, where and why not."""
