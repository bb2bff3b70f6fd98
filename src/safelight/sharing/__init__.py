"""Second opinions: a colleague is asked, opens covered copies, answers; the asker can take it all back."""
