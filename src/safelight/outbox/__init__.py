"""Effects promised inside a transaction and carried out after it."""
