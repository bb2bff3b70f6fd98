"""How a command ends: fine, something is bad, usage, try later (sysexits EX_TEMPFAIL)."""

FINE, BAD, USAGE, LATER = 0, 1, 2, 75
