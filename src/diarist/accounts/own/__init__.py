"""The account of whoever asks: what holds for it."""
