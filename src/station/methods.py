"""How a card was erased, as its certificate says it."""

FILLED = "overwrite in place, unlink, fill free space"
FILES = "overwrite in place, unlink"
DISCARDED = "discard, read all of the medium, new file system"
OVERWRITTEN = "overwrite and read all of the medium, new file system"
WHOLE = frozenset({DISCARDED, OVERWRITTEN})
