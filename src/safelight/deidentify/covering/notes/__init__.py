"""Where files of each kind carry what is not the picture. Only for the worker."""
