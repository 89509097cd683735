"""Who owns the data."""
