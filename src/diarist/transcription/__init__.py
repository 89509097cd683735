"""From a recording to its transcript: cut, hear, merge."""
