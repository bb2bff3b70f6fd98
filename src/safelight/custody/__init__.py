"""Who holds which camera and card, and where each frame's bytes are, from card to vault."""
