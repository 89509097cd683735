"""Fetches recordings from addresses that people give, and never from an address that they must not reach through us."""
