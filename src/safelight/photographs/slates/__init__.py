"""The slate: the symbol that is photographed first and says whose the photographs after it are."""
