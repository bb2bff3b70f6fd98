"""What the patient agreed to, in which words, and whether it still stands."""
