"""Buses that carry events."""
