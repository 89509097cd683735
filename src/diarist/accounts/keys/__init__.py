"""API keys: what programs show to be let in."""
