"""Encrypted objects and the keys that open them: keep, read back, open, shred."""
