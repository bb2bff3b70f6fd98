"""The process in which finders look at photographs, behind walls of its own: pixels are decoded there and never leave it."""
