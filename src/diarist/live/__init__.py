"""Tells whoever is connected what happens, as it happens."""
