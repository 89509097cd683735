"""Recordings: the audio a person gave us, immutable and known by its hash."""
