"""Signing in by OpenID Connect, without passwords of our own."""
