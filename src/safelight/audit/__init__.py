"""The ledger: what happened, in an append-only, tamper-evident list."""
