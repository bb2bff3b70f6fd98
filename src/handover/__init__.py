"""The format which the station and the server both speak. Pure: no I/O, no framework."""
