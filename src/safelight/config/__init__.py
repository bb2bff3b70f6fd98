"""Settings, the doors, middleware and wiring: the only top."""
