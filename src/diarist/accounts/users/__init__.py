"""People, and what they are in an account."""
