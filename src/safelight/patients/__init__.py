"""Who a photograph is of: identity, numbers, the directory."""
