"""What every page shares: the header, the home page, the answers to refusals."""
