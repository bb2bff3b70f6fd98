"""Who may see whom: care relationships and break-glass."""
