"""The demonstration: an invented hospital on loopback over the embedded database, with an invented camera to photograph with."""
