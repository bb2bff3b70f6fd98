"""People who work here: accounts, wards, sign-in."""
