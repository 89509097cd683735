"""Diarist: talk, and it is written; every sentence can be played back as the moment it came from."""

__version__ = "0.1.0"
