"""Webhooks: what happens is told to the addresses that an account has named, signed and at least once."""
