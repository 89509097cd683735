"""Numbered placeholders instead of what identifies people, before text leaves the machine; it reduces exposure, no more."""
