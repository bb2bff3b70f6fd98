"""Covered copies: what identifies a patient in a photo is found, decided by a person, and burned out."""
