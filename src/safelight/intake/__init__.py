"""Matching frames to slate, patient and consent; the tray for those that cannot be filed by themselves."""
