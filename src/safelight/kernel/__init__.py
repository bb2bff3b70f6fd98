"""Words that every package uses. No Django, no domain."""
