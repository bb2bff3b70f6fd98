"""The program beside the card reader: read, offer, fetch the receipt, erase exactly what it names, prove it."""
